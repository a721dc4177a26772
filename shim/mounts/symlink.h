/* "copy-symlink": a source that is a symlink is made anew, not mounted. */

#ifndef MOUNTS_SYMLINK_H
#define MOUNTS_SYMLINK_H

#include "mounts/kind.h"

/*
 * source  O_PATH descriptor of the symlink; borrowed
 *
 * Returns 0 when the destination is such a link now, -1 with *why: EEXIST
 * when it is anything else.
 */
int symlink_copy(const struct mount *m, const struct scene *scene, int source,
		 struct failure *why);

#endif
