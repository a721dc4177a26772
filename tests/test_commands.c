/* commands: what a command is given, and how its end is told */

#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/abi.h"
#include "kernel/fds.h"
#include "lacking.h"

extern char **environ;

static struct failure why;
static char error[16384];
static int null_fd;
static int next_fd;		/* the lowest that is free */
static int parent = -1;

static int64_t milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int set_up(void **state)
{
	(void)state;
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	next_fd = dup(null_fd);
	close(next_fd);
	/* as sync_open() does, whatever this program has inherited */
	return null_fd < 0 || fds_close_on_exec(3, &why) < 0;
}

/* No child and no descriptor may be left by any test. */
static int nothing_is_left(void **state)
{
	int next = dup(null_fd);

	(void)state;
	close(next);
	return next != next_fd || waitpid(-1, NULL, WNOHANG) != -1 ||
	       errno != ECHILD;
}

/* The sentence; "" where the command exited with 0. */
static const char *run(const struct command *command, const char *input)
{
	attempt(&why, "/mounts", 3, "run", command->path);
	if (command_run(command, input, null_fd, parent, &why) == 0)
		return "";
	return failure_sentence(&why, error, sizeof(error));
}

/* The same of a line for the shell, but for what every sentence has. */
static const char *shell(const char *line, const char *input,
			 unsigned timeout)
{
	const struct command command = {
		.path = "/bin/sh",
		.args = (char *[]){ "sh", "-c", (char *)line, NULL },
		.env = (char *[]){ "PATH=/usr/bin:/bin", NULL },
		.dir = "/",
		.timeout = timeout,
	};
	static const char before[] = "cannot run /bin/sh: ";
	static const char after[] = " (plan item /mounts/3)";

	if (!*run(&command, input))
		return "";
	assert_int_equal(strncmp(error, before, strlen(before)), 0);
	assert_string_equal(error + strlen(error) - strlen(after), after);
	error[strlen(error) - strlen(after)] = '\0';
	return error + strlen(before);
}

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
	assert_string_equal(shell("echo nothing; exit 0", NULL, 0), "");
	assert_string_equal(shell("exec true", NULL, 5), "");
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
	assert_string_equal(shell("stat -Lc %t:%T /dev/fd/0; exit 1", NULL, 0),
			    "exited with 1: 1:3");
}

static void its_stdin_is_the_input(void **state)
{
	(void)state;
	assert_string_equal(shell("cat; exit 1", "{\"id\":\"x\"}", 0),
			    "exited with 1: {\"id\":\"x\"}");
}

