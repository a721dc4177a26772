/*
 * Switch root: the rootfs becomes "/", and the host's tree is let go of.
 *
 * Source: pivot_root(2), NOTES; switch_root(8) for MS_MOVE.
 */

#ifndef SWITCH_H
#define SWITCH_H

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

/*
 * Before  propagation is such that no umount reaches the host
 * After   "/" and the working directory are the rootfs; no path leads to the
 *         host's tree, descriptors still do
 *
 * EINVAL where "/" is an initramfs, with a hint; EBUSY, EPERM.
 */
int root_switch(const struct plan *plan, struct outside *outside,
		const struct inside *inside, struct failure *why);

/*
 * What root_prepare() left for now: "/" becomes shared or unbindable, where
 * the plan says so.
 *
 * Before  the switch, for pivot_root(2) refuses a shared parent, and all that
 *         is cloned: what is unbindable can be no more
 */
int root_propagate(const struct plan *plan, struct failure *why);

#endif
