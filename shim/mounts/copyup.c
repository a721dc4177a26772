/* copyup: what a tmpfs covers, copied from descriptor to descriptor */

#include "mounts/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "arena.h"
#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/metadata.h"
#include "mounts/visit.h"

#define BLOCK_SIZE ((size_t)64 << 10)
#define BUCKETS 1024

/* The first copy of a file with several names. */
struct first {
	struct first *next;
	dev_t dev;
	ino_t ino;
	char path[];
};

struct copy {
	struct visit visit;
	int root;		/* the topmost directory written to; borrowed */
	int to;			/* the one of this moment; owned */
	/*
	 * How many files have several names is not known before, so they are
	 * the one thing that takes memory here; given back at the end.
	 */
	struct arena arena;
	struct first *firsts[BUCKETS];
};

static struct first **bucket_of(struct copy *c, const struct stat *st)
{
	return &c->firsts[(st->st_ino ^ st->st_dev) % BUCKETS];
}

static const struct first *find_first(struct copy *c, const struct stat *st)
{
	const struct first *first = *bucket_of(c, st);

	while (first && (first->ino != st->st_ino || first->dev != st->st_dev))
		first = first->next;
	return first;
}

static int remember(struct copy *c, const struct stat *st, struct failure *why)
{
	struct first **bucket = bucket_of(c, st);
	struct first *first = arena_alloc(&c->arena, sizeof(*first) +
					  c->visit.length + 1);

	if (!first)
		return visit_failed(&c->visit, why, "mmap");
	first->next = *bucket;
	first->dev = st->st_dev;
	first->ino = st->st_ino;
	memcpy(first->path, c->visit.path, c->visit.length + 1);
	*bucket = first;
	return 0;
}

/* What has been made gets all the rest of the original. */
static int finish(struct copy *c, const struct original *from,
		  const char *name, struct failure *why)
{
	if (metadata_copy(from, c->to, name, &c->visit, why) < 0)
		return -1;
	return from->st.st_nlink > 1 ? remember(c, &from->st, why) : 0;
}

/*
 * Nothing could be made.  A directory that changes while it is read may give
 * a name twice: it has been copied then, for nobody else writes here.
 */
static int not_made(struct copy *c, const char *operation, struct failure *why)
{
	return errno == EEXIST ? 0 : visit_failed(&c->visit, why, operation);
}

/* The file may shrink meanwhile; that it grows is not looked at. */
static int copy_range(struct copy *c, const int fds[2], off_t at, off_t end,
		      struct failure *why)
{
	char block[BLOCK_SIZE];
	ssize_t got = 0, put = 0;
	off_t written;

	for (; at < end; at += got) {
		size_t want = end - at < (off_t)BLOCK_SIZE ?
			      (size_t)(end - at) : BLOCK_SIZE;

		got = pread(fds[0], block, want, at);
		if (got < 0)
			return visit_failed(&c->visit, why, "pread");
		if (got == 0)
			return 0;
		for (written = 0; written < got; written += put) {
			put = pwrite(fds[1], block + written,
				     (size_t)(got - written), at + written);
			if (put < 0)
				return visit_failed(&c->visit, why, "pwrite");
		}
	}
	return 0;
}

/* Holes stay holes. */
static int copy_data(struct copy *c, const int fds[2], const struct stat *st,
		     struct failure *why)
{
	off_t data, hole;

	if ((off_t)st->st_blocks * 512 >= st->st_size)
		return copy_range(c, fds, 0, st->st_size, why);
	if (ftruncate(fds[1], st->st_size) < 0)
		return visit_failed(&c->visit, why, "ftruncate");
	for (hole = 0; hole < st->st_size; ) {
		data = lseek(fds[0], hole, SEEK_DATA);
		if (data < 0 && errno == ENXIO)
			return 0;
		if (data < 0)
			return visit_failed(&c->visit, why, "lseek");
		hole = lseek(fds[0], data, SEEK_HOLE);
		/* it changes under us: get on, all is data then */
		if (hole <= data || hole > st->st_size)
			hole = st->st_size;
		if (copy_range(c, fds, data, hole, why) < 0)
			return -1;
	}
	return 0;
}

/*
 * It was a regular file a moment ago.  Should it be a fifo by now nobody
 * waits, a device is refused by MOUNT_ATTR_NODEV, a symlink by O_NOFOLLOW.
 * From here on all is taken from the descriptor: were it another regular
 * file than a moment ago, it would be copied as what it is.
 */
static int copy_regular(struct copy *c, int dir, const char *name,
			struct failure *why)
{
	autoclose int fd = file_open(dir, name, O_RDONLY | O_NOFOLLOW |
				     O_NONBLOCK | O_NOCTTY, why);
	autoclose int made = -1;
	struct original from = { .fd = fd };

	if (fd < 0 && errno == ENOENT)
		return VISIT_DONE;
	if (fd < 0 && (errno == ELOOP || errno == ENXIO))
		return VISIT_CHANGED;
	if (fd < 0 || file_look(fd, &from.st, why) < 0)
		return visit_explained(&c->visit, why);
	if (!S_ISREG(from.st.st_mode))
		return VISIT_CHANGED;
	made = openat(c->to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      0600);
	if (made < 0)
		return not_made(c, "openat", why);
	if (copy_data(c, (int[]){ fd, made }, &from.st, why) < 0)
		return -1;
	return finish(c, &from, name, why);
}

