/* hostproc: proc and sysfs of the host put out of reach, for "move" */

#include "hostproc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mountinfo.h"
#include "kernel/proc.h"

static int cover(const struct mountinfo_line *line, struct failure *why)
{
	if (mount("tmpfs", line->point, "tmpfs",
		  MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return 0;
	/* one file of it, which a tmpfs cannot cover, makes nobody a procfs */
	return errno == ENOTDIR ? 0 : failed(why, "mount");
}

/*
 * What lies on it goes first, known by the mount's id: of the host's tree
 * nothing is needed any more.
 */
static int hide(const struct mountinfo_line *line, struct failure *why)
{
	int id;

	attempt(why, "/rootfs/switch", WHOLE, "hide the host's", line->point);
	do {
		autoclose int there = file_open(AT_FDCWD, line->point,
						O_PATH | O_NOFOLLOW, why);

		/* a parent that went took it along */
		if (there < 0)
			return errno == ENOENT ? 0 : -1;
		id = proc_mount_id(there);
		if (id < 0)
			return failed(why, "statx");
		if (umount2(line->point, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
			continue;
		/* locked together with others (EINVAL), or not ours (EPERM) */
		if (errno != EPERM && errno != EINVAL)
			return failed(why, "umount2");
		return id == line->id ? cover(line, why) : 0;
	} while (id != line->id);
	return 0;
}

static int hide_all(const struct mountinfo_list *lines, int rootfs,
		    struct failure *why)
{
	size_t i = lines->count;

	/* what is mounted later may lie on what was mounted before */
	while (i-- > 0) {
		const struct mountinfo_line *line = &lines->items[i];

		if ((strcmp(line->type, "proc") == 0 ||
		     strcmp(line->type, "sysfs") == 0) &&
		    !mountinfo_is_below(lines, line, rootfs, -1) &&
		    hide(line, why) < 0)
			return -1;
	}
	return 0;
}

int hostproc_hide(const struct outside *outside, const struct inside *inside,
		  struct failure *why)
{
	struct mountinfo_list lines;
	int rootfs = proc_mount_id(inside->root);
	int done;

	if (rootfs < 0)
		return failed(why, "statx");
	if (mountinfo_list(&lines, outside->proc, why) < 0)
		return -1;
	done = hide_all(&lines, rootfs, why);
	mountinfo_list_free(&lines);
	return done;
}
