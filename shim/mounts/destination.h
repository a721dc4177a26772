/*
 * The place where a mount goes, as a descriptor, with what is forbidden
 * there refused: the root itself, and /proc and all below it.
 */

#ifndef MOUNTS_DESTINATION_H
#define MOUNTS_DESTINATION_H

#include <stdbool.h>
#include <sys/types.h>

#include "kernel/path.h"
#include "mounts/kind.h"

/* What a kind asks of its destination. */
struct wanted {
	mode_t make;		/* S_IFDIR or S_IFREG with its mode */
	enum path_links links;
	int source;		/* what will be bound there; -1: a filesystem */
	bool made;		/* answer: it was not there before */
};

/*
 * Find the destination of a mount, or make it; with "mountpoint": "require"
 * it must be there.
 *
 * Returns an O_PATH descriptor, the caller's, of what is there (its type is
 * the caller's to check), or -1 with *why.
 */
int destination_open(const struct mount *m, const struct scene *scene,
		     struct wanted *wanted, struct failure *why);

/* The same for a directory that is made with 0755: what filesystems need. */
int destination_dir(const struct mount *m, const struct scene *scene,
		    enum path_links links, struct failure *why);

/* Every destination that "mountpoint": "require" names must be there. */
int destinations_verify(const struct scene *scene, struct failure *why);

#endif
