/* What is said to the shim.  For the spawn room alone. */

#ifndef SPAWN_TALK_H
#define SPAWN_TALK_H

#include <stddef.h>

#include "failure.h"
#include "spawn/container.h"

/* As init_shim_give_plan(). */
int talk_give_plan(struct init_shim_container *container, const char *plan,
		   size_t length, struct failure *why);

#endif
