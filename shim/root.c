/* root: propagation first, then the rootfs bound on itself */

#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/mountinfo.h"
#include "kernel/proc.h"
#include "kernel/stage.h"

/*
 * A shared "/" stays as it is until the switch: its mounts keep their peers,
 * which is what is asked for, and pivot_root(2) wants what is around the
 * rootfs private.  An unbindable one could not be bound, but is private.
 */
uint32_t root_propagation_now(const struct plan *plan)
{
	uint32_t wanted = plan->rootfs.propagation;

	if (wanted & MS_SHARED)
		return 0;
	if (wanted & MS_UNBINDABLE)
		return MS_PRIVATE | (wanted & MS_REC);
	return wanted;
}

static int set_propagation(const struct plan *plan,
			   const struct outside *outside, struct failure *why)
{
	uint32_t now = root_propagation_now(plan);

	attempt(why, "/rootfs/propagation", WHOLE, "set the propagation of",
		"/");
	if (!now)
		return 0;
	return mount_propagate(outside->root, now & MS_REC ? TREE_WHOLE :
							     TREE_ONE,
			       now, why);
}

/* Up from a directory to the mount that it is in, which is made private. */
static int make_mount_private(int directory, struct failure *why)
{
	autorelease int here = file_open(directory, ".",
					 O_PATH | O_DIRECTORY, why);

	while (here >= 0) {
		int above;

		if (mount_propagate(here, TREE_ONE, MS_PRIVATE, why) == 0)
			return 0;
		/* EINVAL: not the root of a mount; mount_setattr(2) */
		if (why->error != EINVAL)
			return -1;
		above = file_open(here, "..", O_PATH | O_DIRECTORY, why);
		fd_release(&here);
		here = above;
	}
	return -1;
}

static int keep_mounts_in(const struct plan *plan, int rootfs,
			  struct failure *why)
{
	uint32_t now = root_propagation_now(plan);

	attempt(why, "/rootfs", WHOLE, "make private the mount of",
		plan->rootfs.path);
	if (now & MS_REC)
		return 0;	/* none is shared any more */
	return make_mount_private(rootfs, why);
}

static int open_rootfs(const struct plan *plan, struct failure *why)
{
	const char *path = plan->rootfs.path;

	attempt(why, "/rootfs", WHOLE, "open the rootfs", path);
	/* an absolute path is looked up from no descriptor: openat(2) */
	return file_open(plan->rootfs.fd, path ? path : ".",
			 O_PATH | O_DIRECTORY, why);
}

/*
 * Is the descriptor of a mount that has no place in our namespace?  Asked of
 * the table of mounts, for both a detached mount and a mount of ours are
 * cloned and attached by kernels from 6.15 on.
 */
static int is_detached(const struct outside *outside, int rootfs,
		       struct failure *why)
{
	int id = proc_mount_id(rootfs);
	struct mountinfo_line line = { .id = -1 };
	struct text table;
	char *cursor;

	if (id < 0)
		return failed(why, "statx");
	if (mountinfo_read(&table, outside->proc, why) < 0)
		return -1;
	cursor = table.bytes;
	while (line.id != id && mountinfo_next(&cursor, &line))
		;
	text_free(&table);
	return line.id != id;
}

/*
 * A clone of what is shared is its peer: what is mounted in it would be on the
 * host too, and pivot_root(2) refuses it.  So it gets what set_propagation()
 * gave to all that was attached, or at least a root that is private.
 */
static int keep_detached_in(const struct plan *plan, int tree,
			    struct failure *why)
{
	uint32_t now = root_propagation_now(plan);

	if (now & MS_REC)
		return mount_propagate(tree, TREE_WHOLE, now, why);
	return mount_propagate(tree, TREE_ONE, MS_PRIVATE, why);
}

/*
 * What lies on "/" is where ".." leads to from a directory of the host: a
 * source that is a link to "../run/file" would be looked up in the image, and
 * so would what a hook executes.  So the host's tree is put on top again, a
 * clone of it, and is the root of the process until the switch.
 */
static int put_on_top(int clone, int rootfs, struct outside *outside,
		      struct failure *why)
{
	if (mount_attach(clone, rootfs, why) < 0 || file_enter(clone, why) < 0)
		return -1;
	if (chroot(".") < 0)
		return failed(why, "chroot");
	outside->lowest = outside->root;
	outside->root = file_copy(clone, why);
	return outside->root < 0 ? -1 : 0;
}

static int detached_failed(struct failure *why)
{
	if (why->error == EINVAL)
		why->hint = "a plain descriptor of another mount namespace "
			    "cannot be mounted: pass one of open_tree(2) with "
			    "OPEN_TREE_CLONE";
	return -1;
}

/*
 * A detached mount has no place yet and goes on "/", as it is; there it is
 * reached by descriptor alone.
 */
static int attach_detached(const struct plan *plan, struct outside *outside,
			   struct failure *why)
{
	autorelease int tree = -1;
	autorelease int clone = -1;

	if (make_mount_private(outside->root, why) < 0)
		return -1;
	stage_at(outside->root, false);
	tree = tree_take(plan->rootfs.fd, why);
	if (tree < 0 || keep_detached_in(plan, tree, why) < 0)
		return detached_failed(why);
	clone = tree_clone(outside->root, "", 0, TREE_WHOLE, why);
	if (clone < 0)
		return -1;
	if (mount_attach(tree, outside->root, why) < 0)
		return detached_failed(why);
	return put_on_top(clone, tree, outside, why) < 0 ? -1 : take(&tree);
}

/* A directory of our namespace is bound on itself, to be a mount of its own. */
static int attach_on_itself(int rootfs, struct failure *why)
{
	autorelease int tree = tree_clone(rootfs, "", 0, TREE_WHOLE, why);

	if (tree < 0 || mount_attach(tree, rootfs, why) < 0)
		return -1;
	return take(&tree);
}

static int attach_rootfs(const struct plan *plan, struct outside *outside,
			 int rootfs, struct failure *why)
{
	int detached = 0;

	attempt(why, "/rootfs", WHOLE, "mount the rootfs", plan->rootfs.path);
	if (!plan->rootfs.path)
		detached = is_detached(outside, rootfs, why);
	if (detached < 0)
		return -1;
	if (detached)
		return attach_detached(plan, outside, why);
	if (keep_mounts_in(plan, rootfs, why) < 0)
		return -1;
	attempt(why, "/rootfs", WHOLE, "mount the rootfs", plan->rootfs.path);
	return attach_on_itself(rootfs, why);
}

int root_prepare(const struct plan *plan, struct outside *outside,
		 struct inside *inside, struct failure *why)
{
	autorelease int rootfs = -1;

	why->stage = "root";
	*inside = (struct inside){ .root = -1, .dev = -1, .null = -1 };
	if (plan->rootfs.how == SWITCH_CHROOT) {
		inside->root = open_rootfs(plan, why);
		return inside->root < 0 ? -1 : 0;
	}
	if (set_propagation(plan, outside, why) < 0)
		return -1;
	rootfs = open_rootfs(plan, why);
	if (rootfs < 0)
		return -1;
	stage_at(rootfs, false);
	inside->root = attach_rootfs(plan, outside, rootfs, why);
	stage_at(inside->root, true);
	return inside->root < 0 ? -1 : 0;
}
