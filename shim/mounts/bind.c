/* bind: a file or directory from outside, or that a descriptor stands for */

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/idmap.h"
#include "mounts/kind.h"
#include "mounts/relabel.h"
#include "mounts/symlink.h"

#define RELABEL (MOUNT_RELABEL_SHARED | MOUNT_RELABEL_PRIVATE)

/* What asks for more than a mount(2) of one path on one directory. */
#define SPECIAL (RELABEL | MOUNT_SOURCE_NOFOLLOW | MOUNT_COPY_SYMLINK | \
		 MOUNT_DESTINATION_NOFOLLOW | MOUNT_IDMAP | \
		 MOUNT_IDMAP_RECURSIVE)

static const char *source_name(const struct mount *m)
{
	return m->source ? m->source : "the descriptor";
}

static int source_failed(const struct mount *m, struct failure *why)
{
	if (why->error == EINVAL && !m->source)
		why->hint = "a plain descriptor of another mount namespace "
			    "cannot be mounted: pass one of open_tree(2) with "
			    "OPEN_TREE_CLONE";
	return explained(why, "source %s", source_name(m));
}

/*
 * A parent's clone of what is shared on the host is its peer, and would show
 * the host what is mounted in it.  All that was attached when the shim started
 * got the plan's propagation: root.c.
 */
static int keep_in(const struct scene *scene, int tree, struct failure *why)
{
	uint32_t all = scene->plan->rootfs.propagation;

	if (!(all & MS_REC) || (all & MS_SHARED))
		return 0;
	if (all & MS_UNBINDABLE)
		all = MS_PRIVATE;
	return mount_propagate(tree, TREE_WHOLE, all, why);
}

/* A descriptor may be a detached mount: before Linux 6.15 none is cloned. */
static int descriptor_open(const struct mount *m, const struct scene *scene,
			   enum tree_depth depth, struct failure *why)
{
	autorelease int tree = tree_clone(m->source_fd, "", 0, depth, why);

	if (tree < 0 && why->error == EINVAL)
		tree = tree_take(m->source_fd, why);
	if (tree < 0 || keep_in(scene, tree, why) < 0)
		return -1;
	return take(&tree);
}

/* A detached tree of the source. */
static int source_open(const struct mount *m, const struct scene *scene,
		       struct failure *why)
{
	enum tree_depth depth = m->flags & MOUNT_RECURSIVE ? TREE_WHOLE :
							     TREE_ONE;
	int nofollow = m->flags & (MOUNT_SOURCE_NOFOLLOW | MOUNT_COPY_SYMLINK) ?
		       AT_SYMLINK_NOFOLLOW : 0;

	if (!m->source)
		return descriptor_open(m, scene, depth, why);
	return tree_clone(scene->outside->root, m->source, nofollow, depth,
			  why);
}

static const char *type_name(mode_t mode)
{
	return S_ISDIR(mode) ? "a directory" :
	       S_ISLNK(mode) ? "a symbolic link" : "a file";
}

/* The kernel says EINVAL or ENOTDIR; the types say why. */
static int attach_failed(const struct mount *m, int source, int destination,
			 struct failure *why)
{
	struct stat from, to;

	if (file_stat(source, "", &from, AT_EMPTY_PATH) == 0 &&
	    file_stat(destination, "", &to, AT_EMPTY_PATH) == 0 &&
	    S_ISDIR(from.st_mode) != S_ISDIR(to.st_mode))
		return explained(why, "the source %s is %s, the destination is "
				 "%s", source_name(m), type_name(from.st_mode),
				 type_name(to.st_mode));
	return source_failed(m, why);
}

static int configure(const struct mount *m, const struct scene *scene,
		     int tree, struct failure *why)
{
	const char *label = scene->plan->mount_label;

	if (label && (m->flags & RELABEL) &&
	    relabel(scene->outside->root, tree, label,
		    m->flags & MOUNT_RELABEL_SHARED, why) < 0)
		return -1;
	if ((m->flags & MOUNT_IDMAP) && idmap_apply(m, scene, tree, why) < 0)
		return -1;
	return attributes_apply(m, tree, why);
}

static int bind_tree(const struct mount *m, const struct scene *scene,
		     int tree, const struct stat *source, struct failure *why)
{
	struct wanted like_source = {
		.make = S_ISDIR(source->st_mode) ? S_IFDIR | 0755 :
						   S_IFREG | 0755,
		.links = m->flags & MOUNT_DESTINATION_NOFOLLOW ?
			 PATH_KEEP_LAST : PATH_FOLLOW,
		.source = tree,
	};
	autorelease int destination = destination_open(m, scene, &like_source,
						     why);

	if (destination < 0 || configure(m, scene, tree, why) < 0)
		return -1;
	if (mount_attach(tree, destination, why) < 0)
		return attach_failed(m, tree, destination, why);
	return 0;
}

/*
 * The common case: a directory on a directory that is there, as it comes.
 * One mount(2) is the whole of it, cheaper than a tree that is configured.
 * Returns 1 when it was another case, or went wrong: bind_tree() finds out.
 */
static int bind_plain(const struct mount *m, const struct scene *scene,
		      struct failure *why)
{
	struct wanted there = { .make = 0, .source = -1 };
	autorelease int destination = -1;

	if (!m->source || m->propagation || m->attr_set || m->attr_clear ||
	    m->all_set || m->all_clear || (m->flags & SPECIAL))
		return 1;
	destination = destination_open(m, scene, &there, why);
	if (destination < 0 || file_enter(destination, why) < 0)
		return 1;
	return mount(m->source, ".", NULL, MS_BIND |
		     (m->flags & MOUNT_RECURSIVE ? MS_REC : 0), NULL) < 0;
}

int mount_bind(const struct mount *m, const struct scene *scene,
	       struct failure *why)
{
	autorelease int tree = -1;
	struct stat source;

	if (bind_plain(m, scene, why) == 0)
		return 0;
	tree = source_open(m, scene, why);
	if (tree < 0 && why->error == ENOENT && (m->flags & MOUNT_OPTIONAL))
		return 0;
	if (tree < 0 && why->error == EINVAL && !(m->flags & MOUNT_RECURSIVE))
		why->hint = "it is unbindable, or covered in parts by mounts "
			    "that a user namespace has to keep: use rbind";
	if (tree < 0)
		return source_failed(m, why);
	if (file_look(tree, &source, why) < 0)
		return -1;
	if (S_ISLNK(source.st_mode) && (m->flags & MOUNT_COPY_SYMLINK))
		return symlink_copy(m, scene, tree, why);
	return bind_tree(m, scene, tree, &source, why);
}
