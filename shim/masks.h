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
