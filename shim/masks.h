/*
 * Masked and read-only paths: what the container shall not read, or write.
 *
 * Source: runtime-spec config-linux.md, "Masked Paths", "Readonly Paths";
 * threats: CVE-2025-31133.
 */

#ifndef MASKS_H
#define MASKS_H

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

/*
 * Make what masks files: a detached clone of a null device, the caller's.
 *
 * dir, name  where it is: one component, or "" for what dir itself is
 * Before     the switch: what is let go of there can be cloned no more
 *
 * Returns a descriptor that is verified to be the device 1:3, or -1 with *why.
 */
int masks_make_null(int dir, const char *name, struct failure *why);

/* Each path and all that is mounted below it becomes read-only. */
int readonly_paths_set(const struct plan *plan, const struct inside *inside,
		       struct failure *why);

/*
 * Each path is covered: a directory by an empty read-only tmpfs, which all of
 * them share, anything else by a null device.  A path that does not exist is
 * skipped; every other one is covered, or the call fails.
 */
int masked_paths_set(const struct plan *plan, const struct inside *inside,
		     struct failure *why);

#endif
