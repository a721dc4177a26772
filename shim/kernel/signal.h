/*
 * Signals that are held and taken one by one, all of them: a C library keeps
 * some to itself (32 to 34 in musl).
 */

#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "failure.h"

/* A set as the kernel has it: bit n - 1 is signal n. */
struct signal_mask {
	unsigned long bits[_NSIG / 8 / sizeof(long)];
};

/*
 * Block every signal; *before is what was blocked.  SIGCHLD is at its default
 * then: a parent may have it ignored, and the kernel would reap for us.
 */
int signals_hold(struct signal_mask *before, struct failure *why);

/* Block these and no others. */
void signals_set(const struct signal_mask *mask);

/*
 * Wait for the next one that is held, so many milliseconds; -1: for ever.
 * Returns its number, or 0 when none has come.
 */
int signal_next(siginfo_t *info, int64_t milliseconds);

/* Has this one come?  It is taken. */
bool signal_take(int signal);

/* Hand it on as it came, with its value: rt_sigqueueinfo(2), -1 with errno. */
int signal_queue(pid_t to, const siginfo_t *info);

#endif
