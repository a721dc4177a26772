/* other: devpts, overlay, ext4 and whatever else the kernel knows */

#include "fd.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

int mount_other(const struct mount *m, const struct scene *scene,
		struct failure *why)
{
	const struct filesystem fs = {
		.m = m,
		.label = scene->plan->mount_label,
	};
	autorelease int destination = destination_dir(m, scene, PATH_FOLLOW,
						      why);

	return destination < 0 ? -1 : filesystem_mount(&fs, destination, why);
}
