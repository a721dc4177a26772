/*
 * libinit-shim: what is left when a daemon dies, when it gives up, and when
 * the kernel lacks something
 */

#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"
#include "lacking.h"

#define NR_CLONE3 435

#define SHOW JSON("process": {"args": ["/bin/show", "stat", "/"]})

/* A daemon of its own, of which only the box is left when it dies. */
static pid_t fork_daemon(struct daemon *daemon, const char *fragment,
			 int *told)
{
	int ends[2];
	pid_t pid;

	if (daemon->box->skip)
		box_skip(daemon->box->skip);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct init_shim_message message;

		daemon_spawn(daemon, fragment);
		if (!daemon->container ||
		    init_shim_next(daemon->container, 30000, &message,
				   NULL) <= 0)
			_exit(1);
		if (write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	*told = ends[0];
	return pid;
}

/* The box is the subreaper: what is left of it comes to us. */
static void shim_does_not_outlive_its_daemon(void **state)
{
	struct daemon *daemon = *state;
	autoclose int told = -1;
	pid_t pid = fork_daemon(daemon, "", &told);
	int status;
	char byte;

	assert_int_equal(read(told, &byte, 1), 1);	/* "hooks" came */
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);

	assert_true(waitpid(-1, &status, 0) > 0);
	assert_int_equal(WEXITSTATUS(status), 125);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
}

static void shim_that_is_let_go_ends(void **state)
{
	struct daemon *daemon = *state;

	daemon->how.namespaces = INIT_SHIM_MOUNT | INIT_SHIM_PID;
	daemon_spawn_text(daemon, NULL);
	assert_string_equal(daemon_error(daemon), "");
	init_shim_free(daemon->container);
	daemon->container = NULL;

	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(errno, ECHILD);
}

