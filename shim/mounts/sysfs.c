/* sysfs: fresh, or the host's where the network namespace is not ours */

#include <errno.h>
#include <fcntl.h>

#include "fd.h"
#include "kernel/mount.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

/*
 * A sysfs shows the devices of a network namespace, and the kernel gives one
 * only to who owns that.  The host's own then serves, with all below it and
 * each part as restricted as the plan asks: flags only tighten.
 */
static int bind_hosts(const struct mount *m, const struct scene *scene,
		      int destination, struct failure *why)
{
	const struct mount_attr attr = {
		.attr_set = attributes_of(m),
		.attr_clr = attributes_of(m) & MOUNT_ATTR__ATIME ?
			    MOUNT_ATTR__ATIME : 0,
	};
	autorelease int tree = tree_clone(scene->outside->root, "sys",
					AT_SYMLINK_NOFOLLOW, TREE_WHOLE, why);

	if (tree < 0 || mount_change(tree, TREE_WHOLE, &attr, why) < 0)
		return -1;
	return mount_attach(tree, destination, why);
}

int mount_sysfs(const struct mount *m, const struct scene *scene,
		struct failure *why)
{
	const struct filesystem fs = { .m = m };
	autorelease int destination = destination_dir(m, scene, PATH_NO_LINKS,
						      why);

	if (destination < 0)
		return -1;
	if (filesystem_mount(&fs, destination, why) == 0)
		return 0;
	return why->error == EPERM ? bind_hosts(m, scene, destination, why) :
				     -1;
}