static void it_need_not_read_its_input(void **state)
{
	size_t length = 1 << 20;
	char *input = malloc(length + 1);

	(void)state;
	memset(input, 'x', length);
	input[length] = '\0';
	assert_string_equal(shell("exit 0", input, 5), "");
	assert_string_equal(shell("wc -c; exit 1", input, 5),
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
	assert_int_equal(why.error, ENOENT);
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
	assert_string_equal(shell("exit 3", NULL, 0), "exited with 3");
	assert_string_equal(shell("echo one; echo two >&2; exit 3", NULL, 0),
			    "exited with 3: one\ntwo");
}

static void its_signal_is_told(void **state)
{
	(void)state;
	assert_string_equal(shell("echo bye; kill -KILL $$", NULL, 0),
			    "killed by SIGKILL (9): bye");
	assert_string_equal(shell("kill -USR2 $$", NULL, 0),
			    "killed by SIGUSR2 (12)");
	assert_string_equal(shell("kill -40 $$", NULL, 0),
			    "killed by signal (40)");
}

static void of_its_output_the_end_is_told(void **state)
{
	char expected[8192] = "exited with 1: ...";
	size_t i;

	(void)state;
	for (i = 0; i < 4092; i++)
		strcat(expected, "x");
	strcat(expected, "end");

	/* 4,096 bytes with the newline that is left out then */
	assert_string_equal(shell("head -c 1000000 /dev/zero | tr '\\0' x; "
				  "echo end; exit 1", NULL, 10), expected);
}

static void as_much_output_as_is_kept_is_told_whole(void **state)
{
	(void)state;
	shell("head -c 4096 /dev/zero | tr '\\0' x; exit 1", NULL, 10);
	assert_int_equal(strlen(why.detail), strlen("exited with 1: ") + 4096);
	shell("head -c 4097 /dev/zero | tr '\\0' x; exit 1", NULL, 10);
	assert_int_equal(strlen(why.detail),
			 strlen("exited with 1: ...") + 4096);
}

static void output_is_cut_at_a_character(void **state)
{
	(void)state;
	/* 1,366 times three bytes: the first has lost two of its three */
	shell("i=0; while [ $i -lt 1366 ]; do printf '\\342\\202\\254'; "
	      "i=$((i+1)); done; exit 1", NULL, 10);

	assert_int_equal(strncmp(why.detail, "exited with 1: ...\xe2\x82\xac",
				 21), 0);
	assert_int_equal(strlen(why.detail), 18 + 1365 * 3);
}

static void output_may_have_a_nul(void **state)
{
	(void)state;
	assert_string_equal(shell("printf 'a\\000b'; exit 1", NULL, 0),
			    "exited with 1: a?b");
}

static void it_may_close_its_output_and_go_on(void **state)
{
	(void)state;
	assert_string_equal(shell("exec >&- 2>&-; sleep 0.1; exit 4", NULL, 5),
			    "exited with 4");
}

static void what_it_leaves_running_is_not_waited_for(void **state)
{
	int64_t start = milliseconds();
	int status;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_string_equal(shell("sleep 2 & echo out; exit 3", NULL, 0),
			    "exited with 3: out");
	assert_string_equal(shell("sleep 2 & exit 0", NULL, 0), "");

	assert_true(milliseconds() - start < 1500);
	/* and not killed either: it may serve the mount that comes next */
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
}

static void a_command_that_takes_too_long_is_killed(void **state)
{
	int64_t start = milliseconds();

	(void)state;
	assert_string_equal(shell("echo so far; exec sleep 30", NULL, 1),
			    "timed out after 1 s: so far");

	assert_in_range(milliseconds() - start, 1000, 3000);
}

static void its_group_is_killed_with_it(void **state)
{
	int status = -1;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_string_equal(shell("sleep 30 & sleep 30", NULL, 1),
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
	parent = ends[0];

	assert_string_equal(shell("exec sleep 30", NULL, 0),
			    "the parent went away");

	parent = -1;
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
	parent = ends[0];

	assert_string_equal(shell("exit 0", NULL, 5), "");

	parent = -1;
	assert_int_equal(recv(ends[0], heard, sizeof(heard), 0), 5);
	close(ends[0]);
	close(ends[1]);
}

static bool its_end_is_seen_without_a_pidfd(void)
{
	return lacking(NR_PIDFD_OPEN, ENOSYS) &&
	       strcmp(shell("sleep 0.1; exit 0", NULL, 5), "") == 0 &&
	       strcmp(shell("echo out; exit 3", NULL, 0),
		      "exited with 3: out") == 0 &&
	       strcmp(shell("exec sleep 30", NULL, 1),
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

#define TEST(function) \
	cmocka_unit_test_teardown(function, nothing_is_left)

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_command_that_succeeds_is_silent),
		TEST(it_gets_what_is_planned_and_nothing_else),
		TEST(its_stdin_is_null),
		TEST(its_stdin_is_the_input),
		TEST(it_need_not_read_its_input),
		TEST(a_path_that_is_missing_is_told),
		TEST(a_path_that_cannot_be_executed_is_told),
		TEST(a_dir_that_is_missing_is_told),
		TEST(its_exit_status_and_output_are_told),
		TEST(its_signal_is_told),
		TEST(of_its_output_the_end_is_told),
		TEST(as_much_output_as_is_kept_is_told_whole),
		TEST(output_is_cut_at_a_character),
		TEST(output_may_have_a_nul),
		TEST(it_may_close_its_output_and_go_on),
		TEST(what_it_leaves_running_is_not_waited_for),
		TEST(a_command_that_takes_too_long_is_killed),
		TEST(its_group_is_killed_with_it),
		TEST(it_is_killed_when_the_parent_goes),
		TEST(what_the_parent_says_meanwhile_is_kept),
		TEST(a_kernel_may_lack_pidfds),
	};

	if (argc > 0 && strcmp(argv[0], "tell") == 0)
		return tell(argv);
	return cmocka_run_group_tests(tests, set_up, NULL);
}
