/*
 * With "move" no host tree is let go of, only covered.  A procfs or sysfs
 * that stays mounted anywhere there would still be reachable for the kernel's
 * test whether a new one may be mounted (mount_too_revealing), and so hand
 * a container an unmasked one.
 */

#ifndef HOSTPROC_H
#define HOSTPROC_H

#include "failure.h"
#include "outside.h"

/*
 * Unmount every procfs and sysfs outside of the rootfs, or cover it with an
 * empty tmpfs where that is not allowed.
 *
 * Before  the rootfs is complete and moved away, so that it covers nothing of
 *         the host's tree, in which "/" still is
 */
int hostproc_hide(const struct outside *outside, const struct inside *inside,
		  struct failure *why);

#endif
