/* visit: down a hostile tree and up again, without losing the way */

#include "mounts/visit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/entry.h"
#include "kernel/file.h"

#define MAX_CHANGES 128		/* looks at one entry before we give up */

/* A directory on the way down, in the frame of the one that visits it. */
struct level {
	int fd;			/* -1: closed while deeper ones are visited */
	unsigned depth;
	dev_t dev;		/* to know it by, and the place in it, */
	ino_t ino;		/* while it is closed */
	off_t offset;
};

static int visit_level(struct visit *visit, struct level *here,
		       struct failure *why);

const char *visit_name(const struct visit *visit)
{
	return visit->length ? visit->path : "the directory itself";
}

int visit_explained(const struct visit *visit, struct failure *why)
{
	return explained(why, "%s %s", visit->doing, visit_name(visit));
}

int visit_failed(const struct visit *visit, struct failure *why,
		 const char *operation)
{
	failed(why, operation);
	return visit_explained(visit, why);
}

/* Close a deep directory before we go further down. */
static int put_away(const struct visit *visit, struct level *here,
		    struct failure *why)
{
	struct stat st;

	if (here->depth < VISIT_HELD)
		return 0;
	if (file_look(here->fd, &st, why) < 0)
		return visit_explained(visit, why);
	here->dev = st.st_dev;
	here->ino = st.st_ino;
	here->offset = lseek(here->fd, 0, SEEK_CUR);
	if (here->offset < 0)
		return visit_failed(visit, why, "lseek");
	fd_close(&here->fd);
	return 0;
}

/*
 * Back from below to here.  Where below was moved meanwhile its ".." is
 * another directory, perhaps outside, which has another inode.
 */
static int take_up(const struct visit *visit, struct level *here, int below,
		   struct failure *why)
{
	struct stat st;

	if (here->fd >= 0)
		return 0;
	here->fd = entry_open(below, "..", O_RDONLY | O_DIRECTORY);
	if (here->fd < 0)
		return visit_failed(visit, why, "openat2");
	if (file_look(here->fd, &st, why) < 0)
		return visit_explained(visit, why);
	if (st.st_dev != here->dev || st.st_ino != here->ino) {
		errno = ESTALE;
		return failed_because(why, "openat2",
				      "%s was moved away while %s it",
				      visit_name(visit), visit->doing);
	}
	if (lseek(here->fd, here->offset, SEEK_SET) < 0)
		return visit_failed(visit, why, "lseek");
	return 0;
}

static int visit_below(struct visit *visit, struct level *up, int dir,
		       struct failure *why)
{
	struct level here = { .fd = dir, .depth = up->depth + 1 };
	int done = put_away(visit, up, why);

	if (done == 0)
		done = visit_level(visit, &here, why);
	if (done == 0)
		done = take_up(visit, up, here.fd, why);
	fd_close(&here.fd);
	return done;
}

static int visit_directory(struct visit *visit, struct level *up,
			   const char *name, struct failure *why)
{
	autoclose int dir = entry_open(up->fd, name, O_RDONLY | O_DIRECTORY);
	int answer = VISIT_DONE;

	if (dir < 0 && (errno == ENOENT || errno == EXDEV))
		return VISIT_DONE;
	if (dir < 0 && (errno == ENOTDIR || errno == ELOOP))
		return VISIT_CHANGED;
	if (dir < 0)
		return visit_failed(visit, why, "openat2");
	if (visit->enter)
		answer = visit->enter(visit, name, why);
	if (answer == VISIT_SKIP)
		return VISIT_DONE;
	return answer < 0 ? -1 : visit_below(visit, up, take(&dir), why);
}

/* Look until what is opened is of the type that it was taken for. */
static int visit_entry(struct visit *visit, struct level *here,
		       const struct dirent *entry, const char *name,
		       struct failure *why)
{
	bool directory = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
	int tries = MAX_CHANGES;
	int answer;

	do {
		answer = directory ?
			 visit_directory(visit, here, name, why) :
			 visit->entry(visit, here->fd, name, why);
		directory = !directory;
	} while (answer == VISIT_CHANGED && --tries > 0);
	if (answer == VISIT_CHANGED) {
		errno = EAGAIN;
		return failed_because(why, "openat", "%s %s, which changes "
				      "all the time", visit->doing,
				      visit->path);
	}
	return answer;
}

/* The same, with the path made longer by its name and then shorter again. */
static int visit_named(struct visit *visit, struct level *here,
		       const struct dirent *entry, struct failure *why)
{
	size_t before = visit->length;
	size_t start = before + (before > 0);
	size_t length = strlen(entry->d_name);
	int answer;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return VISIT_DONE;
	if (start + length >= sizeof(visit->path)) {
		errno = ENAMETOOLONG;
		return visit_failed(visit, why, "openat");
	}
	if (before)
		visit->path[before] = '/';
	memcpy(visit->path + start, entry->d_name, length + 1);
	visit->length = start + length;
	answer = visit_entry(visit, here, entry, visit->path + start, why);
	if (answer < 0)
		return -1;
	visit->path[before] = '\0';
	visit->length = before;
	return VISIT_DONE;
}

/*
 * A small buffer of its own for each level: one that all share would have to
 * be read again after each directory, and in one that others write to the
 * place is not always found again.
 */
static int visit_level(struct visit *visit, struct level *here,
		       struct failure *why)
{
	alignas(struct dirent) char entries[512];
	const struct dirent *entry;
	int length, at;

	while ((length = getdents(here->fd, (struct dirent *)entries,
				  sizeof(entries))) > 0)
		for (at = 0; at < length; at += entry->d_reclen) {
			entry = (const struct dirent *)(entries + at);
			if (visit_named(visit, here, entry, why) < 0)
				return -1;
		}
	/* ENOENT: it was removed meanwhile */
	if (length < 0 && errno != ENOENT)
		return visit_failed(visit, why, "getdents64");
	return visit->leave(visit, here->fd, why);
}

int visit_all(struct visit *visit, int dir, struct failure *why)
{
	/* not ours to close: it is never as deep as VISIT_HELD */
	struct level topmost = { .fd = dir };

	visit->path[0] = '\0';
	visit->length = 0;
	/* a deep tree needs many */
	fd_close_aside();
	return visit_level(visit, &topmost, why);
}
