/*
 * A new filesystem on a directory, the cheap way where that is complete
 * before it can be seen (one mount(2)), else detached and attached last.
 */

#ifndef MOUNTS_FILESYSTEM_H
#define MOUNTS_FILESYSTEM_H

#include "mounts/kind.h"

struct filesystem {
	const struct mount *m;	/* its source, attributes and options */
	const char *type;	/* NULL: the plan's */
	const char *more;	/* one option ahead of the plan's: "mode=755" */
	const char *label;	/* SELinux label for context=; NULL: none */
};

/* Mount it on destination, an O_PATH descriptor of a directory. */
int filesystem_mount(const struct filesystem *fs, int destination,
		     struct failure *why);

/* The same, made detached and attached then, even where mount(2) would do. */
int filesystem_attach(const struct filesystem *fs, int destination,
		      struct failure *why);

/* Make it detached: the caller's. */
int filesystem_make(const struct filesystem *fs, struct failure *why);

/* Give a mounted one other options.  flags: all that it shall have, MS_*. */
int filesystem_remount(const struct filesystem *fs, int mounted,
		       unsigned long flags, struct failure *why);

/* MOUNT_ATTR_* of a new mount, which has nothing below it. */
uint32_t attributes_of(const struct mount *m);

/* Set what the plan says of a mount's attributes and propagation. */
int attributes_apply(const struct mount *m, int mount, struct failure *why);

/* Does the plan name an option of the filesystem with this key? */
bool has_option(const struct mount *m, const char *key);

#endif
