/* reaper: a command with the real shim as its PID 1, or its subreaper */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/abi.h"
#include "lacking.h"
#include "reaped.h"

#define NOTE "init-shim: not PID 1: orphans are reaped as a subreaper (-s)\n"

static void every_exit_status_comes_through(void **state)
{
	struct reaped *reaped = *state;
	char line[32];
	int status;

	for (status = 0; status < 256; status++) {
		snprintf(line, sizeof(line), "exit %d", status);
		assert_int_equal(reaped_run(reaped, "-s", "--", "sh", "-c",
					    line), status);
		assert_string_equal(reaped->said, "");
	}
}

static void death_by_a_signal_is_128_and_its_number(void **state)
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS,
		SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM,
		SIGTERM, SIGXCPU, SIGXFSZ, SIGSYS, 34, 64,
	};
	struct reaped *reaped = *state;
	char line[64];
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		snprintf(line, sizeof(line), "ulimit -c 0; kill -%d $$",
			 signals[i]);
		assert_int_equal(reaped_run(reaped, "-s", "--", "sh", "-c",
					    line), 128 + signals[i]);
	}
}

static void what_cannot_be_started_is_126_or_127(void **state)
{
	struct reaped *reaped = *state;

	assert_int_equal(reaped_run(reaped, "-s", "--", "/no/such"), 127);
	assert_string_equal(reaped->said, "init-shim: cannot execute /no/such:"
			    " execve: No such file or directory\n");
	assert_int_equal(reaped_run(reaped, "-s", "--", "no-such"), 127);
	assert_non_null(strstr(reaped->said, "no directory of PATH has it"));
	assert_int_equal(reaped_run(reaped, "-s", "--", "/etc/passwd"), 126);
	assert_string_equal(reaped->said, "init-shim: cannot execute "
			    "/etc/passwd: execve: Permission denied; nobody "
			    "has execute permission\n");
}

static void assert_hears(struct reaped *reaped, int who, int signal, int value)
{
	char line[64];

	snprintf(line, sizeof(line), "%d %d %d", who, signal, value);
	assert_string_equal(reaped_line(reaped), line);
}

static void start_hearing(struct reaped *reaped, const char *option)
{
	int who, signal;

	reaped_start(reaped, "-s", option, "--", "hears");
	assert_int_equal(sscanf(reaped_line(reaped), "%d ready %d", &who,
				&signal), 2);
}

static bool stops(int signal)
{
	return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* As PID 1 it cannot stop itself, and goes on. */
static void see_that_it_stops(struct reaped *reaped)
{
	int status;

	if (reaped->is_first)
		return;
	assert_int_equal(waitpid(reaped->pid, &status, WUNTRACED),
			 reaped->pid);
	assert_true(WIFSTOPPED(status));
	kill(reaped->pid, SIGCONT);
	assert_hears(reaped, 0, SIGCONT, 0);
}

static void hear_every_signal(struct reaped *reaped, const char *option)
{
	int signal;

	start_hearing(reaped, option);
	for (signal = 1; signal <= 64; signal++) {
		if (signal == SIGKILL || signal == SIGSTOP)
			continue;
		/* musl's kill(2) passes any number on */
		assert_int_equal(kill(reaped->pid, signal), 0);
		assert_hears(reaped, 0, signal, 0);
		if (stops(signal))
			see_that_it_stops(reaped);
	}
}

static void every_signal_is_passed_on(void **state)
{
	hear_every_signal(*state, "-s");
}

static void every_signal_is_passed_on_to_a_group(void **state)
{
	hear_every_signal(*state, "-g");
}

static void values_of_signals_come_along(void **state)
{
	struct reaped *reaped = *state;
	int i;

	start_hearing(reaped, "-s");
	for (i = 1; i <= 100; i++)
		assert_int_equal(sigqueue(reaped->pid, 40,
					  (union sigval){ .sival_int = i }),
				 0);
	for (i = 1; i <= 100; i++)
		assert_hears(reaped, 0, 40, i);
}

/* Three that hear: which of them do hear this one?  Bit n: number n. */
static unsigned who_hears(struct reaped *reaped, const char *option)
{
	unsigned heard = 0;
	int i, who, signal;

	reaped_start(reaped, "-s", option, "--", "hears", "2");
	for (i = 0; i < 3; i++)
		reaped_line(reaped);
	kill(reaped->pid, SIGUSR1);
	kill(reaped->pid, SIGUSR2);
	/* the command itself hears both, and in this order */
	do {
		assert_int_equal(sscanf(reaped_line(reaped), "%d %d", &who,
					&signal), 2);
		if (signal == SIGUSR1)
			heard |= 1u << who;
	} while (who != 0 || signal != SIGUSR2);
	return heard;
}

static void without_g_the_command_alone_hears(void **state)
{
	assert_int_equal(who_hears(*state, "-s"), 1);
}

static void with_g_its_whole_group_hears(void **state)
{
	struct reaped *reaped = *state;
	unsigned heard = 0;
	int i, who, signal;

	reaped_start(reaped, "-s", "-g", "--", "hears", "2");
	for (i = 0; i < 3; i++)
		reaped_line(reaped);
	kill(reaped->pid, SIGUSR1);
	for (i = 0; i < 3; i++) {
		assert_int_equal(sscanf(reaped_line(reaped), "%d %d", &who,
					&signal), 2);
		assert_int_equal(signal, SIGUSR1);
		heard |= 1u << who;
	}
	assert_int_equal(heard, 7);
}

static void orphans_are_reaped(void **state)
{
	struct reaped *reaped = *state;

	reaped_start(reaped, "-s", "--", "sh", "-c",
		     "for i in 1 2 3 4 5 6 7 8 9 10; do "
		     "for j in 1 2 3 4 5 6 7 8 9 10; do (true &); done; done; "
		     "echo done; exec sleep 1000");

	assert_string_equal(reaped_line(reaped), "done");
	reaped_wait_children(reaped->pid, 1);
}

static void orphan_of_before_is_reaped_too(void **state)
{
	struct reaped *reaped = *state;
	pid_t inner;

	/* a zombie whose SIGCHLD nobody has kept */
	reaped_start(reaped, "-s", "--", "sh", "-c",
		     "true & sleep 0.1; exec \"$0\" -s -- sh -c "
		     "'echo done; exec sleep 1000'", getenv("INIT_SHIM"));

	assert_string_equal(reaped_line(reaped), "done");
	assert_int_equal(reaped_children(reaped->pid, &inner, 1), 1);
	reaped_wait_children(inner, 1);
}

static void block_and_ignore(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGUSR2, SIG_IGN);
	/* with this one ignored nobody could wait for a child */
	signal(SIGCHLD, SIG_IGN);
}

