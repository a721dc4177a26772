/*
 * A mount and all that is mounted below it, one after the other: what
 * AT_RECURSIVE is to mount_setattr(2), for kernels before Linux 5.12.
 */

#ifndef KERNEL_SUBTREE_H
#define KERNEL_SUBTREE_H

#include "failure.h"
#include "kernel/abi.h"

/* Done to each mount; 0, or -1 with *why. */
typedef int subtree_step(int mount, const struct mount_attr *attr,
			 struct failure *why);

/*
 * Take the step for the mount and each below it, found by the table of mounts
 * and known by its id when it is reached, whatever was renamed meanwhile.
 * What other mounts cover cannot be reached, by nobody, and is left out.
 *
 * top  its root, O_PATH; borrowed; in our mount namespace
 *
 * May take a step twice: all are taken until the table no longer changes.
 * Returns 0, or -1 with *why: EBUSY where it does not cease to.
 */
int subtree_each(int top, subtree_step *step, const struct mount_attr *attr,
		 struct failure *why);

#endif
