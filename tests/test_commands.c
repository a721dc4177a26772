/* commands: what a command is given, and how its end is told */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/abi.h"
#include "lacking.h"
#include "running.h"

extern char **environ;

/* This program as a command (main) says what it was given and exits with 1. */
static int tell(char **argv)
{
	char here[256];
	int fd;

	printf("args");
	for (; *argv; argv++)
		printf(" %s", *argv);
	printf(", env");
	for (; *environ; environ++)
		printf(" %s", *environ);
	printf(", dir %s, fds", getcwd(here, sizeof(here)));
	for (fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	printf(", session %d", getsid(0) == getpid());
	return 1;
}

static void a_command_that_succeeds_is_silent(void **state)
{
	(void)state;
	assert_string_equal(run_shell("echo nothing; exit 0", NULL, 0), "");
	assert_string_equal(run_shell("exec true", NULL, 5), "");
}

static void it_gets_what_is_planned_and_nothing_else(void **state)
{
	const struct command command = {
		.path = "/proc/self/exe",
		.args = (char *[]){ "tell", "a b", "", NULL },
		.env = (char *[]){ "A=1", "B=", NULL },
		.dir = "/usr",
	};

	(void)state;
	assert_string_equal(run(&command, NULL),
			    "cannot run /proc/self/exe: exited with 1: "
			    "args tell a b , env A=1 B=, dir /usr, "
			    "fds 0 1 2, session 1 (plan item /mounts/3)");
}

static void its_stdin_is_null(void **state)
{
	(void)state;
	assert_string_equal(run_shell("stat -Lc %t:%T /dev/fd/0; exit 1",
				      NULL, 0),
			    "exited with 1: 1:3");
}

static void its_stdin_is_the_input(void **state)
{
	(void)state;
	assert_string_equal(run_shell("cat; exit 1", "{\"id\":\"x\"}", 0),
			    "exited with 1: {\"id\":\"x\"}");
}

/* Where SIGCHLD is ignored nobody could be waited for. */
static void signals_that_we_ignore_are_at_their_default(void **state)
{
	sigset_t blocked;

	(void)state;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);

	run_shell("grep -E 'Sig(Blk|Ign)' /proc/self/status | tr -d '\\t\\n'; "
		  "exit 1", NULL, 5);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);

	assert_string_equal(running_why.detail, "exited with 1: "
			    "SigBlk:0000000000000000SigIgn:0000000000000000");
}

static void it_need_not_read_its_input(void **state)
{
	size_t length = 1 << 20;
	char *input = malloc(length + 1);

	(void)state;
	memset(input, 'x', length);
	input[length] = '\0';
	assert_string_equal(run_shell("exit 0", input, 5), "");
	assert_string_equal(run_shell("wc -c; exit 1", input, 5),
			    "exited with 1: 1048576");
	free(input);
}

static const char *run_path(const char *path, const char *dir)
{
	const struct command command = {
		.path = path,
		.args = (char *[]){ "x", NULL },
		.env = (char *[]){ NULL },
		.dir = dir,
	};

	return run(&command, NULL);
}

static void a_path_that_is_missing_is_told(void **state)
{
	(void)state;
	assert_string_equal(run_path("/bin/there-is-none", "/"),
			    "cannot run /bin/there-is-none: execve: No such "
			    "file or directory (plan item /mounts/3)");
	assert_int_equal(running_why.error, ENOENT);
}

static void a_path_that_cannot_be_executed_is_told(void **state)
{
	(void)state;
	assert_string_equal(run_path("/etc", "/"),
			    "cannot run /etc: execve: Permission denied "
			    "(plan item /mounts/3)");
}

static void a_dir_that_is_missing_is_told(void **state)
{
	(void)state;
	assert_string_equal(run_path("/bin/sh", "/there-is-none"),
			    "cannot run /bin/sh: chdir: No such file or "
			    "directory: /there-is-none (plan item /mounts/3)");
}

static void its_exit_status_and_output_are_told(void **state)
{
	(void)state;
	assert_string_equal(run_shell("exit 3", NULL, 0), "exited with 3");
	assert_string_equal(run_shell("echo one; echo two >&2; exit 3",
				      NULL, 0),
			    "exited with 3: one\ntwo");
}

static void its_signal_is_told(void **state)
{
	(void)state;
	assert_string_equal(run_shell("echo bye; kill -KILL $$", NULL, 0),
			    "killed by SIGKILL (9): bye");
	assert_string_equal(run_shell("kill -USR2 $$", NULL, 0),
			    "killed by SIGUSR2 (12)");
	assert_string_equal(run_shell("kill -40 $$", NULL, 0),
			    "killed by signal (40)");
}