/* Opened, so that text and owner are of one and the same symlink. */
static int copy_symlink(struct copy *c, int dir, const char *name,
			struct failure *why)
{
	struct original from = { .fd = -1, .dir = dir, .name = name };
	autoclose int link = file_find(dir, name, &from.st, why);
	char text[PATH_MAX];

	if (link < 0 && errno == ENOENT)
		return VISIT_DONE;
	if (link < 0)
		return visit_explained(&c->visit, why);
	if (!S_ISLNK(from.st.st_mode))
		return VISIT_CHANGED;
	if (file_read_link(link, "", text, sizeof(text), why) < 0)
		return visit_explained(&c->visit, why);
	if (symlinkat(text, c->to, name) < 0)
		return not_made(c, "symlinkat", why);
	return finish(c, &from, name, why);
}

/* A device, fifo or socket: made anew, from what stat(2) says. */
static int copy_special(struct copy *c, const struct original *from,
			struct failure *why)
{
	const struct stat *st = &from->st;

	if (mknodat(c->to, from->name, (st->st_mode & S_IFMT) | 0600,
		    st->st_rdev) == 0)
		return finish(c, from, from->name, why);
	if (errno == EPERM && (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))) {
		why->hint = "a user namespace cannot make devices";
		return failed_because(why, "mknodat", "copying %s, which is "
				      "the device %u:%u", c->visit.path,
				      major(st->st_rdev), minor(st->st_rdev));
	}
	return not_made(c, "mknodat", why);
}

static int copy_entry(struct visit *visit, int dir, const char *name,
		      struct failure *why)
{
	struct copy *c = visit->state;
	struct original from = { .fd = -1, .dir = dir, .name = name };
	const struct first *first = NULL;

	if (file_stat(dir, name, &from.st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? VISIT_DONE :
					 visit_failed(visit, why, "fstatat");
	if (S_ISDIR(from.st.st_mode))
		return VISIT_CHANGED;
	if (from.st.st_nlink > 1)
		first = find_first(c, &from.st);
	if (first && linkat(c->root, first->path, c->to, name, 0) < 0)
		return not_made(c, "linkat", why);
	if (first)
		return VISIT_DONE;
	if (S_ISREG(from.st.st_mode))
		return copy_regular(c, dir, name, why);
	if (S_ISLNK(from.st.st_mode))
		return copy_symlink(c, dir, name, why);
	return copy_special(c, &from, why);
}

/* Write to another directory from here on. */
static int go_to(struct copy *c, const char *name, struct failure *why)
{
	int to = file_open(c->to, name, O_PATH | O_DIRECTORY | O_NOFOLLOW,
			   why);

	if (to < 0)
		return visit_explained(&c->visit, why);
	fd_close(&c->to);
	c->to = to;
	return VISIT_DONE;
}

/* Writable for us, whatever mode it will have in the end. */
static int enter_directory(struct visit *visit, const char *name,
			   struct failure *why)
{
	struct copy *c = visit->state;

	if (mkdirat(c->to, name, 0700) < 0)
		return errno == EEXIST ? VISIT_SKIP :
					 visit_failed(visit, why, "mkdirat");
	return go_to(c, name, why);
}

/* Last, for what is made in a directory changes its times. */
static int leave_directory(struct visit *visit, int dir, struct failure *why)
{
	struct copy *c = visit->state;
	struct original from = { .fd = dir };
	struct stat own;

	if (file_look(dir, &from.st, why) < 0 ||
	    file_look(c->to, &own, why) < 0)
		return visit_explained(visit, why);
	if (!visit->length)
		from.st.st_mode = own.st_mode;
	if (metadata_copy(&from, c->to, ".", visit, why) < 0)
		return -1;
	if (!visit->length)
		return 0;
	/* ".." is what it was: nobody else can move anything here */
	return go_to(c, "..", why);
}

/*
 * What is copied, as a mount of its own: without the mounts below it, and so
 * that reading can do no harm: no device opens, no access time changes.
 */
static int open_original(int from, struct failure *why)
{
	const struct mount_attr harmless = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV,
		.propagation = MS_PRIVATE,
	};
	autoclose int tree = tree_clone(from, "", 0, TREE_ONE, why);

	if (tree < 0 && why->error == EINVAL)
		return failed_because(why, "open_tree", "it has mounts below "
				      "that must not be uncovered here, or is "
				      "unbindable");
	if (tree < 0 || mount_change(tree, TREE_ONE, &harmless, why) < 0)
		return -1;
	return file_open(tree, ".", O_RDONLY | O_DIRECTORY, why);
}

int copy_up(int from, int to, struct failure *why)
{
	autoclose int original = open_original(from, why);
	struct copy c = {
		.visit = {
			.doing = "copying",
			.state = &c,
			.entry = copy_entry,
			.enter = enter_directory,
			.leave = leave_directory,
		},
		.root = to,
	};
	int done;

	if (original < 0)
		return -1;
	c.to = file_open(to, ".", O_PATH | O_DIRECTORY, why);
	if (c.to < 0)
		return -1;
	done = visit_all(&c.visit, original, why);
	fd_close(&c.to);
	arena_free(&c.arena);
	return done;
}
