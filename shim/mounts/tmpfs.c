/* tmpfs: with the mode, or with all, of what it covers */

#include <sys/stat.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
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
	if (ro && mount_restrict(detached, TREE_ONE, MOUNT_ATTR_RDONLY, why) < 0)
		return -1;
	return mount_attach(detached, destination, why);
}

int mount_tmpfs(const struct mount *m, const struct scene *scene,
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
		if (file_look(destination, &covered, why) < 0)
			return -1;
		format_text(mode, sizeof(mode), "mode=%o",
			 covered.st_mode & 07777);
		fs.more = mode;
	}
	if (m->flags & MOUNT_COPY_UP)
		return mount_filled(&fs, destination, why);
	return filesystem_mount(&fs, destination, why);
}
