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
 * After   "/" and the working directory are the rootfs, its propagation is
 *         the plan's; no path leads to the host's tree, descriptors still do
 *
 * EINVAL where "/" is an initramfs, with a hint; EBUSY, EPERM.
 */
int root_switch(const struct plan *plan, const struct outside *outside,
		const struct inside *inside, struct failure *why);

#endif
