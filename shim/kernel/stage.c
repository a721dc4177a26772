/* stage: mounts made where nobody sees them, for kernels before Linux 5.12 */

#include "kernel/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/abi.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/proc.h"

#define NAME_SIZE 24		/* "self/fd/2147483647" */

/* The kernel was found to lack detached mounts: this is instead of them. */
static struct {
	int place;		/* where it is to be; borrowed */
	int root;		/* its root directory; -1: it is not there */
	int holder;		/* what lies on "/" with it; -1: nothing */
	unsigned count;		/* of the places on it, the newest's name */
	bool late;
} stage = { -1, -1, -1, 0, false };

void stage_at(int place, bool is_late)
{
	stage.place = place;
	stage.late = is_late && stage.root < 0;
}

bool stage_is_open(void)
{
	return stage.root >= 0;
}

bool stage_is_late(void)
{
	return stage.late;
}

/* The working directory becomes a procfs, from where the name leads to fd. */
static int name_fd(int fd, char *name, struct failure *why)
{
	int proc = proc_trusted(why);

	if (proc < 0)
		return -1;
	format_text(name, NAME_SIZE, "self/fd/%d", fd);
	return file_enter(proc, why);
}

/*
 * What is mounted on the root directory of a process is looked up by ".."
 * alone: as the root it leads to itself, and then to the top of what lies on
 * it (path_resolution(7) does not say).
 */
static int open_top(int place, struct failure *why)
{
	autorelease int root = file_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY,
					 why);
	autorelease int top = -1;

	if (root < 0 || file_enter(place, why) < 0)
		return -1;
	if (chroot(".") < 0)
		return failed(why, "chroot");
	top = file_open(AT_FDCWD, "/..", O_PATH | O_DIRECTORY, why);
	if (file_enter(root, why) < 0)
		return -1;
	if (chroot(".") < 0)
		return failed(why, "chroot");
	return take(&top);
}

/* Unbindable, so that no recursive bind takes it along. */
static int cover(int place, struct failure *why)
{
	autorelease int top = -1;
	struct stat below, here;

	if (file_enter(place, why) < 0)
		return -1;
	if (mount("stage", ".", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  "mode=0700") < 0)
		return failed(why, "mount");
	top = open_top(place, why);
	if (top < 0 || file_look(place, &below, why) < 0 ||
	    file_look(top, &here, why) < 0)
		return -1;
	if (below.st_dev == here.st_dev)
		return failed_as(why, "mount", ESTALE);
	if (stage_change(top, MS_UNBINDABLE, why) < 0)
		return -1;
	return take(&top);
}

int stage_open(struct failure *why)
{
	if (stage.root >= 0)
		return 0;
	/* on the rootfs it would be seen */
	if (stage.place < 0 || (stage.late && mount_is_staged()))
		return refused(why, "it takes detached mounts, Linux 5.12");
	stage.root = cover(stage.place, why);
	if (stage.root < 0)
		return -1;
	/* which may be mounted on it: before anything else is */
	return stage.late || proc_trusted(why) >= 0 ? 0 : -1;
}

int stage_top(struct failure *why)
{
	char name[NAME_SIZE];

	format_text(name, sizeof(name), "%u", stage.count);
	return file_open(stage.root, name, O_PATH | O_NOFOLLOW, why);
}

/* The place before goes, unless it is in use still: EBUSY. */
int stage_spot(mode_t type, struct failure *why)
{
	char name[NAME_SIZE];
	int made;

	if (stage_open(why) < 0)
		return -1;
	format_text(name, sizeof(name), "%u", stage.count++);
	unlinkat(stage.root, name, 0);
	unlinkat(stage.root, name, AT_REMOVEDIR);
	format_text(name, sizeof(name), "%u", stage.count);
	made = S_ISDIR(type) ? mkdirat(stage.root, name, 0700) :
			       mknodat(stage.root, name, S_IFREG | 0600, 0);
	return made < 0 ? failed(why, "mknodat") : stage_top(why);
}

int stage_mount(const char *type, const char *source, unsigned long flags,
		const char *data, struct failure *why)
{
	autorelease int spot = stage_spot(S_IFDIR, why);

	if (spot < 0 || file_enter(spot, why) < 0)
		return -1;
	if (mount(source, ".", type, flags, data) < 0)
		return failed(why, "mount");
	return stage_top(why);
}

/* mount(2) from one descriptor to another. */
static int mount_by_fd(int source, int target, unsigned long flags,
		       struct failure *why)
{
	char from[NAME_SIZE], to[NAME_SIZE];

	if (name_fd(source, from, why) < 0 || name_fd(target, to, why) < 0)
		return -1;
	return mount(from, to, NULL, flags, NULL) < 0 ? failed(why, "mount") : 0;
}

int stage_bind(int source, unsigned long flags, struct failure *why)
{
	autorelease int spot = -1;
	struct stat st;

	if (file_look(source, &st, why) < 0)
		return -1;
	spot = stage_spot(st.st_mode, why);
	if (spot < 0 || mount_by_fd(source, spot, MS_BIND | flags, why) < 0)
		return -1;
	return stage_top(why);
}

int stage_move(int mount, int destination, struct failure *why)
{
	return mount_by_fd(mount, destination, MS_MOVE, why);
}

/* "." does for a directory, and needs no procfs. */
int stage_change(int changed, unsigned long flags, struct failure *why)
{
	char name[NAME_SIZE] = ".";

	if (file_enter(changed, why) < 0 && name_fd(changed, name, why) < 0)
		return -1;
	return mount(NULL, name, NULL, flags, NULL) < 0 ? failed(why, "mount") :
							  0;
}

/* A directory of the holder. */
static int make_dir(const char *name, struct failure *why)
{
	if (mkdirat(stage.holder, name, 0700) < 0)
		return failed(why, "mkdirat");
	return file_open(stage.holder, name, O_PATH | O_DIRECTORY, why);
}

int stage_pivot(int rootfs, struct failure *why)
{
	char new[NAME_SIZE], old[NAME_SIZE];
	autorelease int below = -1, here = -1;

	stage.holder = cover(rootfs, why);
	if (stage.holder < 0)
		return -1;
	below = make_dir("old", why);
	here = make_dir("stage", why);
	if (below < 0 || here < 0 || name_fd(rootfs, new, why) < 0 ||
	    name_fd(below, old, why) < 0)
		return -1;
	if (syscall(SYS_pivot_root, new, old) < 0)
		return failed(why, "pivot_root");
	return stage_move(stage.root, here, why);
}

int stage_carry(int rootfs, struct failure *why)
{
	return stage_move(stage.root, rootfs, why);
}

int stage_id(void)
{
	int lowest = stage.holder < 0 ? stage.root : stage.holder;

	return lowest < 0 ? -1 : proc_mount_id(lowest);
}

int stage_close(struct failure *why)
{
	if (stage.root < 0)
		return 0;
	if (file_enter(stage.holder < 0 ? stage.root : stage.holder, why) < 0)
		return -1;
	if (umount2(".", MNT_DETACH) < 0)
		return failed(why, "umount2");
	fd_release(&stage.root);
	if (stage.holder >= 0)
		fd_release(&stage.holder);
	return 0;
}
