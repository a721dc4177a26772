/* walk: symlinks resolved by hand, one component at a time, inside a root */

#include "kernel/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"

#define MAX_LINKS 40		/* as the kernel: path_resolution(7) */
#define MAX_RACES 50		/* restarts before we say who is in the way */
#define PROC_ROOT_INO 1		/* the kernel's, of every procfs */

/* errno says: the tree changed under the walk, start again. */
#define ERACE ESTALE

struct walk {
	struct path_search *search;
	int at;			/* the directory reached; owned */
	size_t length;		/* of search->resolved */
	unsigned links;
	char component[NAME_MAX + 1];
	char rest[2 * PATH_MAX];	/* what is still to be walked */
};

/* Take the next component off the rest.  Returns 0 at its end. */
static int next_component(struct walk *w, struct failure *why)
{
	size_t skip, length;

	do {
		skip = strspn(w->rest, "/");
		length = strcspn(w->rest + skip, "/");
		if (length > NAME_MAX) {
			errno = ENAMETOOLONG;
			return failed(why, "openat");
		}
		memcpy(w->component, w->rest + skip, length);
		w->component[length] = '\0';
		memmove(w->rest, w->rest + skip + length,
			strlen(w->rest + skip + length) + 1);
	} while (strcmp(w->component, ".") == 0);
	return length > 0;
}

/* Nothing but "/" and "/." follows. */
static bool is_last(const struct walk *w)
{
	const char *rest = w->rest;

	while (rest[0] == '/' || (rest[0] == '.' && strchr("/", rest[1])))
		rest++;
	return rest[0] == '\0';
}

