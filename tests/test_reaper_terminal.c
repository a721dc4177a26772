/*
 * reaper: who has the terminal.  A shell is played, with a terminal of its
 * own, that starts the real shim as a job.
 */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reaped.h"

#define PATIENCE 20000		/* milliseconds */

/* What the shell finds wrong; its last words. */
#define check(condition) \
	((condition) ? (void)0 : give_up(__LINE__, #condition))

static int complaints;		/* the shell's end of a pipe */
static int master;

static _Noreturn void give_up(int line, const char *condition)
{
	dprintf(complaints, "line %d: %s", line, condition);
	_exit(1);
}

/* The job's output is no terminal, its input may be none. */
struct job {
	pid_t pid;
	int output;
	char line[256];
};

static const char *next_line(struct job *job)
{
	struct pollfd waiting = { job->output, POLLIN, 0 };
	size_t length = 0;

	while (length < sizeof(job->line) - 1) {
		check(poll(&waiting, 1, PATIENCE) == 1);
		if (read(job->output, job->line + length, 1) != 1 ||
		    job->line[length] == '\n')
			break;
		length++;
	}
	job->line[length] = '\0';
	return job->line;
}

static void find_helpers(void)
{
	const char *helpers = getenv("INIT_SHIM_HELPERS");
	char path[8192];

	snprintf(path, sizeof(path), "%s:/usr/bin:/bin",
		 helpers ? helpers : ".");
	setenv("PATH", path, 1);
}

/* As a shell does: a group of its own, in the foreground or not. */
static void start(struct job *job, bool in_foreground, int input,
		  const char *command)
{
	const char *shim = getenv("INIT_SHIM");
	char *args[] = { (char *)"init-shim", (char *)"-s", (char *)"--",
			 (char *)"sh", (char *)"-c", (char *)command, NULL };
	int ends[2];

	check(pipe2(ends, O_CLOEXEC) == 0);
	job->pid = fork();
	check(job->pid >= 0);
	if (job->pid == 0) {
		setpgid(0, 0);
		if (in_foreground)
			tcsetpgrp(0, getpid());
		dup2(input, 0);
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		signal(SIGTTOU, SIG_DFL);
		find_helpers();
		execv(shim ? shim : "/sbin/init-shim", args);
		_exit(99);
	}
	close(ends[1]);
	job->output = ends[0];
}

/* The child of the shim, which the helper says. */
static pid_t hearing(struct job *job)
{
	int who, pid;

	check(sscanf(next_line(job), "%d ready %d", &who, &pid) == 2);
	return (pid_t)pid;
}

static int end_of(const struct job *job, int options)
{
	int status;

	check(waitpid(job->pid, &status, options) == job->pid);
	return status;
}

static void type(const char *keys)
{
	check(write(master, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

/*
 * Play a shell: a session with a terminal, whose foreground group it is.
 * Returns what it has to complain about.
 */
static const char *play(void (*shell)(void))
{
	static char said[1024];
	ssize_t length;
	int ends[2], slave, status;
	pid_t pid;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) {
		print_message("# skip: there are no terminals here\n");
		skip();
	}
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		complaints = ends[1];
		setsid();
		slave = open(ptsname(master), O_RDWR);
		check(ioctl(slave, TIOCSCTTY, 0) == 0);
		dup2(slave, 0);
		signal(SIGTTOU, SIG_IGN);
		alarm(60);
		shell();
		_exit(0);
	}
	close(ends[1]);
	length = read(ends[0], said, sizeof(said) - 1);
	said[length < 0 ? 0 : length] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(master);
	if (!said[0] && status)
		snprintf(said, sizeof(said), "status %#x", status);
	return said;
}

static void foreground(void)
{
	struct job job;
	pid_t child;

	start(&job, true, 0, "exec hears");
	child = hearing(&job);
	check(getpgid(child) == child);
	check(tcgetpgrp(0) == child);
	kill(child, SIGKILL);
	check(WEXITSTATUS(end_of(&job, 0)) == 128 + SIGKILL);
	/* it is back */
	check(tcgetpgrp(0) == job.pid);
}

static void the_terminal_is_the_childs_and_comes_back(void **state)
{
	(void)state;
	assert_string_equal(play(foreground), "");
}

static void interrupt(void)
{
	struct job job;
	pid_t child;

	start(&job, true, 0, "exec hears");
	child = hearing(&job);
	type("\003");
	check(strcmp(next_line(&job), "0 2 0") == 0);
	type("\034");
	/* not a second SIGINT that the shim has passed on */
	check(strcmp(next_line(&job), "0 3 0") == 0);
	kill(child, SIGKILL);
	end_of(&job, 0);
}

static void keys_reach_the_child_once(void **state)
{
	(void)state;
	assert_string_equal(play(interrupt), "");
}

static void wait_foreground(pid_t group)
{
	int looks;

	for (looks = 0; tcgetpgrp(0) != group; looks++) {
		check(looks < PATIENCE);
		usleep(1000);
	}
}

static void suspend(void)
{
	struct job job;
	pid_t child;
	int i;

	start(&job, true, 0, "echo $$; exec sleep 1000");
	child = atoi(next_line(&job));
	for (i = 0; i < 3; i++) {
		type("\032");
		check(WIFSTOPPED(end_of(&job, WUNTRACED)));
		reaped_wait_state(child, 'T');
		tcsetpgrp(0, getpgrp());

		/* "fg" */
		tcsetpgrp(0, job.pid);
		kill(-job.pid, SIGCONT);
		reaped_wait_state(child, 'S');
		wait_foreground(child);
	}
	type("\003");
	check(WEXITSTATUS(end_of(&job, 0)) == 128 + SIGINT);
}

static void the_job_stops_and_goes_on_with_the_child(void **state)
{
	(void)state;
	assert_string_equal(play(suspend), "");
}

static void background(void)
{
	struct job job;
	pid_t child;

	start(&job, false, 0, "echo $$; read x; echo $x");
	child = atoi(next_line(&job));
	check(tcgetpgrp(0) == getpgrp());
	/* it reads, which stops it, and with it the job */
	check(WIFSTOPPED(end_of(&job, WUNTRACED)));
	check(tcgetpgrp(0) == getpgrp());
	reaped_wait_state(child, 'T');

	tcsetpgrp(0, job.pid);
	kill(-job.pid, SIGCONT);
	type("late\n");
	check(strcmp(next_line(&job), "late") == 0);
	check(end_of(&job, 0) == 0);
}

static void a_job_in_the_background_takes_nothing(void **state)
{
	(void)state;
	assert_string_equal(play(background), "");
}

static void elsewhere(void)
{
	struct job job;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	start(&job, true, null, "read x </dev/tty; echo $x");
	type("asked\n");
	check(strcmp(next_line(&job), "asked") == 0);
	check(end_of(&job, 0) == 0);
	check(tcgetpgrp(0) == job.pid);
}

static void who_opens_the_terminal_may_read_from_it(void **state)
{
	(void)state;
	assert_string_equal(play(elsewhere), "");
}

/* As a container's first process, which leads the session. */
static void leader(void)
{
	const char *shim = getenv("INIT_SHIM");

	find_helpers();
	dup2(complaints, 1);
	execl(shim ? shim : "/sbin/init-shim", "init-shim", "-s", "--", "sh",
	      "-c", "read pid comm state ppid group session tty foreground "
	      "rest </proc/self/stat; [ $group = $foreground ] || "
	      "echo $group is not $foreground", NULL);
	_exit(99);
}

static void the_leader_of_a_session_gives_it_too(void **state)
{
	(void)state;
	assert_string_equal(play(leader), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_terminal_is_the_childs_and_comes_back),
		cmocka_unit_test(keys_reach_the_child_once),
		cmocka_unit_test(the_job_stops_and_goes_on_with_the_child),
		cmocka_unit_test(a_job_in_the_background_takes_nothing),
		cmocka_unit_test(who_opens_the_terminal_may_read_from_it),
		cmocka_unit_test(the_leader_of_a_session_gives_it_too),
	};

	return cmocka_run_group_tests_name("reaper_terminal", tests, NULL,
					   NULL);
}
