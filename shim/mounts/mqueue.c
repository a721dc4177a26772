/* mqueue: labelled, and where the kernel takes no label, labelled after */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

static int label_root(int detached, const char *label, struct failure *why)
{
	autorelease int root = file_open(detached, ".", O_RDONLY | O_DIRECTORY,
					 why);

	if (root < 0)
		return -1;
	if (fsetxattr(root, "security.selinux", label, strlen(label) + 1,
		      0) < 0)
		return failed_because(why, "fsetxattr", "label %s", label);
	return 0;
}

int mount_mqueue(const struct mount *m, const struct scene *scene,
		 struct failure *why)
{
	autorelease int destination = destination_dir(m, scene, PATH_FOLLOW,
						      why);
	struct filesystem fs = { .m = m, .label = scene->plan->mount_label };
	autorelease int detached = -1;

	if (destination < 0)
		return -1;
	if (filesystem_mount(&fs, destination, why) == 0)
		return 0;
	if (!fs.label || why->error != EINVAL)
		return -1;
	why->kernel[0] = '\0';		/* of the first try */
	fs.label = NULL;
	detached = filesystem_make(&fs, why);
	if (detached < 0 ||
	    label_root(detached, scene->plan->mount_label, why) < 0)
		return -1;
	return mount_attach(detached, destination, why);
}
