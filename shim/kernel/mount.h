/*
 * Mounts by descriptor: made and configured detached, then attached; or, where
 * nothing needs to be set before it is visible, mounted with one mount(2).
 *
 * No function here takes a path of the rootfs.  Source: fsopen(2),
 * fsconfig(2), fsmount(2), open_tree(2), mount_setattr(2), move_mount(2),
 * mount(2).
 */

#ifndef KERNEL_MOUNT_H
#define KERNEL_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "failure.h"
#include "kernel/abi.h"

/*
 * Begin a filesystem: its context, the caller's.  What the kernel has to say
 * of a failure from here to fs_mount() goes to why->kernel.
 */
int fs_open(const char *type, struct failure *why);

/* One option, as the plan has it: "key=value", or "key" for a flag. */
int fs_set(int fs, const char *option, struct failure *why);

/* A key with a value that may hold any character. */
int fs_set_string(int fs, const char *key, const char *value,
		  struct failure *why);

/* Those of its options that mount(2) has as flags: MS_RDONLY is "ro" ... */
int fs_set_flags(int fs, unsigned long flags, struct failure *why);

/*
 * Does it take lists of options that are longer than a page in all, one by
 * one?  Not where mount(2) will be asked: then it takes none with a comma.
 */
bool fs_takes_long(int fs);

/* Create it: a detached mount, the caller's.  attrs: MOUNT_ATTR_*. */
int fs_mount(int fs, uint64_t attrs, struct failure *why);

/* The same for one that is never attached, changed or cloned. */
int fs_mount_detached(int fs, uint64_t attrs, struct failure *why);

/*
 * Kernels that lack open_tree(2), move_mount(2), fsopen(2) (Linux 5.2) or
 * mount_setattr(2) (5.12), or that a filter makes lack them, have no detached
 * mounts for us.  Then all that is called so here is attached, on a stage
 * that nobody sees (stage.h), and moved from there.  Has that been found?
 */
bool mount_is_staged(void);

/* How tree_clone() and mount_change() go about what lies below. */
enum tree_depth {
	TREE_ONE,		/* this mount alone */
	TREE_WHOLE,		/* and all that is mounted below it */
};

/*
 * Clone the mount, or the directory or file in it, that source stands for:
 * detached, the caller's.  path is looked up from source and follows links;
 * "" is source itself.  flags: AT_SYMLINK_NOFOLLOW.
 *
 * EINVAL: it belongs to another mount namespace, or is unbindable.
 */
int tree_clone(int source, const char *path, int flags, enum tree_depth depth,
	       struct failure *why);

/*
 * A copy of the descriptor of a mount that the parent made detached, which
 * mount_change() and mount_attach() take then.
 */
int tree_take(int detached, struct failure *why);

/* mount_setattr(2) on a mount that a descriptor stands for. */
int mount_change(int mount, enum tree_depth depth,
		 const struct mount_attr *attr, struct failure *why);

/* The same, of attributes alone, MOUNT_ATTR_* ... */
int mount_restrict(int mount, enum tree_depth depth, uint64_t attrs,
		   struct failure *why);

/* ... and of the propagation alone, MS_*: what mount(2) takes. */
int mount_propagate(int mount, enum tree_depth depth, uint32_t propagation,
		    struct failure *why);

/*
 * tree_clone() that follows no link, and mount_change(), in one: the clone is
 * detached, the caller's, and has the attributes.
 */
int tree_clone_with(int source, const char *path, enum tree_depth depth,
		    const struct mount_attr *attr, struct failure *why);

/* Attach a detached mount on the place that destination stands for. */
int mount_attach(int detached, int destination, struct failure *why);

/*
 * Mount a filesystem on a directory with mount(2), which must be all that is
 * to be said of it: what it needs more is said before it can be seen, so
 * with fs_open().  Moves the working directory there.
 *
 * flags  MS_*; data  comma-separated, or NULL
 *
 * On failure why->kernel has the words of the mount log, where it has some.
 */
int mount_here(int destination, const char *type, const char *source,
	       unsigned long flags, const char *data, struct failure *why);

/*
 * The flags for mount(2), which replaces them all: those that the mount has,
 * changed.  The numbers of statfs(2) agree but for two: <linux/statfs.h>.
 */
int mount_flags_with(int mount, const struct mount_attr *attr,
		     unsigned long *flags, struct failure *why);

/* MOUNT_ATTR_* in the words of mount(2): MS_*. */
unsigned long mount_flags(uint64_t attrs);

#endif
