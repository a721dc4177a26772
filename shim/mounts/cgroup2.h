/* What both kinds of cgroup mounts need to bind from the host. */

#ifndef MOUNTS_CGROUP2_H
#define MOUNTS_CGROUP2_H

#include "mounts/kind.h"

/*
 * O_PATH descriptor, the caller's, of what the host has at path (without the
 * leading slash), or -1 when that is no cgroup2, which is no failure yet.
 */
int cgroup2_find(const struct scene *scene, const char *path,
		 struct failure *why);

/*
 * The mount with what restricts it said of all below it too, for
 * attributes_apply(): a read-only cgroup has no writable one in it.
 */
struct mount cgroup_restrict(const struct mount *m);

#endif
