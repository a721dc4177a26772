/* The ids of a new user namespace.  For the spawn room alone. */

#ifndef SPAWN_MAPS_H
#define SPAWN_MAPS_H

#include <stdint.h>
#include <sys/types.h>

#include "failure.h"
#include "spawn/init-shim.h"

/*
 * Write the maps of the user namespace that the process is in: directly or,
 * where that takes privileges which the caller lacks, by newuidmap(1) and
 * newgidmap(1).
 *
 * Returns 0, or -1 with *why.  Source: user_namespaces(7).
 */
int maps_write(pid_t pid, const struct init_shim_how *how, int64_t deadline,
	       struct failure *why);

#endif
