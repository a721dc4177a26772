/* path: one openat2(2) where nothing is in the way, the walk where it is */

#include "kernel/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "fd.h"
#include "kernel/abi.h"
#include "kernel/file.h"
#include "kernel/walk.h"

/*
 * Open what has no symlink on its way.  Anything else is the walk's, which is
 * said by ELOOP; so is a kernel that cannot, by ENOSYS.
 */
static int open_plain(int root, const char *path, int flags)
{
	return file_try_within(root, path, O_PATH | flags, RESOLVE_IN_ROOT |
			       RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
}

/* The path without a leading slash, doubled slashes and components ".". */
static void normalize(const char *path, char *text)
{
	char *to = text;

	while (*path) {
		size_t length;

		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (length && !(length == 1 && *path == '.')) {
			if (to != text)
				*to++ = '/';
			memcpy(to, path, length);
			to += length;
		}
		path += length;
	}
	*to = '\0';
}

void path_parent_forget(struct path_parent *parent)
{
	if (parent->known)
		fd_release(&parent->fd);
	parent->known = false;
}

/* The search's path below the parent, when that is its directory; or NULL. */
static const char *below_parent(const struct path_search *search)
{
	struct path_parent *parent = search->parent;
	const char *name;
	size_t length;

	if (!parent || !parent->known)
		return NULL;
	length = strlen(parent->path);
	if (strncmp(search->path, parent->path, length) == 0 &&
	    search->path[length] == '/') {
		name = search->path + length + 1;
		/* "." is no name beside the others: it is the directory */
		if (*name && !strchr(name, '/') && strcmp(name, ".") != 0)
			return name;
	}
	path_parent_forget(parent);
	return NULL;
}

/* Where links or ".." lead to may be the parent, and be mounted over next. */
static int walk_elsewhere(struct path_search *search, struct failure *why)
{
	autorelease int fd = -1;
	struct stat st;

	if (search->parent)
		path_parent_forget(search->parent);
	fd = walk_find(search, why);
	if (fd < 0 || !(search->flags & O_DIRECTORY))
		return take(&fd);
	if (file_look(fd, &st, why) < 0)
		return -1;
	return S_ISDIR(st.st_mode) ? take(&fd) :
				     failed_as(why, "openat2", ENOTDIR);
}

static int make_in(int dir, const char *name, mode_t make)
{
	int made = S_ISREG(make) ? mknodat(dir, name, make, 0) :
				   mkdirat(dir, name, make & 07777);

	if (made < 0)
		return -1;
	/* a directory only, or a symlink put there meanwhile would be opened */
	return S_ISREG(make) ? open_plain(dir, name, 0) :
	       openat(dir, name, O_PATH | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY);
}

/*
 * Only the last component is missing: make it in the parent, without walking
 * the way to there again.  Returns -1 for whatever is not as simple.
 */
static int make_last(const struct path_search *search)
{
	struct path_parent once = { .known = false };
	struct path_parent *parent = search->parent ? search->parent : &once;
	const char *name = below_parent(search);
	int fd;

	if (!name) {
		name = path_split(search->path, parent->path);
		if (!name)
			return -1;
		parent->fd = open_plain(search->root, parent->path,
					O_DIRECTORY);
		if (parent->fd < 0)
			return -1;
		parent->known = true;
	}
	fd = make_in(parent->fd, name, search->make);
	path_parent_forget(&once);
	return fd;
}

/*
 * What was made last has this parent, so that the next is likely to be missing
 * from it, too: made at once it is not looked for in vain.
 */
static int make_sibling(const struct path_search *search)
{
	const char *name = search->make ? below_parent(search) : NULL;

	return name ? make_in(search->parent->fd, name, search->make) : -1;
}

static int find_plain(struct path_search *search)
{
	const char *name = below_parent(search);

	return name ? open_plain(search->parent->fd, name, search->flags) :
		      open_plain(search->root, search->path, search->flags);
}

int path_find(struct path_search *search, struct failure *why)
{
	int fd;

	if (strlen(search->path) >= PATH_MAX)
		return failed_as(why, "openat2", ENAMETOOLONG);
	if (path_climbs(search->path))
		return walk_elsewhere(search, why);
	fd = make_sibling(search);
	search->made = fd >= 0;
	if (fd < 0)
		fd = find_plain(search);
	if (fd < 0 && errno == ENOENT && search->make) {
		fd = make_last(search);
		search->made = fd >= 0;
		if (fd < 0)
			return walk_elsewhere(search, why);
	}
	if (fd < 0 && (errno == ENOSYS || errno == ELOOP))
		return walk_elsewhere(search, why);
	if (fd < 0)
		return failed(why, "openat2");
	/* without a symlink or ".." it is where it says */
	normalize(search->path, search->resolved);
	return fd;
}

int path_open(int root, const char *path, int flags, struct failure *why)
{
	struct path_search search = {
		.root = root,
		.path = path,
		.flags = flags,
	};

	return path_find(&search, why);
}

int path_make_dir(int root, const char *path, mode_t mode, struct failure *why)
{
	struct path_search search = {
		.root = root,
		.path = path,
		.flags = O_DIRECTORY,
		.make = S_IFDIR | mode,
	};

	return path_find(&search, why);
}

int path_verify_cwd(struct failure *why)
{
	char seen[PATH_MAX];

	/* not libc's, which has an allocator ready for it */
	if (syscall(SYS_getcwd, seen, sizeof(seen)) < 0)
		return failed(why, "getcwd");
	if (seen[0] == '/')
		return 0;
	errno = ENOENT;
	return failed_because(why, "getcwd", "it is not inside the root");
}
