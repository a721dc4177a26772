/* commands: a child with stdio only, watched until it ends */

#include "commands.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/child.h"
#include "kernel/fds.h"

/* So much of the output's end is kept. */
#define KEPT 4096

/* A pipe holds no more than that: pipe(7). */
#define PIPE_SIZE (64 << 10)

/* How often a child without a pidfd is looked at, in milliseconds. */
#define LOOK 10

struct child {
	pid_t pid;
	int output;		/* what it says, on stdout and stderr */
	int report;		/* a struct broken, or the end of file */
	int pidfd;		/* -1: the kernel has none */
	int status;		/* of waitpid(2), once it has ended */
	int64_t deadline;	/* milliseconds of the clock */
	char said[2 * KEPT + 1]; /* its output; the last KEPT bytes count */
	size_t length;
	bool cut;		/* it said more than that */
};

/* Why the child never became the command; it tells us through a pipe. */
struct broken {
	int error;
	bool at_chdir;		/* or else at execve */
};

enum ending {
	ENDED,
	TIMED_OUT,
	PARENT_GONE,
};

static int make_pipe(int *reader, int *writer, struct failure *why)
{
	int ends[2];

	if (child_pipe(ends) < 0)
		return failed(why, "pipe2");
	*reader = ends[0];
	*writer = ends[1];
	return 0;
}

/*
 * In the child.  All other descriptors are close-on-exec; a session of its
 * own, so that its whole group can be killed.
 */
static _Noreturn void become(const struct command *command, int input,
			     int output, int report)
{
	struct broken broken = { .at_chdir = false };
	struct failure none;

	setsid();
	signals_reset(~(uint64_t)0, &none);
	if (dup2(input, 0) == 0 && dup2(output, 1) == 1 &&
	    dup2(output, 2) == 2) {
		broken.at_chdir = chdir(command->dir) < 0;
		if (!broken.at_chdir)
			execve(command->path, command->args, command->env);
	}
	broken.error = errno;
	if (write(report, &broken, sizeof(broken)) != sizeof(broken))
		_exit(EXIT_SHIM);
	_exit(EXIT_NOT_EXECUTABLE);
}

static int spawn(struct child *child, const struct command *command,
		 int input, struct failure *why)
{
	autoclose int writer = -1;
	autoclose int reporter = -1;

	if (make_pipe(&child->output, &writer, why) < 0 ||
	    make_pipe(&child->report, &reporter, why) < 0)
		return -1;
	child->deadline = INT64_MAX;
	if (command->timeout)
		child->deadline = clock_milliseconds() +
				  (int64_t)command->timeout * 1000;
	/* where SIGCHLD is ignored nobody can wait for a child */
	if (signals_reset((uint64_t)1 << (SIGCHLD - 1), why) < 0)
		return -1;
	child->pid = child_fork();
	if (child->pid < 0)
		return failed(why, "fork");
	if (child->pid == 0)
		become(command, input, writer, reporter);
	child->pidfd = child_pidfd(child->pid);
	return 0;
}

/* Of its output only the end is kept. */
static void forget(struct child *child)
{
	if (child->length <= KEPT)
		return;
	memmove(child->said, child->said + child->length - KEPT, KEPT);
	child->length = KEPT;
	child->cut = true;
}

/* One read(2) of the output.  False at its end. */
static bool listen_to(struct child *child)
{
	ssize_t got;

	forget(child);
	got = read(child->output, child->said + child->length, KEPT);
	if (got > 0)
		child->length += (size_t)got;
	return got > 0;
}

/*
 * What is in the pipe already.  Others may hold its other end for ever (a
 * FUSE server that was started): neither their silence nor their talk counts.
 */
static void drain(struct child *child)
{
	struct pollfd output = { .fd = child->output, .events = POLLIN };
	int reads = PIPE_SIZE / KEPT;

	while (reads-- && poll(&output, 1, 0) > 0 && listen_to(child))
		;
}

static bool has_ended(struct child *child)
{
	return waitpid(child->pid, &child->status, WNOHANG) == child->pid;
}

/* For poll(2), milliseconds. */
static int patience(const struct child *child)
{
	int64_t left = child->deadline - clock_milliseconds();
	int64_t most = child->pidfd < 0 ? LOOK : INT_MAX;

	return left < 0 ? 0 : (int)(left < most ? left : most);
}

