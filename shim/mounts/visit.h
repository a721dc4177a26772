/*
 * Everything below a directory, visited once, by descriptor, whatever is
 * renamed there meanwhile: for trees that are hostile.
 *
 * A name is one component, read from the directory that it is used in.  No
 * symlink is followed, no other mount entered.  Descriptors do not grow with
 * the depth, past VISIT_HELD levels; the stack does, by less than 1 KiB a
 * level, and a path of PATH_MAX has no more than two thousand.
 */

#ifndef MOUNTS_VISIT_H
#define MOUNTS_VISIT_H

#include <limits.h>
#include <stddef.h>

#include "failure.h"

/*
 * So many directories stay open while what is below them is visited; further
 * down each is closed and found again by "..", and known by its inode.
 */
#define VISIT_HELD 32

/* What a function below says when it did not fail, which is -1. */
enum visit_answer {
	VISIT_DONE,
	VISIT_CHANGED,		/* it is of another type by now: try again */
	VISIT_SKIP,		/* leave this directory out */
};

struct visit {
	const char *doing;	/* for the sentence of an error: "copying" */
	void *state;		/* theirs */

	/* Something in dir that seems to be no directory. */
	int (*entry)(struct visit *visit, int dir, const char *name,
		     struct failure *why);
	/* Before what is in a directory; not for the topmost.  Or NULL. */
	int (*enter)(struct visit *visit, const char *name,
		     struct failure *why);
	/* After it; for the topmost too, whose path is "". */
	int (*leave)(struct visit *visit, int dir, struct failure *why);

	/* Answer, for all three: what is visited, as seen from dir. */
	char path[PATH_MAX];
	size_t length;
};

/*
 * Visit all that is below dir, and dir.
 *
 * dir  a descriptor that can be read; borrowed
 *
 * Entries that vanish meanwhile are left out.  Returns 0, or -1 with *why:
 * what the functions said, ENAMETOOLONG (a path of PATH_MAX or more), ESTALE
 * (deep down, a directory that was moved away while it was visited), EAGAIN
 * (one that changed its type at every look).
 */
int visit_all(struct visit *visit, int dir, struct failure *why);

/* failed(), with what was done and the path.  Returns -1. */
int visit_failed(const struct visit *visit, struct failure *why,
		 const char *operation);

/* The same of what failed() has recorded already. */
int visit_explained(const struct visit *visit, struct failure *why);

/* The path, or words for the topmost directory. */
const char *visit_name(const struct visit *visit);

#endif
