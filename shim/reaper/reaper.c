/* reaper: a child, what is sent on to it, and what it leaves behind */

#include "reaper/reaper.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/child.h"
#include "kernel/fds.h"
#include "kernel/resident.h"
#include "kernel/signal.h"
#include "reaper/left.h"
#include "reaper/terminal.h"

/* Between two rounds of SIGKILL, in milliseconds, where nobody ends. */
#define ROUND 100

/* Who runs so long, in milliseconds, may well run for years. */
#define SETTLE 20

/* What the child shares with us until it has become its program. */
struct start {
	struct signal_mask mask;	/* as we were given it */
	pid_t group;			/* ours */
	void (*become)(void *what);
	void *what;
	bool has_terminal;
	bool has_failed;
};

static int begin(void *of)
{
	struct start *start = of;

	setpgid(0, 0);
	start->has_terminal = terminal_give(start->group, getpid());
	signals_set(&start->mask);
	start->become(start->what);
	start->has_failed = true;
	return EXIT_SHIM;
}

/* Orphans go to PID 1, past us, unless we say that they are ours. */
static int adopt(const struct reaping *how, struct failure *why)
{
	static const char note[] = "init-shim: not PID 1: orphans are reaped "
				   "as a subreaper (-s)\n";

	if (getpid() == 1)
		return 0;
	if (how->grace >= 0 && !left_is_known())
		return refused(why, "--grace needs a procfs on /proc where "
			       "this is not PID 1");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) < 0)
		return failed(why, "prctl");
	if (how->subreaper)
		return 0;
	write(2, note, sizeof(note) - 1);
	/* a reader that is gone is no news for the child */
	signal_take(SIGPIPE);
	return 0;
}

int reaper_start(struct reaper *reaper, const struct reaping *how,
		 void (*become)(void *what), void *what, struct failure *why)
{
	struct start start = {
		.group = getpgrp(), .become = become, .what = what,
	};

	*reaper = (struct reaper){ .how = *how };
	why->stage = "exec";
	attempt(why, NULL, WHOLE, "start", "a child");
	if (signals_hold(&start.mask, why) < 0 || adopt(how, why) < 0)
		return -1;
	reaper->child = child_start(begin, &start);
	if (reaper->child < 0)
		return failed(why, "clone");
	reaper->has_terminal = start.has_terminal;
	if (start.has_failed)
		return reaper_abandon(reaper);
	return 0;
}

static void take_terminal_back(const struct reaper *reaper)
{
	if (reaper->has_terminal)
		terminal_give_late(reaper->child, getpgrp());
}

int reaper_abandon(struct reaper *reaper)
{
	kill(reaper->child, SIGKILL);
	waitpid(reaper->child, NULL, 0);
	take_terminal_back(reaper);
	return -1;
}

/* To the child's group, or to the child where that has left it. */
static void signal_group(const struct reaper *reaper, int signal)
{
	if (kill(-reaper->child, signal) < 0)
		kill(reaper->child, signal);
}

static void pass_on(const struct reaper *reaper, const siginfo_t *info)
{
	int signal = info->si_signo;

	if (reaper->ended)
		left_signal(signal);
	else if (reaper->how.group)
		signal_group(reaper, signal);
	/* with the value that sigqueue(3) has sent along */
	else if (info->si_code >= 0 ||
		 signal_queue(reaper->child, info) < 0)
		kill(reaper->child, signal);
}

static bool give_terminal(struct reaper *reaper)
{
	bool given = terminal_give_late(getpgrp(), reaper->child);

	reaper->has_terminal |= given;
	return given;
}

/* We run again, which may be in the foreground now. */
static bool was_continued(struct reaper *reaper)
{
	if (!signal_take(SIGCONT))
		return false;
	give_terminal(reaper);
	signal_group(reaper, SIGCONT);
	return true;
}

/*
 * Whoever waits for us, a shell, is to see that the job is stopped.  SIGSTOP
 * does nothing to the PID 1 that sends it to itself.
 */
static void stop(struct reaper *reaper)
{
	/* a later SIGSTOP would discard the one that is here already */
	if (was_continued(reaper))
		return;
	kill(getpid(), SIGSTOP);
	was_continued(reaper);
}

static void child_stopped(struct reaper *reaper, int signal)
{
	/* it wants to use the terminal, and our shell has given it to us */
	if ((signal == SIGTTIN || signal == SIGTTOU) && give_terminal(reaper))
		signal_group(reaper, SIGCONT);
	else
		stop(reaper);
}

static void child_ended(struct reaper *reaper, int status)
{
	reaper->ended = true;
	reaper->status = WIFEXITED(status) ? WEXITSTATUS(status)
					   : 128 + WTERMSIG(status);
	take_terminal_back(reaper);
	if (reaper->how.grace < 0)
		return;
	left_signal(SIGTERM);
	/* who is stopped would not notice */
	left_signal(SIGCONT);
	reaper->deadline = clock_milliseconds() +
			   (int64_t)reaper->how.grace * 1000;
}

/* Whoever has ended.  Is nobody left? */
static bool reap(struct reaper *reaper)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid != reaper->child || reaper->ended)
			continue;
		if (WIFSTOPPED(status))
			child_stopped(reaper, WSTOPSIG(status));
		else
			child_ended(reaper, status);
	}
	return pid < 0;
}

static bool is_over(struct reaper *reaper)
{
	bool alone = reap(reaper);

	return reaper->ended && (alone || !(reaper->how.wait ||
					    reaper->how.grace >= 0));
}

/* Those whose parents are killed come to us, and are next. */
static void kill_all(struct reaper *reaper)
{
	siginfo_t info;

	while (left_signal(SIGKILL) && !reap(reaper))
		signal_next(&info, ROUND);
}

/* Milliseconds; -1: for ever. */
static int64_t patience(const struct reaper *reaper)
{
	int64_t left;

	if (!reaper->deadline)
		return reaper->settled ? -1 : SETTLE;
	left = reaper->deadline - clock_milliseconds();
	return left > 0 ? left : 0;
}

static void receive(struct reaper *reaper)
{
	siginfo_t info;
	int signal = signal_next(&info, patience(reaper));

	if (signal == 0 && !reaper->deadline) {
		resident_shrink();
		reaper->settled = true;
	}
	/* what the kernel tells us of children is for us alone */
	if (signal == 0 || (signal == SIGCHLD && info.si_code > 0))
		return;
	if (signal == SIGCONT)
		give_terminal(reaper);
	pass_on(reaper, &info);
	if (signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU)
		stop(reaper);
}

int reaper_wait(struct reaper *reaper)
{
	/* the end of file tells the parent that all is as planned */
	fds_close_from(3);
	while (!is_over(reaper)) {
		if (reaper->deadline && !patience(reaper)) {
			kill_all(reaper);
			break;
		}
		receive(reaper);
	}
	return reaper->status;
}
