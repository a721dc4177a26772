/* Children: how to wait for one, and the signals that they start with. */

#ifndef KERNEL_CHILD_H
#define KERNEL_CHILD_H

#include <sys/types.h>

/*
 * A descriptor that poll(2) finds readable when the child has ended: the
 * caller's.  -1 where the kernel has none (before Linux 5.3, or a filter):
 * ask waitpid(2) now and then.
 */
int child_pidfd(pid_t child);

/*
 * Every signal to its default, none blocked.  For a process that is about to
 * become another program: execve(2) would hand on what is ignored or blocked.
 */
void signals_reset(void);

#endif
