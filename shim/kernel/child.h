/* Children: how to wait for one, and the signals that they start with. */

#ifndef KERNEL_CHILD_H
#define KERNEL_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/*
 * A descriptor that poll(2) finds readable when the child has ended: the
 * caller's.  -1 where the kernel has none (before Linux 5.3, or a filter):
 * ask waitpid(2) now and then.
 */
int child_pidfd(pid_t child);

/*
 * Signals to their default, and none blocked.  For a process that is about to
 * become another program: execve(2) would hand on what is ignored or blocked.
 *
 * which  bit n - 1 is signal n; those that are always at their default (of
 *        SIGKILL and SIGSTOP the kernel says EINVAL) do no harm
 */
int signals_reset(uint64_t which, struct failure *why);

#endif
