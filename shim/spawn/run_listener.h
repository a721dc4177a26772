/*
 * The listener of a seccomp filter, handed to whoever answers its calls: an
 * agent that waits at a Unix socket (config-linux.md, "listenerPath").
 */

#ifndef RUN_LISTENER_H
#define RUN_LISTENER_H

#include <sys/types.h>

#include "failure.h"
#include "launch.h"

/*
 * listener  descriptor of the listener; borrowed
 * pid       of the container
 *
 * Returns 0, or -1 with *why.
 */
int run_listener_send(const struct launch *launch, int listener, pid_t pid,
		      struct failure *why);

#endif
