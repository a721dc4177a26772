/* run_guard: a child that reads from a pipe to which nobody writes */

#include "run_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"

#define ALIVE 0
#define CONTAINER 1

/* Who else holds an end of our pipes would keep them from ending. */
static void keep_two(int alive, int container)
{
	int fd, last = (int)sysconf(_SC_OPEN_MAX);

	/* both are above: the standard streams are open */
	dup2(alive, ALIVE);
	dup2(container, CONTAINER);
	if (syscall(SYS_close_range, CONTAINER + 1, ~0U, 0) < 0)
		for (fd = CONTAINER + 1; fd < last; fd++)
			close(fd);
}

/* What is sent to all of our group is not for it: only SIGKILL ends it. */
static _Noreturn void watch_over(int alive, int container)
{
	sigset_t all;
	char none;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	keep_two(alive, container);
	while (read(ALIVE, &none, 1) < 0 && errno == EINTR)
		;
	syscall(SYS_pidfd_send_signal, CONTAINER, SIGKILL, NULL, 0);
	_exit(0);
}

int run_guard_start(struct run_guard *guard, int container,
		    struct failure *why)
{
	autoclose int reader = -1;
	int ends[2];

	*guard = (struct run_guard){ 0, -1 };
	if (container < 0)
		return 0;
	attempt(why, NULL, WHOLE, "watch over the container", NULL);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return failed(why, "pipe2");
	reader = ends[0];
	guard->alive = ends[1];
	guard->pid = fork();
	if (guard->pid < 0) {
		guard->pid = 0;
		return failed(why, "fork");
	}
	if (guard->pid == 0)
		watch_over(reader, container);
	return 0;
}

void run_guard_stop(struct run_guard *guard)
{
	if (!guard->pid)
		return;
	kill(guard->pid, SIGKILL);
	while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
		;
	fd_close(&guard->alive);
	guard->pid = 0;
}
