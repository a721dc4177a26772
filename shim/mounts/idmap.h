/*
 * Ids of files that are others in a mount: idmap and ridmap.
 *
 * Source: runtime-spec config.md, "uidMappings" of a mount; mount_setattr(2),
 * "ID-mapped mounts".
 */

#ifndef MOUNTS_IDMAP_H
#define MOUNTS_IDMAP_H

#include "mounts/kind.h"

/*
 * Map the ids of a tree that is not attached yet as the mount has it, or as
 * the container's user namespace does.
 */
int idmap_apply(const struct mount *m, const struct scene *scene, int tree,
		struct failure *why);

#endif
