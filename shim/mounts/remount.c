/* remount: of one mount (with "bind") or of its filesystem */

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "fd.h"
#include "kernel/mount.h"
#include "kernel/path.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

#ifndef ST_NOSYMFOLLOW
#define ST_NOSYMFOLLOW 0x2000	/* <linux/statfs.h>, Linux 5.10 */
#endif

/*
 * mount(2) replaces all flags of the mount, so those that it has are said
 * again: asking for one must not take another away.  The numbers of statfs
 * and mount(2) agree but for these two: statfs(2), <linux/statfs.h>.
 */
static int current_flags(int mount, unsigned long *flags, struct failure *why)
{
	const unsigned long same = MS_RDONLY | MS_NOSUID | MS_NODEV |
				   MS_NOEXEC | MS_NOATIME | MS_NODIRATIME;
	struct statfs fs;

	if (fstatfs(mount, &fs) < 0)
		return failed(why, "fstatfs");
	*flags = fs.f_flags & same;
	if (fs.f_flags & ST_NOSYMFOLLOW)
		*flags |= MS_NOSYMFOLLOW;
	if (fs.f_flags & ST_RELATIME)
		*flags |= MS_RELATIME;
	else if (!(*flags & MS_NOATIME))
		*flags |= MS_STRICTATIME;
	return 0;
}

static int remount_filesystem(const struct mount *m, int mount,
			      struct failure *why)
{
	const struct filesystem fs = { .m = m };
	unsigned long flags = 0;

	if (current_flags(mount, &flags, why) < 0)
		return -1;
	if (m->attr_clear & MOUNT_ATTR__ATIME)
		flags &= ~(unsigned long)(MS_NOATIME | MS_RELATIME |
					  MS_STRICTATIME);
	flags &= ~mount_flags(m->attr_clear & ~(uint64_t)MOUNT_ATTR__ATIME);
	flags |= mount_flags(m->attr_set) | m->super_flags;
	return filesystem_remount(&fs, mount, flags, why);
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
