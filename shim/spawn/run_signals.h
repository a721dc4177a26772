/*
 * Signals of the person's, which are for the container, and the alarm.
 *
 * They come as bytes of a pipe, so that poll(2) waits for them along with
 * all else.  Handlers know no context: the ends of the pipes are global.
 */

#ifndef RUN_SIGNALS_H
#define RUN_SIGNALS_H

#include <stdbool.h>

#include "failure.h"

/* Where they come in: for poll(2), and signals_next(). */
struct run_signals {
	int arrived;
	/* ends (POLLHUP) with the first that would have ended us, and with
	   the alarm: a hook that is waited for is given up then */
	int cancelled;
};

/*
 * Catch what a container may be sent.  What is ignored stays ignored.
 *
 * timeout  seconds until the alarm; 0: never
 *
 * Returns 0, or -1 with *why.
 */
int run_signals_open(struct run_signals *signals, unsigned timeout,
		     struct failure *why);

/* The number of the next one, or 0; does not wait. */
int run_signals_next(const struct run_signals *signals);

/* Would it have ended us, had it not been caught? */
bool is_fatal(int signal);

/* The alarm's number: no other SIGALRM is caught. */
#define RUN_ALARM SIGALRM

#endif
