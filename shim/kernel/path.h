/*
 * Paths inside the rootfs become descriptors, here and nowhere else.
 *
 * A path is resolved once, confined to the root that a descriptor holds,
 * whatever is renamed meanwhile and whatever its symlinks say: those stay
 * inside, and the magic links of a procfs are refused.  Where a path has no
 * symlink and no "..", which is the rule, that is one openat2(2); the others
 * are walked component by component (walk.h), and so is everything on kernels
 * without openat2.  Source: openat2(2), path_resolution(7).
 */

#ifndef KERNEL_PATH_H
#define KERNEL_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

enum path_links {
	PATH_FOLLOW,		/* symlinks are followed, inside the root */
	PATH_KEEP_LAST,		/* the last component may be one, and is it */
	PATH_NO_LINKS,		/* ELOOP at the first symlink */
};

/*
 * The directory that the last thing was made in: what is made beside it is not
 * looked up from the root again.  Forgotten at the first search elsewhere, for
 * something may be mounted over it then; zeroed: none.
 */
struct path_parent {
	bool known;
	int fd;			/* owned, while known */
	char path[PATH_MAX];
};

void path_parent_forget(struct path_parent *parent);

/* What to do, and what was done: for path_find(). */
struct path_search {
	int root;		/* O_PATH descriptor of the root; borrowed */
	const char *path;	/* taken as seen from the root */
	enum path_links links;
	int flags;		/* O_DIRECTORY: ENOTDIR where it is none */
	struct path_parent *parent;	/* from search to search; or NULL */
	mode_t make;		/* what is made where nothing is: S_IFDIR or
				   S_IFREG with its mode; 0: nothing */
	bool made;		/* answer: it was not there before */
	char resolved[PATH_MAX]; /* answer: where it is, free of symlinks and
				   "..", without the leading slash */
};

/*
 * Find the path, and make it where that is asked for: missing directories on
 * the way 0755, the last one as asked, less the umask.
 *
 * Returns an O_PATH descriptor, the caller's, of what is there, which may be
 * of another type than asked for.  -1 with *why: ENOENT, ELOOP (too many
 * links, a magic one, or any with PATH_NO_LINKS), ENOTDIR, EACCES ...
 */
int path_find(struct path_search *search, struct failure *why);

/* path_find() of what must exist, symlinks followed.  flags: O_DIRECTORY. */
int path_open(int root, const char *path, int flags, struct failure *why);

/* path_find() of a directory that is made where it is missing. */
int path_make_dir(int root, const char *path, mode_t mode,
		  struct failure *why);

/*
 * Split a path: the last component's name is returned (inside path), and what
 * precedes it copied to parent (PATH_MAX bytes; "." for nothing).  NULL when
 * there is no plain last component: "/", "a/.", "a/..", "a/".
 */
const char *path_split(const char *path, char *parent);

enum path_relation {
	PATH_ELSEWHERE,
	PATH_SAME,
	PATH_BELOW,
};

/*
 * How a path, as spelled, lies to a place (without a leading slash).  Slashes
 * that repeat and components "." do not count; ".." is a name like any other.
 */
enum path_relation path_compare(const char *path, const char *place);

/* Does the path have a component ".."? */
bool path_climbs(const char *path);

/*
 * Is the working directory below "/"?  The kernel's own word: getcwd(2) says
 * "(unreachable)" of one that is not, CVE-2024-21626.  0, or -1 with *why.
 */
int path_verify_cwd(struct failure *why);

#endif
