/* The loopback interface of a network namespace that was made. */

#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/*
 * Bring "lo" up in the network namespace of a process, by a child that enters
 * it.  Its addresses come with it.
 *
 * in_user  the process is in a user namespace that is not ours: the child
 *          enters that first, where it may do everything
 *
 * Returns 0, or -1 with *why.  Source: netdevice(7), setns(2).
 */
int loopback_up(pid_t process, bool in_user, struct failure *why);

#endif
