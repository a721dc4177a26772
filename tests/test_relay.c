/*
 * relay: a person at a terminal, which is a pty of the test's, and
 * init-shim-run in between
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"

#define PATIENCE 20000		/* milliseconds, until it hangs */

/* The person's side. */
struct seat {
	const char *target;	/* NULL: /bin/keys */
	const char *timeout;	/* of init-shim-run; NULL: none */
	int keyboard;		/* the master: what is typed, and shown */
	int tty;		/* the terminal */
	struct termios found;	/* as it was */
	pid_t pid;		/* of init-shim-run */
	char shown[1 << 20];
	size_t length;
};

static struct seat seat;

/* Opened before the box, which covers /tmp. */
static int runner;

static int open_runner(void **state)
{
	const char *path = getenv("INIT_SHIM_RUN");

	(void)state;
	runner = open(path ? path : "init-shim-run", O_RDONLY);
	return runner < 0;
}

static void write_plan(const char *process)
{
	FILE *plan = fopen("/tmp/plan", "we");

	assert_non_null(plan);
	fprintf(plan, JSON({"version": 1, "rootfs": {"path": "/tmp/rootfs"},
		"namespaces": ["mount", "pid", "ipc", "uts"],
		"mounts": [{"type": "tmpfs", "destination": "/dev"},
			   {"type": "devpts", "destination": "/dev/pts",
			    "options": ["gid=5", "mode=0620"]}],
		"process": {"args": ["%s"], "terminal": true%s}}),
		seat.target ? seat.target : "/bin/keys", process);
	assert_int_equal(fclose(plan), 0);
}

