/*
 * PID 1 done right, for a program that is none: it is started as a child,
 * what is sent to us is sent on to it, and what it leaves behind is reaped.
 *
 * Every signal is blocked here and taken one by one, so that none is lost and
 * no handler can interrupt; the child has the mask that we were given.
 *
 * Source: pid_namespaces(7), prctl(2) PR_SET_CHILD_SUBREAPER, credentials(7).
 */

#ifndef REAPER_H
#define REAPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* How: the options before "--". */
struct reaping {
	bool subreaper;		/* -s: without a word, where we are not PID 1 */
	bool group;		/* -g: signals go to the child's whole group */
	bool wait;		/* --wait: for all others, too */
	int grace;		/* --grace: TERM to all others, and KILL after
				   so many seconds; -1: neither */
};

struct reaper {
	struct reaping how;
	pid_t child;		/* and its process group */
	bool has_terminal;	/* its group has been given the terminal */
	bool ended;
	int status;		/* then: the exit status to end with */
	bool settled;		/* what is not needed for long is given back */
	int64_t deadline;	/* milliseconds of the clock; of --grace */
};

/*
 * Start the child, in a process group of its own, which is given the
 * terminal where ours had it.
 *
 * become  called in the child, which shares our memory until its execve(2):
 *         returns only when that failed, with *why filled
 *
 * After   all signals are blocked, SIGCHLD is at its default; where we are
 *         not PID 1 orphans come to us
 *
 * Returns 0, or -1 with *why; then there is no child.
 */
int reaper_start(struct reaper *reaper, const struct reaping *how,
		 void (*become)(void *what), void *what, struct failure *why);

/*
 * Let go of every descriptor from 3 on, and wait until the child has ended,
 * and others as planned.  Returns the exit status: the child's, or 128 and the
 * number of the signal that killed it.
 */
int reaper_wait(struct reaper *reaper);

/* Kill the child, which has just been started: it cannot stay.  Returns -1. */
int reaper_abandon(struct reaper *reaper);

#endif