static void target_outlives_its_handle(void **state)
{
	struct daemon *daemon = *state;
	int status;
	pid_t pid;

	daemon_spawn(daemon, "");
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	pid = init_shim_pid(daemon->container);
	init_shim_free(daemon->container);
	daemon->container = NULL;

	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void end_is_told_as_often_as_one_asks(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_status status;

	daemon_spawn(daemon, SHOW);
	daemon_run(daemon);

	assert_int_equal(init_shim_wait(daemon->container, -1, &status, NULL),
			 1);
	assert_int_equal(init_shim_wait(daemon->container, 0, &status, NULL),
			 1);
	assert_int_equal(status.exit_code, 0);
	assert_int_equal(init_shim_kill(daemon->container, SIGKILL,
					&daemon->error), -1);
	assert_string_equal(daemon->error->name, "ESRCH");
}

static void somebody_else_who_waits_is_told(void **state)
{
	struct daemon *daemon = *state;

	daemon_spawn(daemon, SHOW);
	daemon_run(daemon);
	assert_int_equal(waitpid(-1, NULL, 0),
			 init_shim_pid(daemon->container));

	assert_int_equal(init_shim_wait(daemon->container, -1, NULL,
					&daemon->error), -1);
	assert_string_equal(daemon->error->name, "ECHILD");
}

static void pidfd_tells_the_end(void **state)
{
	struct daemon *daemon = *state;
	struct pollfd ended = { .events = POLLIN };

	daemon_spawn(daemon, "");
	daemon_run(daemon);
	ended.fd = init_shim_pidfd(daemon->container);
	assert_true(ended.fd >= 0);
	assert_int_equal(poll(&ended, 1, 0), 0);
	init_shim_kill(daemon->container, SIGKILL, NULL);

	assert_int_equal(poll(&ended, 1, 30000), 1);
	assert_string_equal(daemon_end(daemon), "signal 9");
}

/* Nothing of the caller is another after it. */
static volatile int handled;

static void handle(int number)
{
	handled = number;
}

static void signals_of_the_caller_are_left_alone(void **state)
{
	struct daemon *daemon = *state;
	struct sigaction action = { .sa_handler = handle }, before, after;
	sigset_t mask, mask_after;

	sigaction(SIGCHLD, &action, &before);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	handled = 0;
	/* each of these fails before there is a shim */
	assert_false(daemon_spawn_text(daemon, "x"));
	daemon->how.namespaces = INIT_SHIM_UTS;
	daemon->how.joins = &(struct init_shim_join){
		.type = INIT_SHIM_IPC, .path = "/proc/self/ns/net",
	};
	daemon->how.join_count = 1;
	assert_false(daemon_spawn_text(daemon, NULL));

	assert_int_equal(handled, 0);
	sigprocmask(SIG_SETMASK, NULL, &mask_after);
	assert_true(sigismember(&mask_after, SIGUSR1));
	assert_false(sigismember(&mask_after, SIGTERM));
	sigaction(SIGCHLD, &before, &after);
	assert_true(after.sa_handler == handle);
}

/* A signal handler of a daemon must not run in its child. */
static void shim_begins_with_signals_as_they_are_by_default(void **state)
{
	struct daemon *daemon = *state;
	char path[64], *text, *line;

	signal(SIGUSR1, handle);
	daemon->how.namespaces = INIT_SHIM_UTS;
	daemon_spawn_text(daemon, NULL);
	signal(SIGUSR1, SIG_DFL);
	snprintf(path, sizeof(path), "/proc/%d/status",
		 init_shim_pid(daemon->container));
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	text = box_read_all(fd);
	box_keep(daemon->box, text);

	line = strstr(text, "SigBlk:");
	assert_int_equal(strncmp(line, "SigBlk:\t0000000000000000", 24), 0);
	line = strstr(text, "SigCgt:");
	assert_int_equal(strncmp(line, "SigCgt:\t0000000000000000", 24), 0);
}

/*
 * A kernel without it.
 */

static void without(struct daemon *daemon, const long *numbers, size_t count,
		    int error, const char *fragment)
{
	pid_t pid;
	int status;

	if (daemon->box->skip)
		box_skip(daemon->box->skip);
	pid = fork();
	if (pid == 0) {
		size_t i;

		for (i = 0; i < count; i++)
			if (!lacking(numbers[i], error))
				_exit(77);
		daemon_spawn(daemon, fragment);
		if (!daemon->container || strcmp(daemon_run(daemon),
						 "hooks ready running") != 0) {
			dprintf(2, "%s\n", daemon_error(daemon));
			_exit(1);
		}
		_exit(strcmp(daemon_end(daemon), "exit 0") != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == 77)
		box_skip("this kernel has no seccomp filters");
	assert_int_equal(status, 0);
}

static const long clone3_number[] = { NR_CLONE3 };

static void without_clone3_there_is_clone(void **state)
{
	without(*state, clone3_number, 1, ENOSYS, SHOW);
}

static void refused_clone3_is_like_none(void **state)
{
	without(*state, clone3_number, 1, EPERM, SHOW);
}

static void all_that_is_newer_can_be_missing(void **state)
{
	static const long numbers[] = {
		NR_CLONE3, NR_CLOSE_RANGE, NR_PIDFD_OPEN,
		424 /* pidfd_send_signal */,
	};

	without(*state, numbers, 4, ENOSYS, SHOW);
}

static void without_execveat_there_is_a_path(void **state)
{
	static const long number[] = { SYS_execveat };

	without(*state, number, 1, ENOSYS, SHOW);
}

static void without_clone3_a_cgroup_is_entered(void **state)
{
	static const char dir[] = "/sys/fs/cgroup/unified/shim-spawn-old";
	struct daemon *daemon = *state;
	int fd;

	if (mkdir(dir, 0755) < 0)
		box_skip("there is no such hierarchy");
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	daemon->how.cgroups = &fd;
	daemon->how.cgroup_count = 1;
	without(daemon, clone3_number, 1, ENOSYS,
		JSON("hooks": {"createContainer": [{"path": "/bin/sh",
			"args": ["sh", "-c",
				 "grep shim-spawn-old /proc/self/cgroup"]}]},
		     "process": {"args": ["/bin/show", "stat", "/"]}));
	close(fd);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST_BOTH(shim_does_not_outlive_its_daemon),
		DAEMON_TEST_BOTH(shim_that_is_let_go_ends),
		DAEMON_TEST(target_outlives_its_handle),
		DAEMON_TEST(end_is_told_as_often_as_one_asks),
		DAEMON_TEST(somebody_else_who_waits_is_told),
		DAEMON_TEST(pidfd_tells_the_end),
		DAEMON_TEST(signals_of_the_caller_are_left_alone),
		DAEMON_TEST_BOTH(
			shim_begins_with_signals_as_they_are_by_default),
		DAEMON_TEST_BOTH(without_clone3_there_is_clone),
		DAEMON_TEST_BOTH(refused_clone3_is_like_none),
		DAEMON_TEST_BOTH(all_that_is_newer_can_be_missing),
		DAEMON_TEST_BOTH(without_execveat_there_is_a_path),
		DAEMON_TEST(without_clone3_a_cgroup_is_entered),
	};

	return cmocka_run_group_tests_name("spawn_end", tests, NULL, NULL);
}
