/* What both processes before the shim do.  For child.c and between.c. */

#ifndef SPAWN_STEPS_H
#define SPAWN_STEPS_H

#include "spawn/control.h"
#include "spawn/order.h"

/* errno says why; which of a list, or 0.  Returns -1. */
int step_failed(const struct order *order, enum control_step step, int which);

/* Go into the cgroups, where it was not born into them. */
int step_enter_cgroups(const struct order *order);

/*
 * Join what is not joined yet, but for the user namespace.
 *
 * later  EPERM is no failure: a user namespace may give the privilege
 */
int step_join(struct order *order, bool later);

/* Become the shim; the status to exit with where that failed. */
int step_become_shim(const struct order *order);

#endif