static _Noreturn void become_runner(struct box *box)
{
	char shim[32], name[] = "init-shim-run", option[] = "--shim",
	     plan[] = "/tmp/plan";
	char alarm[32];
	char *args[] = { name, option, shim, plan,
			 seat.timeout ? alarm : NULL, NULL };
	char *env[] = { NULL };

	snprintf(alarm, sizeof(alarm), "--timeout=%s", seat.timeout ?
		 seat.timeout : "");
	snprintf(shim, sizeof(shim), "/proc/self/fd/%d", box->shim);
	fcntl(box->shim, F_SETFD, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fexecve(runner, args, env);
	_exit(99);
}

/* A terminal of 30 rows and 90 columns. */
static void open_terminal(void)
{
	const struct winsize size = { .ws_row = 30, .ws_col = 90 };
	int zero = 0;

	seat.keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(seat.keyboard >= 0);
	assert_int_equal(ioctl(seat.keyboard, TIOCSPTLCK, &zero), 0);
	assert_int_equal(ioctl(seat.keyboard, TIOCSWINSZ, &size), 0);
	seat.tty = ioctl(seat.keyboard, 0x5441 /* TIOCGPTPEER */,
			 O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(seat.tty >= 0);
	assert_int_equal(tcgetattr(seat.tty, &seat.found), 0);
}

/* In a session of its own, in the foreground of the person's terminal. */
static void sit_down(struct box *box, const char *process)
{
	int fd;

	box_program(box, "keys");
	write_plan(process);
	seat.length = 0;
	open_terminal();
	seat.pid = fork();
	assert_true(seat.pid >= 0);
	if (seat.pid > 0)
		return;
	setsid();
	ioctl(seat.tty, TIOCSCTTY, 0);
	for (fd = 0; fd <= 2; fd++)
		dup2(seat.tty, fd);
	become_runner(box);
}

static int leave_seat(void **state)
{
	(void)state;
	fd_close(&seat.tty);
	fd_close(&seat.keyboard);
	seat.target = seat.timeout = NULL;
	return 0;
}

static int leave_box(void **state)
{
	leave_seat(state);
	return box_close(state);
}

static bool has_shown(const char *text)
{
	return memmem(seat.shown, seat.length, text, strlen(text));
}

/* True: there was something. */
static bool look(int patience)
{
	struct pollfd wait = { .fd = seat.keyboard, .events = POLLIN };
	ssize_t length = 0;

	if (poll(&wait, 1, patience) > 0)
		length = read(seat.keyboard, seat.shown + seat.length,
			      sizeof(seat.shown) - seat.length);
	if (length > 0)
		seat.length += (size_t)length;
	return length > 0;
}

static void expect(const char *text)
{
	while (!has_shown(text))
		if (!look(PATIENCE))
			fail_msg("it never showed %s, but this: %.*s", text,
				 (int)seat.length, seat.shown);
}

static void type(const char *keys)
{
	ssize_t length = (ssize_t)strlen(keys);

	assert_int_equal(write(seat.keyboard, keys, strlen(keys)), length);
}

static bool is_raw(void)
{
	struct termios now = {0};

	assert_int_equal(tcgetattr(seat.keyboard, &now), 0);
	return !(now.c_lflag & (ICANON | ECHO | ISIG));
}

static void assert_as_found(void)
{
	struct termios now = {0};

	assert_int_equal(tcgetattr(seat.tty, &now), 0);
	assert_int_equal(now.c_iflag, seat.found.c_iflag);
	assert_int_equal(now.c_oflag, seat.found.c_oflag);
	assert_int_equal(now.c_cflag, seat.found.c_cflag);
	assert_int_equal(now.c_lflag, seat.found.c_lflag);
	assert_memory_equal(now.c_cc, seat.found.c_cc,
			    sizeof(seat.found.c_cc));
}

/* Until it has ended, and nothing more is shown.  Returns its exit status. */
static int stand_up(void)
{
	int status, tries = PATIENCE / 20;
	bool has_ended = false;

	while (look(20) || !has_ended) {
		has_ended = has_ended ||
			    waitpid(seat.pid, &status, WNOHANG) == seat.pid;
		if (tries-- == 0)
			fail_msg("it does not end; it showed: %.*s",
				 (int)seat.length, seat.shown);
	}
	assert_as_found();
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

static void what_is_typed_and_said_comes_through(void **state)
{
	sit_down(*state, "");

	expect("size 30 90\r\n");
	type("hello\r");
	expect("line: hello\r\n");
	/* the echo is the container's own, and there is one */
	type("quit 7\r");
	assert_int_equal(stand_up(), 7);
	assert_false(has_shown("hello\r\nhello"));
}

static void keys_that_are_signals_are_the_containers(void **state)
{
	sit_down(*state, "");

	expect("size");
	type("\003");
	expect("SIGINT\r\n");
	type("\032");
	expect("SIGTSTP\r\n");
	type("\034");
	expect("SIGQUIT\r\n");
	type("quit 0\r");
	assert_int_equal(stand_up(), 0);
}

static void window_grows_with_the_persons(void **state)
{
	struct winsize size = { .ws_row = 41, .ws_col = 123 };

	sit_down(*state, "");

	expect("size 30 90\r\n");
	assert_int_equal(ioctl(seat.keyboard, TIOCSWINSZ, &size), 0);
	expect("size 41 123\r\n");
	type("quit 0\r");
	assert_int_equal(stand_up(), 0);
}

static void size_of_the_plan_gives_way(void **state)
{
	sit_down(*state, JSON(, "consoleSize": {"height": 5, "width": 6}));

	expect("size ");
	type("quit 0\r");
	assert_int_equal(stand_up(), 0);
	assert_memory_equal(seat.shown, "size 30 90\r\n", 12);
}

static void wait_until(bool raw)
{
	int tries = PATIENCE / 5;

	while (is_raw() != raw && tries-- > 0)
		look(5);
	assert_true(is_raw() == raw);
}

static void terminal_is_raw_for_as_long(void **state)
{
	sit_down(*state, "");

	expect("size");
	wait_until(true);
	type("quit 5\r");
	assert_int_equal(stand_up(), 5);
}

/* The target's last words are more than any buffer on the way holds. */
static void all_that_is_said_arrives(void **state)
{
	sit_down(*state, "");

	expect("size");
	seat.length = 0;
	type("flood 300\r");
	assert_int_equal(stand_up(), 0);
	assert_int_equal(seat.length, strlen("flood 300\r\n") + 300 * 1001 +
				      strlen("the end\r\n"));
	assert_memory_equal(seat.shown + seat.length - 9, "the end\r\n", 9);
}

static void failure_is_told_on_a_terminal_as_before(void **state)
{
	sit_down(*state, JSON(, "user": {"uid": 1, "uid": 2}));

	assert_int_equal(stand_up(), 125);
	assert_true(has_shown("cannot accept the plan"));
}

static void target_that_is_not_there_is_told_of(void **state)
{
	seat.target = "/bin/nothing";
	sit_down(*state, "");

	assert_int_equal(stand_up(), 127);
	assert_true(has_shown("init-shim-run: cannot execute /bin/nothing"));
	assert_true(has_shown("\r\n"));
}

/* What the container does not handle kills who is in between. */
static void end_by_a_signal(struct box *box, int signal)
{
	sit_down(box, "");
	expect("size");
	wait_until(true);

	kill(seat.pid, signal);
	assert_int_equal(stand_up(), 128 + signal);
	/* with the master goes the terminal: the target reads its end */
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void terminal_is_as_before_after_deadly_signals(void **state)
{
	static const int deadly[] = { SIGSEGV, SIGABRT, SIGSYS };
	size_t i;

	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		end_by_a_signal(*state, deadly[i]);
		leave_seat(state);
	}
}

/* As a shell does with a job that is stopped: the terminal is its own. */
static void terminal_is_raw_again_when_it_goes_on(void **state)
{
	sit_down(*state, "");
	expect("size");
	wait_until(true);

	kill(seat.pid, SIGSTOP);
	assert_int_equal(waitpid(seat.pid, NULL, WUNTRACED), seat.pid);
	assert_int_equal(tcsetattr(seat.tty, TCSANOW, &seat.found), 0);
	kill(seat.pid, SIGCONT);
	wait_until(true);
	type("quit 0\r");
	assert_int_equal(stand_up(), 0);
}

/* A window that is closed takes the container along. */
static void hangup_ends_the_container(void **state)
{
	int status;

	sit_down(*state, "");
	expect("size");
	wait_until(true);

	close(seat.tty);
	close(seat.keyboard);
	seat.tty = seat.keyboard = -1;
	assert_int_equal(waitpid(seat.pid, &status, 0), seat.pid);
	/* it read the end, and could say so to nobody */
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 9);
}

static void container_is_killed_in_time(void **state)
{
	seat.timeout = "1";
	sit_down(*state, "");

	expect("size");
	assert_int_equal(stand_up(), 128 + SIGKILL);
	assert_true(has_shown("the container ran for 1 s, and is killed\r\n"));
}

/* Without a terminal in between: what follows the last line is its end. */
static void files_are_relayed_to_their_end(void **state)
{
	autoclose int input = memfd_create("input", MFD_CLOEXEC);
	autoclose int output = memfd_create("output", MFD_CLOEXEC);
	struct box *box = *state;
	char text[256] = "";
	int status;
	pid_t pid;

	box_program(box, "keys");
	write_plan(", \"consoleSize\": {\"height\": 5, \"width\": 6}");
	assert_int_equal(write(input, "hello\n", 6), 6);
	lseek(input, 0, SEEK_SET);
	pid = fork();
	if (pid == 0) {
		dup2(input, 0);
		dup2(output, 1);
		become_runner(box);
	}

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_true(pread(output, text, sizeof(text) - 1, 0) > 0);
	/* the echo may come before what is said first */
	assert_non_null(strstr(text, "size 5 6\r\n"));
	assert_non_null(strstr(text, "line: hello\r\nend of file\r\n"));
}

#define TEST(function) \
	{ #function, function, box_open, leave_box, NULL }

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_is_typed_and_said_comes_through),
		TEST(keys_that_are_signals_are_the_containers),
		TEST(window_grows_with_the_persons),
		TEST(size_of_the_plan_gives_way),
		TEST(terminal_is_raw_for_as_long),
		TEST(all_that_is_said_arrives),
		TEST(failure_is_told_on_a_terminal_as_before),
		TEST(target_that_is_not_there_is_told_of),
		TEST(terminal_is_as_before_after_deadly_signals),
		TEST(terminal_is_raw_again_when_it_goes_on),
		TEST(hangup_ends_the_container),
		TEST(container_is_killed_in_time),
		TEST(files_are_relayed_to_their_end),
	};

	return cmocka_run_group_tests_name("relay", tests, open_runner, NULL);
}
