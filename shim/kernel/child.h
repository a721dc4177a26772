/*
 * Relatives: how to make a child, how to wait for it, the signals that it
 * starts with, and what the parent sends.
 *
 * Straight to the kernel: libc blocks signals and takes locks for threads that
 * are not here, and to read the clock without a call it parses the vdso(7).
 */

#ifndef KERNEL_CHILD_H
#define KERNEL_CHILD_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "failure.h"

/* fork(2); -1 with errno. */
pid_t child_fork(void);

/* pipe2(2), both ends close-on-exec: the caller's.  -1 with errno. */
int child_pipe(int ends[2]);

/*
 * A descriptor that poll(2) finds readable when the child has ended: the
 * caller's.  -1 where the kernel has none (before Linux 5.3, or a filter):
 * ask waitpid(2) now and then.
 */
int child_pidfd(pid_t child);

/*
 * As vfork(2): a child that shares our memory, while we wait for its execve(2)
 * or its end; what begin() returns is its exit status.  -1 with errno.
 */
pid_t child_start(int (*begin)(void *), void *what);

/* Send it a signal: by its pidfd; -1: by its number.  -1 with errno. */
int child_signal(int pidfd, pid_t child, int signal);

/*
 * Signals to their default, and none blocked.  For a process that is about to
 * become another program: execve(2) would hand on what is ignored or blocked.
 *
 * which  bit n - 1 is signal n; those that are always at their default (of
 *        SIGKILL and SIGSTOP the kernel says EINVAL) do no harm
 */
int signals_reset(uint64_t which, struct failure *why);

/* The same, and what is blocked stays so. */
int signals_reset_actions(uint64_t which, struct failure *why);

/* A reader that is gone is EPIPE from now on, and kills nobody. */
void signals_block_pipe(void);

/* recvmsg(2) and sendmsg(2); -1 with errno. */
ssize_t parent_receive(int socket, struct msghdr *message, int flags);
ssize_t parent_send(int socket, const struct msghdr *message, int flags);

/* Milliseconds of a clock that only goes forward. */
int64_t clock_milliseconds(void);

#endif
