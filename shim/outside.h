/*
 * What the shim takes with it from outside, and what it has of the inside.
 *
 * Outside is the mount namespace as the parent left it: its "/", its
 * /dev/null.  Both are trusted; the container's own are not.
 */

#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "failure.h"
#include "plan/plan.h"

struct outside {
	int root;		/* "/", O_PATH */
	int lowest;		/* the same below a detached rootfs; -1 */
	int null;		/* verified /dev/null; -1: nothing needs it */
	int proc;		/* kernel/proc.h; -1: nothing needs it */
};

struct inside {
	int root;		/* the rootfs, O_PATH */
	int dev;		/* its /dev, O_PATH; -1: it is not ours */
	int null;		/* a verified /dev/null to mask files with, its
				   own or that outside; -1: none are masked */
	bool null_is_detached;	/* that outside, cloned while it was there */
};

/*
 * Become root where there is a new user namespace, and open what the plan
 * will need.  The descriptors belong to *outside and live until execve(2).
 *
 * After  umask is 0: what is made has the mode that is asked for
 *
 * Returns 0, or -1 with *why: EPERM where the ids are not mapped yet.
 */
int outside_open(struct outside *outside, const struct plan *plan,
		 struct failure *why);

/* Is it the character device 1:3, as /dev/null is? */
bool is_null(const struct stat *st);

/* Open what must be that device, and nothing else: the caller's. */
int null_open(int dir, const char *path, int flags, struct failure *why);

#endif