static void mask_and_ignored_signals_are_handed_on(void **state)
{
	struct reaped *reaped = *state;

	reaped_start(reaped, "-s", "--", "show", "signals");
	assert_string_equal(reaped_line(reaped), "signals_blocked");
	assert_string_equal(reaped_line(reaped), "signals_ignored");
	assert_int_equal(reaped_end(reaped), 0);

	reaped->before = block_and_ignore;
	reaped_start(reaped, "-s", "--", "show", "signals");
	assert_string_equal(reaped_line(reaped), "signals_blocked 10");
	assert_string_equal(reaped_line(reaped), "signals_ignored 12");
	assert_int_equal(reaped_end(reaped), 0);
}

static void open_two(void)
{
	dup2(2, 5);
	dup2(2, 500);
}

static void lack_close_range(void)
{
	open_two();
	if (!lacking(NR_CLOSE_RANGE, ENOSYS))
		_exit(99);
}

static void see_who_has_descriptors(struct reaped *reaped)
{
	reaped_start(reaped, "-s", "--", "sh", "-c",
		     "echo >&5 && echo open; exec sleep 1000");

	assert_string_equal(reaped_line(reaped), "open");
	reaped_wait_fds(reaped->pid, 3);
}

static void descriptors_are_the_childs_alone(void **state)
{
	struct reaped *reaped = *state;

	reaped->before = open_two;
	see_who_has_descriptors(reaped);
}

static void so_they_are_without_close_range(void **state)
{
	struct reaped *reaped = *state;

	reaped->before = lack_close_range;
	see_who_has_descriptors(reaped);
}

static void it_waits_in_little_memory(void **state)
{
	struct reaped *reaped = *state;

	start_hearing(reaped, "-s");
	reaped_wait_settled(reaped->pid);

	kill(reaped->pid, SIGUSR1);
	assert_hears(reaped, 0, SIGUSR1, 0);
	assert_true(reaped_status(reaped->pid, "VmRSS:") <= 120);
}

/* Runs through what it does when it settles, its stack moved by so much. */
static pid_t start_moved(size_t by)
{
	static char room[4096];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	personality(ADDR_NO_RANDOMIZE);
	memset(room, 'x', by);
	setenv("ROOM", room, 1);
	execl(getenv("INIT_SHIM"), "init-shim", "-s", "--", "sleep", "0.1",
	      NULL);
	_exit(99);
}

