/* The container's state, as hooks and others are told: runtime.md, "State". */

#ifndef RUN_STATE_H
#define RUN_STATE_H

#include <cJSON.h>
#include <sys/types.h>

#include "launch.h"

/*
 * What the plan has of it, and what has become of it meanwhile; the caller's.
 *
 * status  "creating", "running", "stopped"
 * pid     of the container; 0: it has none any more
 */
cJSON *run_state(const struct launch *launch, const char *status, pid_t pid);

#endif
