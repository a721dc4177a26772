/*
 * What a file is besides its content: owner, extended attributes, mode and
 * times, given to its copy.
 */

#ifndef MOUNTS_METADATA_H
#define MOUNTS_METADATA_H

#include <sys/stat.h>

#include "failure.h"
#include "mounts/visit.h"

/* A file that is copied. */
struct original {
	int fd;			/* open; or -1: what is never opened */
	int dir;		/* without fd: the directory that it is in */
	const char *name;	/* and its name there */
	struct stat st;
};

/*
 * Give all of it to the copy: "name" in the directory "to", which nobody else
 * can reach, or "." for the directory itself.  Extended attributes that its
 * filesystem does not know are left out (user.* on tmpfs before Linux 6.6).
 * Moves the working directory.
 *
 * Returns 0, or -1 with *why: EINVAL for an owner without an id in the user
 * namespace, ENOSPC, EPERM ...
 */
int metadata_copy(const struct original *from, int to, const char *name,
		  const struct visit *visit, struct failure *why);

#endif
