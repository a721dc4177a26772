/* tmpfs: with the mode, or with all, of what it covers */

#include <sys/stat.h>

#include "fd.h"
#include "format.h"
#include "kernel/mount.h"
#include "mounts/copyup.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

/*
 * Made writable, filled, made read-only where that is asked for, and only
 * then attached: nobody sees it half full.
 */
static int mount_filled(const struct filesystem *fs, int destination,
			struct failure *why)
{
	const struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	struct mount writable = *fs->m;
	struct filesystem empty = *fs;
	autorelease int detached = -1;
	bool ro = attributes_of(fs->m) & MOUNT_ATTR_RDONLY;

	writable.attr_set &= ~(uint32_t)MOUNT_ATTR_RDONLY;
	writable.all_set &= ~(uint32_t)MOUNT_ATTR_RDONLY;
	empty.m = &writable;
	detached = filesystem_make(&empty, why);
	if (detached < 0 || copy_up(destination, detached, why) < 0)
		return -1;
	if (ro && mount_change(detached, TREE_ONE, &readonly, why) < 0)
		return -1;
	return mount_attach(detached, destination, why);
}

static int tmpfs_mount(const struct mount *m, const struct scene *scene,
		       struct failure *why)
{
	struct wanted dir = { .make = S_IFDIR | 0755, .source = -1 };
	autorelease int destination = destination_open(m, scene, &dir, why);
	struct filesystem fs = { .m = m, .label = scene->plan->mount_label };
	struct stat covered;
	char mode[16];

	if (destination < 0)
		return -1;
	if (!dir.made && !has_option(m, "mode")) {
		if (fstat(destination, &covered) < 0)
			return failed(why, "fstat");
		format_text(mode, sizeof(mode), "mode=%o",
			 covered.st_mode & 07777);
		fs.more = mode;
	}
	if (m->flags & MOUNT_COPY_UP)
		return mount_filled(&fs, destination, why);
	return filesystem_mount(&fs, destination, why);
}

const struct mount_kind mount_tmpfs = { "tmpfs", tmpfs_mount };
