/* remount: of one mount (with "bind") or of its filesystem */

#include <fcntl.h>

#include "fd.h"
#include "kernel/mount.h"
#include "kernel/path.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

static int remount_filesystem(const struct mount *m, int mount,
			      struct failure *why)
{
	const struct filesystem fs = { .m = m };
	const struct mount_attr attr = {
		.attr_set = m->attr_set,
		.attr_clr = m->attr_clear,
	};
	unsigned long flags;

	if (mount_flags_with(mount, &attr, &flags, why) < 0)
		return -1;
	return filesystem_remount(&fs, mount, flags | m->super_flags, why);
}

int mount_remount(const struct mount *m, const struct scene *scene,
		  struct failure *why)
{
	autorelease int mount = path_open(scene->inside->root, m->destination, 0,
					why);

	if (mount < 0)
		return -1;
	why->step = "remount";
	if (!(m->flags & MOUNT_BIND) && remount_filesystem(m, mount, why) < 0)
		return -1;
	return attributes_apply(m, mount, why);
}
