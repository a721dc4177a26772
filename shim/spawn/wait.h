/* How it ended.  For the spawn room alone. */

#ifndef SPAWN_WAIT_H
#define SPAWN_WAIT_H

#include "spawn/container.h"

/*
 * The shim closed its socket, and neither became the target nor said why: it
 * was killed.  Wait for that, and tell it.  Returns -1.
 */
int wait_for_silent_death(struct init_shim_container *container,
			  struct init_shim_error **error);

#endif