static void it_is_sound_wherever_its_stack_lies(void **state)
{
	pid_t pids[128];
	size_t i;

	(void)state;
	for (i = 0; i < 128; i++)
		pids[i] = start_moved(i * 32);
	for (i = 0; i < 128; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
}

static void it_says_that_it_is_a_subreaper(void **state)
{
	struct reaped *reaped = *state;

	assert_int_equal(reaped_run(reaped, "--", "true"), 0);
	assert_string_equal(reaped->said, reaped->is_first ? "" : NOTE);
}

static void it_ends_with_the_command_alone(void **state)
{
	struct reaped *reaped = *state;

	assert_int_equal(reaped_run(reaped, "-s", "--", "sh", "-c",
				    "sleep 5 & exit 5"), 5);
}

static void wait_is_for_all_others(void **state)
{
	struct reaped *reaped = *state;

	assert_int_equal(reaped_run(reaped, "-s", "--wait", "--", "sh", "-c",
				    "(sleep 0.3; echo last) & exit 6"), 6);
	assert_string_equal(reaped_line(reaped), "last");
}

/* A command that starts another one, and ends with 9 by SIGUSR1. */
#define START(other) "trap 'exit 9' USR1; " other " & while :; do wait; done"

static void end_command(struct reaped *reaped, const char *left)
{
	kill(reaped->pid, SIGUSR1);
	reaped_wait_child(reaped->pid, left);
}

static void signals_are_for_the_others_then(void **state)
{
	struct reaped *reaped = *state;

	reaped_start(reaped, "-s", "--wait", "--", "sh", "-c", START("hears"));
	reaped_line(reaped);
	end_command(reaped, "hears");

	kill(reaped->pid, SIGTERM);
	assert_hears(reaped, 0, SIGTERM, 0);
}

static long milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void grace_is_for_those_who_listen(void **state)
{
	struct reaped *reaped = *state;
	long begun = milliseconds();

	reaped_start(reaped, "-s", "--grace", "1000", "--", "sh", "-c",
		     START("sh -c 'trap \"echo term; exit\" TERM; echo on; "
			   "while :; do sleep 0.05; done'"));
	assert_string_equal(reaped_line(reaped), "on");
	kill(reaped->pid, SIGUSR1);

	assert_string_equal(reaped_line(reaped), "term");
	assert_int_equal(reaped_end(reaped), 9);
	assert_true(milliseconds() - begun < 500000);
}

static void grace_is_for_those_who_are_stopped(void **state)
{
	struct reaped *reaped = *state;

	reaped_start(reaped, "-s", "--grace", "1000", "--", "sh", "-c",
		     START("sh -c 'echo on; kill -STOP $$'"));
	assert_string_equal(reaped_line(reaped), "on");
	kill(reaped->pid, SIGUSR1);

	assert_int_equal(reaped_end(reaped), 9);
}

static void others_are_killed_after_it(void **state)
{
	struct reaped *reaped = *state;
	long begun = milliseconds();
	int i;

	/* which does not end by SIGTERM, nor do its children */
	reaped_start(reaped, "-s", "--grace", "1", "--", "sh", "-c",
		     START("(hears 3; true)"));
	for (i = 0; i < 4; i++)
		reaped_line(reaped);
	kill(reaped->pid, SIGUSR1);

	assert_int_equal(reaped_end(reaped), 9);
	assert_true(milliseconds() - begun >= 1000);
	/* the pipe has no other end any more */
	while (*reaped_line(reaped))
		;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		REAPED_BOTH(every_exit_status_comes_through),
		REAPED_BOTH(death_by_a_signal_is_128_and_its_number),
		REAPED_BOTH(what_cannot_be_started_is_126_or_127),
		REAPED_BOTH(every_signal_is_passed_on),
		REAPED_BOTH(every_signal_is_passed_on_to_a_group),
		REAPED_BOTH(values_of_signals_come_along),
		REAPED_BOTH(without_g_the_command_alone_hears),
		REAPED_BOTH(with_g_its_whole_group_hears),
		REAPED_BOTH(orphans_are_reaped),
		REAPED_BOTH(orphan_of_before_is_reaped_too),
		REAPED_BOTH(mask_and_ignored_signals_are_handed_on),
		REAPED_BOTH(descriptors_are_the_childs_alone),
		REAPED_BOTH(so_they_are_without_close_range),
		REAPED_BOTH(it_waits_in_little_memory),
		cmocka_unit_test(it_is_sound_wherever_its_stack_lies),
		REAPED_BOTH(it_says_that_it_is_a_subreaper),
		REAPED_BOTH(it_ends_with_the_command_alone),
		REAPED_BOTH(wait_is_for_all_others),
		REAPED_BOTH(signals_are_for_the_others_then),
		REAPED_BOTH(grace_is_for_those_who_listen),
		REAPED_BOTH(grace_is_for_those_who_are_stopped),
		REAPED_BOTH(others_are_killed_after_it),
	};

	return cmocka_run_group_tests_name("reaper", tests, NULL, NULL);
}
