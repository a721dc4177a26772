/* walk: symlinks resolved by hand, one component at a time, inside a root */

#include "kernel/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/abi.h"
#include "kernel/file.h"
#include "kernel/proc.h"

#define MAX_LINKS 40		/* as the kernel: path_resolution(7) */
#define MAX_RACES 50		/* restarts before we say who is in the way */

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
		if (length > NAME_MAX)
			return failed_as(why, "openat", ENAMETOOLONG);
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
	w->at = file_open(w->search->root, ".", O_PATH | O_DIRECTORY, why);
	return w->at < 0 ? -1 : 0;
}

/* Take the descriptor of the component. */
static int step_into(struct walk *w, int *fd, struct failure *why)
{
	char *resolved = w->search->resolved;
	size_t length = strlen(w->component);

	if (w->length + length + 2 > PATH_MAX)
		return failed_as(why, "openat", ENAMETOOLONG);
	if (w->length)
		resolved[w->length++] = '/';
	memcpy(resolved + w->length, w->component, length + 1);
	w->length += length;
	fd_release(&w->at);
	w->at = take(fd);
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
	char *rest = again;
	const char *name;

	memcpy(again, w->search->resolved, w->length + 1);
	again[cut ? cut - w->search->resolved : 0] = '\0';
	if (to_root(w, why) < 0)
		return -1;
	while ((name = strsep(&rest, "/")) && *name) {
		autorelease int fd = file_open(w->at, name, O_PATH |
					       O_NOFOLLOW | O_DIRECTORY, why);

		if (fd < 0)
			return failed_as(why, "openat", ERACE);
		memcpy(w->component, name, strlen(name) + 1);
		if (step_into(w, &fd, why) < 0)
			return -1;
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
	if (!file_is_of(link, PROC_SUPER_MAGIC) || proc_is_root(w->at))
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
	length = file_read_link(link, "", text, sizeof(text), why);
	if (length < 0)
		return -1;
	if ((size_t)length + rest + 1 > sizeof(text))
		return failed_as(why, "readlinkat", ENAMETOOLONG);
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

	if (!search->make)
		return failed_as(why, "openat", ENOENT);
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

static int find_component(struct walk *w, struct stat *here,
			  struct failure *why)
{
	int tries = MAX_RACES;
	int fd;

	while ((fd = file_find(w->at, w->component, here, why)) < 0)
		if (errno != ENOENT || --tries == 0 ||
		    make_component(w, why) < 0)
			return -1;
	return fd;
}

static int step(struct walk *w, struct failure *why)
{
	autorelease int fd = -1;
	struct stat here;

	if (strcmp(w->component, "..") == 0)
		return step_back(w, why);
	fd = find_component(w, &here, why);
	if (fd < 0)
		return -1;
	if (S_ISLNK(here.st_mode) &&
	    !(w->search->links == PATH_KEEP_LAST && is_last(w)))
		return follow_link(w, fd, why);
	if (!S_ISDIR(here.st_mode) && (!is_last(w) || w->rest[0])) {
		errno = ENOTDIR;
		return failed_because(why, "openat", "%s is no directory",
				      w->component);
	}
	return step_into(w, &fd, why);
}

static int walk_once(struct path_search *search, struct failure *why)
{
	autorelease int at = -1;
	struct walk w = { .search = search, .at = -1 };
	int more;

	if (format_text(w.rest, PATH_MAX, "%s", search->path) >= PATH_MAX)
		return failed_as(why, "openat", ENAMETOOLONG);
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
