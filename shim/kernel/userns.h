/*
 * User namespaces that nobody is in, for the id maps that they stand for.
 *
 * Source: user_namespaces(7), mount_setattr(2), MOUNT_ATTR_IDMAP.
 */

#ifndef KERNEL_USERNS_H
#define KERNEL_USERNS_H

#include "failure.h"

/*
 * The user namespace that we are in; the caller's.
 *
 * proc  a procfs: kernel/proc.h
 */
int userns_own(int proc, struct failure *why);

/*
 * One below ours with these maps, lines as user_namespaces(7) has them; the
 * caller's.  A child holds it until it is open, and is gone afterwards.
 *
 * EPERM: an id outside is not one of ours, or we may not map it.  EINVAL:
 * a map is longer than a page, or has ranges that overlap.
 */
int userns_make(int proc, const char *uid_map, const char *gid_map,
		struct failure *why);

#endif