static enum ending watch(struct child *child, int parent)
{
	struct pollfd fds[] = {
		{ .fd = child->pidfd, .events = POLLIN },
		{ .fd = child->output, .events = POLLIN },
		/* what the parent says is for later, that it is gone is not */
		{ .fd = parent, .events = POLLRDHUP },
	};

	for (;;) {
		if (poll(fds, 3, patience(child)) < 0)
			continue;
		if (fds[1].revents && !listen_to(child))
			fds[1].fd = -1;
		if ((child->pidfd < 0 || fds[0].revents) && has_ended(child))
			return ENDED;
		if (fds[2].revents)
			return PARENT_GONE;
		if (child->deadline <= clock_milliseconds())
			return TIMED_OUT;
	}
}

/* It and its group, which it is not in before its setsid(2). */
static void stop(struct child *child)
{
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
		;
}

/* The end of its output as one string, without what ends its last line. */
static const char *last_words(struct child *child)
{
	char *words = child->said;
	size_t i;

	drain(child);
	forget(child);
	for (i = 0; i < child->length; i++)
		if (!child->said[i])
			child->said[i] = '?';
	while (child->length && strchr(" \t\r\n", words[child->length - 1]))
		child->length--;
	child->said[child->length] = '\0';
	/* no half of a UTF-8 character where it was cut */
	while (child->cut && ((unsigned char)*words & 0xc0) == 0x80)
		words++;
	return words;
}

/* Add what it said to the reason that it failed. */
static int quote(struct child *child, struct failure *why)
{
	const char *words = last_words(child);
	size_t length = strlen(why->detail);

	if (*words)
		format_text(why->detail + length, sizeof(why->detail) - length,
			 ": %s%s", child->cut ? "..." : "", words);
	return -1;
}

/* By a name where a command may well die of it, and the number. */
static int killed(int signal, struct failure *why)
{
	static const char names[][5] = {
		[SIGHUP] = "HUP", [SIGINT] = "INT", [SIGQUIT] = "QUIT",
		[SIGILL] = "ILL", [SIGTRAP] = "TRAP", [SIGABRT] = "ABRT",
		[SIGBUS] = "BUS", [SIGFPE] = "FPE", [SIGKILL] = "KILL",
		[SIGUSR1] = "USR1", [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2",
		[SIGPIPE] = "PIPE", [SIGALRM] = "ALRM", [SIGTERM] = "TERM",
		[SIGXCPU] = "XCPU", [SIGXFSZ] = "XFSZ", [SIGSYS] = "SYS",
	};
	size_t count = sizeof(names) / sizeof(names[0]);
	const char *name = (size_t)signal < count ? names[signal] : "";

	return refused(why, "killed by %s%s (%d)", *name ? "SIG" : "signal",
		       name, signal);
}

/* Did it become the command?  What it wrote is there: it has ended. */
static int check_started(const struct child *child,
			 const struct command *command, struct failure *why)
{
	struct broken broken;

	if (read(child->report, &broken, sizeof(broken)) != sizeof(broken))
		return 0;
	errno = broken.error;
	if (broken.at_chdir)
		return failed_because(why, "chdir", "%s", command->dir);
	return failed(why, "execve");
}

static int judge(struct child *child, const struct command *command,
		 struct failure *why)
{
	int status = child->status;

	if (check_started(child, command, why) < 0)
		return -1;
	if (status == 0)
		return 0;
	if (WIFEXITED(status))
		refused(why, "exited with %d", WEXITSTATUS(status));
	else
		killed(WTERMSIG(status), why);
	return quote(child, why);
}

static int finish(struct child *child, const struct command *command,
		  int parent, struct failure *why)
{
	switch (watch(child, parent)) {
	case ENDED:
		return judge(child, command, why);
	case TIMED_OUT:
		stop(child);
		refused(why, "timed out after %u s", command->timeout);
		return quote(child, why);
	case PARENT_GONE:
		break;
	}
	stop(child);
	return refused(why, "the parent went away");
}

static void child_close(struct child *child)
{
	fd_close(&child->output);
	fd_close(&child->report);
	fd_close(&child->pidfd);
}

int command_run(const struct command *command, const char *input, int null,
		int parent, struct failure *why)
{
	__attribute__((cleanup(child_close))) struct child child = {
		.output = -1, .report = -1, .pidfd = -1,
	};
	autoclose int file = -1;

	if (input) {
		file = fds_make_file(input, strlen(input), why);
		if (file < 0)
			return -1;
	}
	if (spawn(&child, command, input ? file : null, why) < 0)
		return -1;
	return finish(&child, command, parent, why);
}
