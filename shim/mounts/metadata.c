/* metadata: owner, then xattrs, then mode, then times */

#include "mounts/metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kernel/file.h"

/* The most that there is: xattr(7).  Untouched pages cost nothing. */
#define LIST_MAX ((size_t)64 << 10)
#define VALUE_MAX ((size_t)64 << 10)

/* A destination of xattrs, and the words to fail with. */
struct copy {
	const struct original *from;
	int to;
	const char *name;
	const struct visit *visit;
};

/*
 * No call takes an O_PATH descriptor or a directory and a name before Linux
 * 6.13; so what is not opened is named in the working directory.
 */
static ssize_t list_keys(const struct original *from, char *keys,
			 struct failure *why)
{
	if (from->fd >= 0)
		return flistxattr(from->fd, keys, LIST_MAX);
	if (file_enter(from->dir, why) < 0)
		return -1;
	return llistxattr(from->name, keys, LIST_MAX);
}

static ssize_t get_value(const struct original *from, const char *key,
			 char *value, struct failure *why)
{
	if (from->fd >= 0)
		return fgetxattr(from->fd, key, value, VALUE_MAX);
	if (file_enter(from->dir, why) < 0)
		return -1;
	return lgetxattr(from->name, key, value, VALUE_MAX);
}

/* It has gone since it was listed, or another was put in its place. */
static bool has_vanished(int error)
{
	return error == ENODATA || error == ENOENT;
}

static int xattr_failed(const struct copy *c, const char *key,
			const char *operation, struct failure *why)
{
	return failed_because(why, operation, "%s %s of %s", c->visit->doing,
			      key, visit_name(c->visit));
}

static int copy_xattr(const struct copy *c, const char *key,
		      struct failure *why)
{
	char value[VALUE_MAX];
	ssize_t length = get_value(c->from, key, value, why);

	if (length < 0 && (has_vanished(errno) || errno == ENOTSUP))
		return 0;
	if (length < 0)
		return xattr_failed(c, key, "getxattr", why);
	if (file_enter(c->to, why) < 0)
		return visit_explained(c->visit, why);
	if (lsetxattr(c->name, key, value, (size_t)length, 0) < 0 &&
	    errno != ENOTSUP)
		return xattr_failed(c, key, "lsetxattr", why);
	return 0;
}

static int copy_xattrs(const struct copy *c, struct failure *why)
{
	char keys[LIST_MAX];
	ssize_t length = list_keys(c->from, keys, why);
	const char *key;

	if (length < 0 && (has_vanished(errno) || errno == ENOTSUP))
		return 0;
	if (length < 0)
		return visit_failed(c->visit, why, "listxattr");
	for (key = keys; key < keys + length; key += strlen(key) + 1) {
		/* only a file that was swapped in can have those, xattr(7) */
		if (c->from->fd < 0 && strncmp(key, "user.", 5) == 0)
			continue;
		if (copy_xattr(c, key, why) < 0)
			return -1;
	}
	return 0;
}

static int copy_owner(const struct copy *c, struct failure *why)
{
	const struct stat *st = &c->from->st;

	if (fchownat(c->to, c->name, st->st_uid, st->st_gid,
		     AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno == EINVAL)
		return failed_because(why, "fchownat", "%s %s, whose owner "
				      "%u:%u has no id in this user namespace",
				      c->visit->doing, visit_name(c->visit),
				      st->st_uid, st->st_gid);
	return visit_failed(c->visit, why, "fchownat");
}

int metadata_copy(const struct original *from, int to, const char *name,
		  const struct visit *visit, struct failure *why)
{
	const struct copy c = { from, to, name, visit };

	/* it takes security.capability, suid and sgid away: before those */
	if (copy_owner(&c, why) < 0 || copy_xattrs(&c, why) < 0)
		return -1;
	/* after an access control list, which sets a mode of its own */
	if (!S_ISLNK(from->st.st_mode) &&
	    file_set_mode(to, name, from->st.st_mode) < 0)
		return visit_failed(visit, why, "fchmodat");
	if (file_set_times(to, name, &from->st) < 0)
		return visit_failed(visit, why, "utimensat");
	return 0;
}
