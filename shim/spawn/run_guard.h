/*
 * Should we be killed, the container does not outlive us: nobody would pass
 * on signals, run the poststop hooks or take its exit status.
 */

#ifndef RUN_GUARD_H
#define RUN_GUARD_H

#include <sys/types.h>

#include "failure.h"

/* A process that waits for our end. */
struct run_guard {
	pid_t pid;		/* 0: none */
	int alive;		/* end of a pipe, closed when we are gone */
};

/*
 * container  pidfd of it, borrowed; -1 (before Linux 5.2): there is no guard,
 *            who could kill another process that has its number by then
 *
 * Returns 0, or -1 with *why.
 */
int run_guard_start(struct run_guard *guard, int container,
		    struct failure *why);

/* The container has ended. */
void run_guard_stop(struct run_guard *guard);

#endif
