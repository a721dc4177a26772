/* wait: waitid(2), by the pidfd where there is one */

#include "spawn/wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/child.h"
#include "spawn/error.h"
#include "spawn/packet.h"

#define NR_PIDFD_SEND_SIGNAL 424	/* 5.1 */

/* Without a pidfd waitid(2) is asked so often: milliseconds. */
#define ASK_EVERY 10

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* By pidfd since Linux 5.4; by number it may be another child by then. */
static int ask_kernel(const struct init_shim_container *container,
		      siginfo_t *info)
{
	/* before it was the shim it would not send SIGCHLD: __WALL */
	const int options = WEXITED | WNOHANG | __WALL;

	if (container->pidfd >= 0 &&
	    waitid((idtype_t)P_PIDFD, (id_t)container->pidfd, info,
		   options) == 0)
		return 0;
	if (container->pidfd >= 0 && errno != EINVAL)
		return -1;
	return waitid(P_PID, (id_t)container->pid, info, options);
}

static int ask(const struct init_shim_container *container, siginfo_t *info)
{
	int result;

	info->si_pid = 0;
	do
		result = ask_kernel(container, info);
	while (result < 0 && errno == EINTR);
	return result < 0 ? -1 : info->si_pid != 0;
}

static void keep_status(struct init_shim_container *container,
			const siginfo_t *info)
{
	bool exited = info->si_code == CLD_EXITED;

	container->ended = true;
	container->status.exit_code = exited ? info->si_status : -1;
	container->status.signal = exited ? 0 : info->si_status;
}

/* Something may have happened; false: the time is over. */
static bool pass_time(const struct init_shim_container *container,
		      int64_t deadline)
{
	int left = packet_left(deadline);

	if (container->pidfd >= 0)
		return packet_wait(container->pidfd, deadline);
	if (left < 0 || left > ASK_EVERY)
		poll(NULL, 0, ASK_EVERY);
	else
		poll(NULL, 0, left);
	return left != 0;
}

/* Returns 1: it has ended; 0: not in time; -1 with errno. */
static int wait_until(struct init_shim_container *container, int64_t deadline)
{
	siginfo_t info;
	int result;

	while (!container->ended) {
		result = ask(container, &info);
		if (result < 0)
			return -1;
		if (result > 0)
			keep_status(container, &info);
		else if (!pass_time(container, deadline))
			return 0;
	}
	return 1;
}

int init_shim_wait(struct init_shim_container *container, int timeout,
		   struct init_shim_status *status,
		   struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };
	int result = wait_until(container, packet_deadline(timeout));

	if (result < 0) {
		attempt(&why, NULL, WHOLE, "wait for the container", NULL);
		failed(&why, "waitid");
		return error_tell(error, &why);
	}
	if (result > 0 && status)
		*status = container->status;
	return result;
}

static int send_signal(struct init_shim_container *container, int signal)
{
	if (container->ended) {
		errno = ESRCH;
		return -1;
	}
	if (container->pidfd >= 0) {
		if (syscall(NR_PIDFD_SEND_SIGNAL, container->pidfd, signal,
			    NULL, 0) == 0)
			return 0;
		if (errno != ENOSYS)
			return -1;
	}
	return kill(container->pid, signal);
}

int init_shim_kill(struct init_shim_container *container, int signal,
		   struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };

	if (send_signal(container, signal) == 0)
		return 0;
	attempt(&why, NULL, WHOLE, "send a signal to the container", NULL);
	failed(&why, container->pidfd >= 0 ? "pidfd_send_signal" : "kill");
	return error_tell(error, &why);
}

static void end(struct init_shim_container *container)
{
	send_signal(container, SIGKILL);
	wait_until(container, -1);
}

/* "it exited with status 3" */
static const char *tell_end(const struct init_shim_container *container,
			    char *text, size_t size)
{
	if (!container->ended)
		format_text(text, size, "somebody else has waited for it");
	else if (container->status.signal)
		format_text(text, size, "signal %d killed it",
			    container->status.signal);
	else
		format_text(text, size, "it exited with status %d",
			    container->status.exit_code);
	return text;
}

int wait_for_silent_death(struct init_shim_container *container,
			  struct init_shim_error **error)
{
	char message[160], how[96];

	/* one that is on its way out keeps its status */
	end(container);
	format_text(message, sizeof(message),
		    "cannot spawn the container: the shim died and said "
		    "nothing: %s",
		    tell_end(container, how, sizeof(how)));
	error_give(error, &(struct init_shim_error){
		.origin = INIT_SHIM_DIED,
		.message = message,
		.stage = "spawn",
		.exit_code = container->status.exit_code,
		.signal = container->status.signal,
	});
	return -1;
}

pid_t init_shim_pid(const struct init_shim_container *container)
{
	return container->pid;
}

int init_shim_pidfd(const struct init_shim_container *container)
{
	return container->pidfd;
}

/* Did it become the target, which perhaps nobody has heard yet? */
static bool is_running(struct init_shim_container *container)
{
	struct init_shim_message message;

	while (!container->running && !container->ended &&
	       init_shim_next(container, 0, &message, NULL) > 0)
		fd_close(&message.fd);
	return container->running;
}

void init_shim_free(struct init_shim_container *container)
{
	if (!container)
		return;
	if (container->pid && !is_running(container))
		end(container);
	fd_close(&container->pidfd);
	fd_close(&container->socket);
	free(container);
}
