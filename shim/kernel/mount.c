/* mount: detached mounts and where they go, by descriptor */

#include "kernel/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/missing.h"
#include "kernel/stage.h"
#include "kernel/subtree.h"

#define ST_NOSYMFOLLOW 0x2000	/* <linux/statfs.h>, Linux 5.10 */

static unsigned clone_flags(const char *path, int flags, enum tree_depth depth)
{
	return OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (unsigned)flags |
	       (*path ? 0 : AT_EMPTY_PATH) |
	       (depth == TREE_WHOLE ? AT_RECURSIVE : 0);
}

/* Each is found missing at its first use, and then all are done without. */
static enum known open_tree, move_mount, mount_setattr;

bool mount_is_staged(void)
{
	return open_tree == MISSING || move_mount == MISSING ||
	       mount_setattr == MISSING;
}

/* Without open_tree(2), Linux 5.2. */
static int clone_on_stage(int source, const char *path, int flags,
			  enum tree_depth depth, struct failure *why)
{
	unsigned long deep = depth == TREE_WHOLE ? MS_REC : 0;
	autorelease int from = -1;

	if (!*path)
		return stage_bind(source, deep, why);
	from = file_open(source, path, O_PATH | (flags & AT_SYMLINK_NOFOLLOW ?
						 O_NOFOLLOW : 0), why);
	return from < 0 ? -1 : stage_bind(from, deep, why);
}

int tree_take(int detached, struct failure *why)
{
	autorelease int mount = file_copy(detached, why);
	autorelease int spot = -1;
	struct stat st;

	if (mount < 0 || !mount_is_staged())
		return take(&mount);
	if (file_look(mount, &st, why) < 0)
		return -1;
	spot = stage_spot(st.st_mode, why);
	if (spot < 0 || mount_attach(mount, spot, why) < 0)
		return -1;
	return take(&mount);
}

int tree_clone(int source, const char *path, int flags, enum tree_depth depth,
	       struct failure *why)
{
	autorelease int tree = -1;

	if (open_tree != MISSING)
		tree = (int)syscall(NR_OPEN_TREE, source, path,
				    clone_flags(path, flags, depth));
	if (is_missing(&open_tree, tree))
		return clone_on_stage(source, path, flags, depth, why);
	if (tree < 0)
		return failed(why, "open_tree");
	return mount_is_staged() ? tree_take(tree, why) : take(&tree);
}

static int change_flags(int mount, const struct mount_attr *attr,
			struct failure *why)
{
	unsigned long flags;

	if (mount_flags_with(mount, attr, &flags, why) < 0)
		return -1;
	return stage_change(mount, MS_REMOUNT | MS_BIND | flags, why);
}

/* Without mount_setattr(2), Linux 5.12: mount(2), once for each mount. */
static int change_by_mount(int mount, enum tree_depth depth,
			   const struct mount_attr *attr, struct failure *why)
{
	unsigned long deep = depth == TREE_WHOLE ? MS_REC : 0;
	int done = 0;

	if (attr->attr_set & MOUNT_ATTR_IDMAP)
		return failed_as(why, "mount_setattr", ENOSYS);
	if (attr->attr_set | attr->attr_clr)
		done = deep ? subtree_each(mount, change_flags, attr, why) :
			      change_flags(mount, attr, why);
	if (done == 0 && attr->propagation)
		done = stage_change(mount, attr->propagation | deep, why);
	return done;
}

int mount_change(int mount, enum tree_depth depth,
		 const struct mount_attr *attr, struct failure *why)
{
	unsigned how = AT_EMPTY_PATH | (depth == TREE_WHOLE ? AT_RECURSIVE : 0);
	long done = -1;

	if (mount_setattr != MISSING)
		done = syscall(NR_MOUNT_SETATTR, mount, "", how, attr,
			       sizeof(*attr));
	if (is_missing(&mount_setattr, done))
		return change_by_mount(mount, depth, attr, why);
	return done < 0 ? failed(why, "mount_setattr") : 0;
}

int mount_restrict(int mount, enum tree_depth depth, uint64_t attrs,
		   struct failure *why)
{
	const struct mount_attr attr = { .attr_set = attrs };

	return mount_change(mount, depth, &attr, why);
}

