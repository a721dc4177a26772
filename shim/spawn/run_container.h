/* The life of a container, from its first process to its exit status. */

#ifndef RUN_CONTAINER_H
#define RUN_CONTAINER_H

#include "launch.h"
#include "run_options.h"
#include "run_signals.h"

/* Returns the exit status, after it has said what went wrong. */
int run_container(const struct launch *launch, const struct run_options *opt,
		  const struct run_signals *signals);

#endif