static void it_may_close_its_output_and_go_on(void **state)
{
	(void)state;
	assert_string_equal(run_shell("exec >&- 2>&-; sleep 0.1; exit 4",
				      NULL, 5),
			    "exited with 4");
}

static void what_it_leaves_running_is_not_waited_for(void **state)
{
	int64_t start = milliseconds();
	int status;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_string_equal(run_shell("sleep 2 & echo out; exit 3", NULL, 0),
			    "exited with 3: out");
	assert_string_equal(run_shell("sleep 2 & exit 0", NULL, 0), "");

	assert_true(milliseconds() - start < 1500);
	/* and not killed either: it may serve the mount that comes next */
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
}

static void a_command_that_takes_too_long_is_killed(void **state)
{
	int64_t start = milliseconds();

	(void)state;
	assert_string_equal(run_shell("echo so far; exec sleep 30", NULL, 1),
			    "timed out after 1 s: so far");

	assert_in_range(milliseconds() - start, 1000, 3000);
}

static void its_group_is_killed_with_it(void **state)
{
	int status = -1;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_string_equal(run_shell("sleep 30 & sleep 30", NULL, 1),
			    "timed out after 1 s");

	while (wait(&status) > 0)
		assert_int_equal(status, SIGKILL);
	assert_int_equal(status, SIGKILL);
}

static void it_is_killed_when_the_parent_goes(void **state)
{
	int64_t start = milliseconds();
	int ends[2];

	(void)state;
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
	if (fork() == 0) {
		usleep(50000);
		_exit(0);
	}
	close(ends[1]);
	running_parent = ends[0];

	assert_string_equal(run_shell("exec sleep 30", NULL, 0),
			    "the parent went away");

	running_parent = -1;
	close(ends[0]);
	wait(NULL);
	assert_true(milliseconds() - start < 1000);
}

static void what_the_parent_says_meanwhile_is_kept(void **state)
{
	char heard[8] = "";
	int ends[2];

	(void)state;
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
	assert_int_equal(send(ends[1], "abort", 5, 0), 5);
	running_parent = ends[0];

	assert_string_equal(run_shell("sleep 0.1; exit 0", NULL, 5), "");

	running_parent = -1;
	assert_int_equal(recv(ends[0], heard, sizeof(heard), 0), 5);
	close(ends[0]);
	close(ends[1]);
}

static bool its_end_is_seen_without_a_pidfd(void)
{
	return lacking(NR_PIDFD_OPEN, ENOSYS) &&
	       strcmp(run_shell("sleep 0.1; exit 0", NULL, 5), "") == 0 &&
	       strcmp(run_shell("echo out; exit 3", NULL, 0),
		      "exited with 3: out") == 0 &&
	       /* the end of its output gives no hint either */
	       strcmp(run_shell("exec >&- 2>&-; sleep 0.1; exit 3", NULL, 5),
		      "exited with 3") == 0 &&
	       strcmp(run_shell("exec sleep 30", NULL, 1),
		      "timed out after 1 s") == 0;
}

static void a_kernel_may_lack_pidfds(void **state)
{
	int status = -1;

	(void)state;
	if (fork() == 0)
		_exit(!its_end_is_seen_without_a_pidfd());
	wait(&status);

	assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		RUNNING_TEST(a_command_that_succeeds_is_silent),
		RUNNING_TEST(it_gets_what_is_planned_and_nothing_else),
		RUNNING_TEST(its_stdin_is_null),
		RUNNING_TEST(its_stdin_is_the_input),
		RUNNING_TEST(signals_that_we_ignore_are_at_their_default),
		RUNNING_TEST(it_need_not_read_its_input),
		RUNNING_TEST(a_path_that_is_missing_is_told),
		RUNNING_TEST(a_path_that_cannot_be_executed_is_told),
		RUNNING_TEST(a_dir_that_is_missing_is_told),
		RUNNING_TEST(its_exit_status_and_output_are_told),
		RUNNING_TEST(its_signal_is_told),
		RUNNING_TEST(it_may_close_its_output_and_go_on),
		RUNNING_TEST(what_it_leaves_running_is_not_waited_for),
		RUNNING_TEST(a_command_that_takes_too_long_is_killed),
		RUNNING_TEST(its_group_is_killed_with_it),
		RUNNING_TEST(it_is_killed_when_the_parent_goes),
		RUNNING_TEST(what_the_parent_says_meanwhile_is_kept),
		RUNNING_TEST(a_kernel_may_lack_pidfds),
	};

	if (argc > 0 && strcmp(argv[0], "tell") == 0)
		return tell(argv);
	return cmocka_run_group_tests(tests, running_open, NULL);
}
