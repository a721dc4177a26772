/*
 * Device nodes and the links that programs expect in /dev.
 *
 * The image is hostile: what is there already is verified, never taken on
 * trust.  Source: runtime-spec config-linux.md, "Default Devices" and "Dev
 * symbolic links"; threats: CVE-2026-41579.
 */

#ifndef DEVICES_H
#define DEVICES_H

#include <stdbool.h>

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

/*
 * Make the planned devices, /dev/ptmx and the links; none of it where /dev is
 * a bind, for then the parent has prepared it.
 *
 * Before  the mounts stand, umask is 0
 * After   inside->dev and inside->null are set, where there are such
 *
 * Returns 0, or -1 with *why: EEXIST where something else is in the place.
 */
int devices_make(const struct plan *plan, const struct outside *outside,
		 struct inside *inside, struct failure *why);

/*
 * A place to bind a device to: an empty file, or whatever else is there but a
 * link or a directory (EEXIST).  Returns O_PATH, the caller's, or -1 with *why.
 */
int place_open(int dir, const char *name, struct failure *why);

/*
 * Will the container have a null device of its own making, which serves to
 * mask files too?
 */
bool devices_make_null(const struct plan *plan);

#endif
