/* masks: paths that are covered, and paths that are made read-only */

#include "masks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
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
	int null;		/* owned; -1: none was needed yet */
	int empty;		/* the same for directories */
};

/* Kernels before 6.15 clone only what is attached, so the first one is. */
static int cover_again(int cover, int there, struct failure *why)
{
	autorelease int tree = tree_clone(cover, "", 0, TREE_ONE, why);

	return tree < 0 ? -1 : mount_attach(tree, there, why);
}

static int make_empty(const struct plan *plan, struct failure *why)
{
	autorelease int fs = fs_open("tmpfs", why);

	if (fs < 0 || fs_set_string(fs, "source", "tmpfs", why) < 0 ||
	    fs_set(fs, "ro", why) < 0)
		return -1;
	if (plan->mount_label &&
	    fs_set_string(fs, "context", plan->mount_label, why) < 0)
		return -1;
	return fs_mount(fs, MOUNT_ATTR_RDONLY, why);
}

static int mask_directory(const struct plan *plan, struct covers *covers,
			  int there, struct failure *why)
{
	if (covers->empty >= 0)
		return cover_again(covers->empty, there, why);
	covers->empty = make_empty(plan, why);
	if (covers->empty < 0)
		return -1;
	return mount_attach(covers->empty, there, why);
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

static int mask_file(const struct inside *inside, struct covers *covers,
		     int there, struct failure *why)
{
	if (covers->null >= 0)
		return cover_again(covers->null, there, why);
	covers->null = make_null(inside, why);
	return covers->null < 0 ? -1 : mount_attach(covers->null, there, why);
}

static int mask(const struct plan *plan, const struct inside *inside,
		struct covers *covers, const char *path, struct failure *why)
{
	bool is_root;
	autorelease int there = find(inside, path, &is_root, why);
	struct stat st;

	if (there < 0)
		return is_missing(why) ? 0 : -1;
	if (is_root)
		return refused(why, "it is the root itself");
	if (file_look(there, &st, why) < 0)
		return -1;
	if (S_ISDIR(st.st_mode))
		return mask_directory(plan, covers, there, why);
	return mask_file(inside, covers, there, why);
}

int masked_paths_set(const struct plan *plan, const struct inside *inside,
		     struct failure *why)
{
	struct covers covers = { -1, -1 };
	int done = 0;
	size_t i;

	for (i = 0; done == 0 && i < plan->masked_paths.count; i++) {
		const char *path = plan->masked_paths.items[i];

		attempt(why, "/maskedPaths", i, "mask", path);
		done = mask(plan, inside, &covers, path, why);
	}
	fd_release(&covers.null);
	fd_release(&covers.empty);
	return done;
}