int mount_propagate(int mount, enum tree_depth depth, uint32_t propagation,
		    struct failure *why)
{
	const struct mount_attr attr = {
		.propagation = propagation & ~(uint32_t)MS_REC,
	};

	return mount_change(mount, depth, &attr, why);
}

/* Two calls where one will do from Linux 6.15 on. */
static int clone_then_change(int source, const char *path,
			     enum tree_depth depth,
			     const struct mount_attr *attr,
			     struct failure *why)
{
	autorelease int tree = tree_clone(source, path, AT_SYMLINK_NOFOLLOW,
					  depth, why);

	if (tree < 0 || mount_change(tree, depth, attr, why) < 0)
		return -1;
	return take(&tree);
}

int tree_clone_with(int source, const char *path, enum tree_depth depth,
		    const struct mount_attr *attr, struct failure *why)
{
	static bool no_open_tree_attr;
	int tree = -1;

	if (!no_open_tree_attr && !mount_is_staged()) {
		tree = (int)syscall(NR_OPEN_TREE_ATTR, source, path,
				    clone_flags(path, AT_SYMLINK_NOFOLLOW,
						depth),
				    attr, sizeof(*attr));
		if (tree >= 0)
			return tree;
		no_open_tree_attr = errno == ENOSYS || errno == EPERM;
	}
	if (no_open_tree_attr || mount_is_staged())
		return clone_then_change(source, path, depth, attr, why);
	return failed(why, "open_tree_attr");
}

int mount_attach(int detached, int destination, struct failure *why)
{
	long done = -1;

	if (move_mount != MISSING)
		done = syscall(NR_MOVE_MOUNT, detached, "", destination, "",
			       MOVE_MOUNT_F_EMPTY_PATH |
			       MOVE_MOUNT_T_EMPTY_PATH);
	/* Linux 5.2 */
	if (is_missing(&move_mount, done))
		return stage_move(detached, destination, why);
	return done < 0 ? failed(why, "move_mount") : 0;
}

static unsigned long flags_of(const struct statfs *fs)
{
	const unsigned long same = MS_RDONLY | MS_NOSUID | MS_NODEV |
				   MS_NOEXEC | MS_NOATIME | MS_NODIRATIME;
	unsigned long flags = fs->f_flags & same;

	if (fs->f_flags & ST_NOSYMFOLLOW)
		flags |= MS_NOSYMFOLLOW;
	if (fs->f_flags & ST_RELATIME)
		return flags | MS_RELATIME;
	return flags & MS_NOATIME ? flags : flags | MS_STRICTATIME;
}

int mount_flags_with(int mount, const struct mount_attr *attr,
		     unsigned long *flags, struct failure *why)
{
	const uint64_t times = MOUNT_ATTR__ATIME;
	struct statfs fs;

	if (fstatfs(mount, &fs) < 0)
		return failed(why, "fstatfs");
	*flags = flags_of(&fs) & ~mount_flags(attr->attr_clr & ~times);
	if (attr->attr_clr & times) {
		*flags &= ~(unsigned long)(MS_NOATIME | MS_RELATIME |
					   MS_STRICTATIME);
		/* none of them would leave what it was: mount(2) */
		if (!(attr->attr_set & times))
			*flags |= MS_RELATIME;
	}
	*flags |= mount_flags(attr->attr_set);
	return 0;
}

unsigned long mount_flags(uint64_t attrs)
{
	static const struct {
		uint32_t attr;
		uint32_t flag;
	} same[] = {
		{ MOUNT_ATTR_RDONLY, MS_RDONLY },
		{ MOUNT_ATTR_NOSUID, MS_NOSUID },
		{ MOUNT_ATTR_NODEV, MS_NODEV },
		{ MOUNT_ATTR_NOEXEC, MS_NOEXEC },
		{ MOUNT_ATTR_NOATIME, MS_NOATIME },
		{ MOUNT_ATTR_STRICTATIME, MS_STRICTATIME },
		{ MOUNT_ATTR_NODIRATIME, MS_NODIRATIME },
		{ MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW },
	};
	unsigned long flags = 0;
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (attrs & same[i].attr)
			flags |= same[i].flag;
	return flags;
}
