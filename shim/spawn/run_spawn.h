/* From what is to be run to a shim that has its plan. */

#ifndef RUN_SPAWN_H
#define RUN_SPAWN_H

#include "init-shim.h"
#include "launch.h"
#include "run_options.h"

/*
 * Spawn the shim in its namespaces and cgroups, bring up the loopback
 * interface of a new network namespace, write the pid file, and hand over the
 * plan.
 *
 * Returns NULL after it has said why, and nothing is left behind; or the
 * container, the caller's.
 */
struct init_shim_container *run_spawn(const struct launch *launch,
				      const struct run_options *opt);

/* Tell an error of the library's, or the shim's, and free it. */
void run_tell_error(const struct launch *launch,
		    struct init_shim_error *error);

#endif