static int to_root(struct walk *w, struct failure *why)
{
	fd_release(&w->at);
	w->length = 0;
	w->search->resolved[0] = '\0';
	w->at = openat(w->search->root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return w->at < 0 ? failed(why, "openat") : 0;
}

static int step_into(struct walk *w, int fd, struct failure *why)
{
	char *resolved = w->search->resolved;
	size_t length = strlen(w->component);

	if (w->length + length + 2 > PATH_MAX) {
		errno = ENAMETOOLONG;
		return failed(why, "openat");
	}
	if (w->length)
		resolved[w->length++] = '/';
	memcpy(resolved + w->length, w->component, length + 1);
	w->length += length;
	fd_release(&w->at);
	w->at = fd;
	return 0;
}

/*
 * ".." is not asked of the kernel: a directory that was moved out of the root
 * meanwhile would answer with a parent outside.  The way down is known, and
 * free of symlinks, so it is walked again, one component shorter.
 */
static int step_back(struct walk *w, struct failure *why)
{
	char again[PATH_MAX];
	char *cut = strrchr(w->search->resolved, '/');
	char *name, *next;

	memcpy(again, w->search->resolved, w->length + 1);
	again[cut ? cut - w->search->resolved : 0] = '\0';
	if (to_root(w, why) < 0)
		return -1;
	for (name = again; *name; name = next) {
		int fd;

		next = strchrnul(name, '/');
		if (*next)
			*next++ = '\0';
		memcpy(w->component, name, strlen(name) + 1);
		fd = openat(w->at, name, O_PATH | O_NOFOLLOW | O_DIRECTORY |
			    O_CLOEXEC);
		if (fd < 0) {
			errno = ERACE;
			return failed(why, "openat");
		}
		if (step_into(w, fd, why) < 0) {
			close(fd);
			return -1;
		}
	}
	return 0;
}

/*
 * The links of a procfs jump to where no path leads (/proc/PID/root), and are
 * refused, but for the plain ones in its own root: self, thread-self, net,
 * mounts.
 */
static int refuse_magic(const struct walk *w, int link, struct failure *why)
{
	struct statfs fs;
	struct stat parent;

	if (fstatfs(link, &fs) < 0)
		return failed(why, "fstatfs");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	if (fstat(w->at, &parent) < 0)
		return failed(why, "fstat");
	if (parent.st_ino == PROC_ROOT_INO)
		return 0;
	errno = ELOOP;
	return failed_because(why, "openat",
			      "%s is a magic link of a procfs", w->component);
}

static int follow_link(struct walk *w, int link, struct failure *why)
{
	char text[2 * PATH_MAX];
	ssize_t length;
	size_t rest = strlen(w->rest);

	if (w->search->links == PATH_NO_LINKS || ++w->links > MAX_LINKS) {
		errno = ELOOP;
		return failed_because(why, "openat", "%s is a symbolic link",
				      w->component);
	}
	if (refuse_magic(w, link, why) < 0)
		return -1;
	length = readlinkat(link, "", text, PATH_MAX);
	if (length < 0)
		return failed(why, "readlinkat");
	if ((size_t)length + rest + 1 > sizeof(text)) {
		errno = ENAMETOOLONG;
		return failed(why, "readlinkat");
	}
	memcpy(text + length, w->rest, rest + 1);
	memcpy(w->rest, text, (size_t)length + rest + 1);
	return text[0] == '/' ? to_root(w, why) : 0;
}

/* Nothing is there: make it.  That another did meanwhile is as good. */
static int make_component(struct walk *w, struct failure *why)
{
	struct path_search *search = w->search;
	bool last = is_last(w);
	int made;

	if (!search->make) {
		errno = ENOENT;
		return failed(why, "openat");
	}
	if (last && S_ISREG(search->make))
		made = mknodat(w->at, w->component, search->make, 0);
	else
		made = mkdirat(w->at, w->component,
			       last ? search->make & 07777 : 0755);
	if (made < 0 && errno != EEXIST)
		return failed(why, last && S_ISREG(search->make) ?
			      "mknodat" : "mkdirat");
	search->made = last && made == 0;
	return 0;
}

static int open_component(struct walk *w, struct failure *why)
{
	int tries = MAX_RACES;
	int fd;

	while ((fd = openat(w->at, w->component,
			    O_PATH | O_NOFOLLOW | O_CLOEXEC)) < 0) {
		if (errno != ENOENT || --tries == 0)
			return failed(why, "openat");
		if (make_component(w, why) < 0)
			return -1;
	}
	return fd;
}

static int step(struct walk *w, struct failure *why)
{
	autorelease int fd = -1;
	struct stat here;

	if (strcmp(w->component, "..") == 0)
		return step_back(w, why);
	fd = open_component(w, why);
	if (fd < 0)
		return -1;
	if (fstat(fd, &here) < 0)
		return failed(why, "fstat");
	if (S_ISLNK(here.st_mode) &&
	    !(w->search->links == PATH_KEEP_LAST && is_last(w)))
		return follow_link(w, fd, why);
	if (!S_ISDIR(here.st_mode) && (!is_last(w) || w->rest[0])) {
		errno = ENOTDIR;
		return failed_because(why, "openat", "%s is no directory",
				      w->component);
	}
	if (step_into(w, fd, why) < 0)
		return -1;
	fd = -1;
	return 0;
}

static int walk_once(struct path_search *search, struct failure *why)
{
	autorelease int at = -1;
	struct walk w = { .search = search, .at = -1 };
	int more;

	if (strlen(search->path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return failed(why, "openat");
	}
	strcpy(w.rest, search->path);
	search->made = false;
	more = to_root(&w, why) < 0 ? -1 : 1;
	while (more > 0 && (more = next_component(&w, why)) > 0)
		if (step(&w, why) < 0)
			more = -1;
	at = w.at;
	return more < 0 ? -1 : take(&at);
}

int walk_find(struct path_search *search, struct failure *why)
{
	int tries = MAX_RACES;
	int fd;

	do
		fd = walk_once(search, why);
	while (fd < 0 && why->error == ERACE && --tries > 0);
	return fd;
}
