/* masks: paths that are covered, and paths that are made read-only */

#include "masks.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/path.h"

/* What is not there needs no mask. */
static bool is_missing(const struct failure *why)
{
	return why->error == ENOENT || why->error == ENOTDIR;
}

/*
 * Find what the path is.  What is mounted on the root itself nobody would see:
 * *is_root says that it is that.
 */
static int find(const struct inside *inside, const char *path, bool *is_root,
		struct failure *why)
{
	struct path_search search = { .root = inside->root, .path = path };
	int fd = path_find(&search, why);

	*is_root = fd >= 0 && !search.resolved[0];
	return fd;
}

static int set_readonly(const struct inside *inside, const char *path,
			struct failure *why)
{
	const struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	bool is_root;
	autorelease int there = find(inside, path, &is_root, why);
	autorelease int tree = -1;

	if (there < 0)
		return is_missing(why) ? 0 : -1;
	if (is_root)
		return mount_change(inside->root, TREE_WHOLE, &readonly, why);
	tree = tree_clone_with(there, "", TREE_WHOLE, &readonly, why);
	return tree < 0 ? -1 : mount_attach(tree, there, why);
}

int readonly_paths_set(const struct plan *plan, const struct inside *inside,
		       struct failure *why)
{
	size_t i;

	for (i = 0; i < plan->readonly_paths.count; i++) {
		const char *path = plan->readonly_paths.items[i];

		attempt(why, "/readonlyPaths", i, "make read-only", path);
		if (set_readonly(inside, path, why) < 0)
			return -1;
	}
	return 0;
}

/* What covers: the first place gets it as made, each other one a clone. */
struct covers {
	const struct plan *plan;
	const struct inside *inside;
	int null;		/* owned; -1: none was needed yet */
	int empty;		/* the same for directories */
};

static int make_empty(const struct plan *plan, struct failure *why)
{
	autorelease int fs = fs_open("tmpfs", why);

	if (fs < 0 || fs_set_string(fs, "source", "tmpfs", why) < 0 ||
	    fs_set_flags(fs, MS_RDONLY, why) < 0)
		return -1;
	if (plan->mount_label &&
	    fs_set_string(fs, "context", plan->mount_label, why) < 0)
		return -1;
	return fs_mount(fs, MOUNT_ATTR_RDONLY, why);
}

/*
 * A null device that is read-only, and not nodev as its /dev may be: then it
 * could not be opened, where a masked file has to read as empty.
 */
static int make_null(const struct inside *inside, struct failure *why)
{
	const struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			    MOUNT_ATTR_NOEXEC,
		.attr_clr = MOUNT_ATTR_NODEV,
	};
	autorelease int null = -1;

	if (!inside->null_is_detached)
		return tree_clone_with(inside->null, "", TREE_ONE, &attr, why);
	null = file_copy(inside->null, why);
	if (null < 0 || mount_change(null, TREE_ONE, &attr, why) < 0)
		return -1;
	return take(&null);
}

/* Kernels before 6.15 clone only what is attached, so the first one is. */
static int cover(struct covers *covers, int there, mode_t type,
		 struct failure *why)
{
	int *first = S_ISDIR(type) ? &covers->empty : &covers->null;
	autorelease int again = -1;

	if (*first >= 0) {
		again = tree_clone(*first, "", 0, TREE_ONE, why);
		return again < 0 ? -1 : mount_attach(again, there, why);
	}
	*first = S_ISDIR(type) ? make_empty(covers->plan, why) :
				 make_null(covers->inside, why);
	return *first < 0 ? -1 : mount_attach(*first, there, why);
}

static int mask(struct covers *covers, const char *path, struct failure *why)
{
	bool is_root;
	autorelease int there = find(covers->inside, path, &is_root, why);
	struct stat st;

	if (there < 0)
		return is_missing(why) ? 0 : -1;
	if (is_root)
		return refused(why, "it is the root itself");
	if (file_look(there, &st, why) < 0)
		return -1;
	return cover(covers, there, st.st_mode, why);
}

int masked_paths_set(const struct plan *plan, const struct inside *inside,
		     struct failure *why)
{
	struct covers covers = { plan, inside, -1, -1 };
	int done = 0;
	size_t i;

	for (i = 0; done == 0 && i < plan->masked_paths.count; i++) {
		const char *path = plan->masked_paths.items[i];

		attempt(why, "/maskedPaths", i, "mask", path);
		done = mask(&covers, path, why);
	}
	fd_release(&covers.null);
	fd_release(&covers.empty);
	return done;
}
