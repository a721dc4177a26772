/*
 * The rootfs: opened once, made a mountpoint of its own, and held by a
 * descriptor from then on.
 *
 * Source: mount_namespaces(7), pivot_root(2); threats: CVE-2021-30465.
 */

#ifndef ROOT_H
#define ROOT_H

#include <stdint.h>

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

/*
 * Before  the mount namespace is the container's own, unless the plan says
 *         chroot: then nothing is mounted, and nothing changed
 * After   nothing that is mounted in the rootfs reaches the host; inside->root
 *         is the root of a mount
 *
 * Where the rootfs is a detached mount outside->root is the clone of "/" that
 * lies on it, and the root of the process, until the switch.
 *
 * The descriptors of *inside belong to it and live until execve(2).
 */
int root_prepare(const struct plan *plan, struct outside *outside,
		 struct inside *inside, struct failure *why);

/* What "/" gets first, MS_* for mount(2); 0: it stays as it is. */
uint32_t root_propagation_now(const struct plan *plan);

#endif
