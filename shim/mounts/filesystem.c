/* filesystem: new filesystems, by mount(2) or by their context */

#include "mounts/filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/mount.h"

#define DATA_MAX 4096		/* mount(2) takes a page of options */
#define VALUE_MAX 255		/* fsconfig(2) takes a value this long */

uint32_t attributes_of(const struct mount *m)
{
	return (m->all_set & ~m->attr_clear) | m->attr_set;
}

bool has_option(const struct mount *m, const char *key)
{
	size_t length = strlen(key);
	char **option;

	for (option = m->data; option && *option; option++)
		if (strncmp(*option, key, length) == 0 &&
		    ((*option)[length] == '=' || !(*option)[length]))
			return true;
	return false;
}

/* Add one option to a comma-separated list.  -1: it does not fit in one. */
static int join(char *data, size_t *length, const char *option)
{
	size_t more = strlen(option);

	if (strchr(option, ',') || *length + more + 2 > DATA_MAX)
		return -1;
	if (*length)
		data[(*length)++] = ',';
	memcpy(data + *length, option, more + 1);
	*length += more;
	return 0;
}

/*
 * The label is quoted, for its categories have commas; the kernel's security
 * modules know the quotes (security_sb_eat_lsm_opts).
 */
static int join_label(char *data, size_t *length, const char *label)
{
	char *end = data + *length;
	size_t room = DATA_MAX - *length;
	size_t more = format_text(end, room, "%scontext=\"%s\"",
				  *length ? "," : "", label);

	if (more >= room)
		return -1;
	*length += more;
	return 0;
}

/* All options as mount(2) wants them.  -1: they need a context. */
static int join_all(const struct filesystem *fs, char *data)
{
	size_t length = 0;
	char **option;

	data[0] = '\0';
	if (fs->more && join(data, &length, fs->more) < 0)
		return -1;
	for (option = fs->m->data; option && *option; option++)
		if (join(data, &length, *option) < 0)
			return -1;
	return fs->label ? join_label(data, &length, fs->label) : 0;
}

/*
 * overlay's list of layers, one option each, where it is longer than a value
 * may be ("lowerdir+", Linux 6.5).  A colon of a name is written "\:".
 */
static int set_layers(int fs, const char *layers, struct failure *why)
{
	char layer[VALUE_MAX + 1];
	size_t length = 0;

	for (;; layers++) {
		if (*layers == ':' || !*layers) {
			layer[length] = '\0';
			if (fs_set_string(fs, "lowerdir+", layer, why) < 0)
				return -1;
			if (!*layers)
				return 0;
			length = 0;
			continue;
		}
		if (layers[0] == '\\' && layers[1])
			layers++;
		if (length == VALUE_MAX)
			return failed_as(why, "fsconfig", ENAMETOOLONG);
		layer[length++] = *layers;
	}
}

static int set_option(int fs, const char *option, struct failure *why)
{
	if (strncmp(option, "lowerdir=", 9) == 0 &&
	    strlen(option + 9) > VALUE_MAX && fs_takes_long(fs))
		return set_layers(fs, option + 9, why);
	return fs_set(fs, option, why);
}

static int set_all(int fs, const struct filesystem *of, struct failure *why)
{
	char **option;

	if (of->m->source &&
	    fs_set_string(fs, "source", of->m->source, why) < 0)
		return -1;
	if (fs_set_flags(fs, of->m->super_flags |
			 mount_flags(attributes_of(of->m) & MOUNT_ATTR_RDONLY),
			 why) < 0)
		return -1;
	if (of->more && set_option(fs, of->more, why) < 0)
		return -1;
	for (option = of->m->data; option && *option; option++)
		if (set_option(fs, *option, why) < 0)
			return -1;
	if (of->label && fs_set_string(fs, "context", of->label, why) < 0)
		return -1;
	return 0;
}

static const char *type_of(const struct filesystem *fs)
{
	return fs->type ? fs->type : fs->m->type;
}

int filesystem_make(const struct filesystem *of, struct failure *why)
{
	const struct mount *m = of->m;
	autorelease int mount = -1;
	autorelease int fs = fs_open(type_of(of), why);

	if (fs < 0 || set_all(fs, of, why) < 0)
		return -1;
	mount = fs_mount(fs, attributes_of(m), why);
	if (mount >= 0 && m->propagation &&
	    mount_propagate(mount, TREE_ONE, m->propagation, why) < 0)
		return -1;
	return take(&mount);
}

/* The kernel says EINVAL; the type says why. */
static int attach_failed(int destination, struct failure *why)
{
	struct stat there;

	if (file_stat(destination, "", &there, AT_EMPTY_PATH) == 0 &&
	    !S_ISDIR(there.st_mode))
		failed_as(why, why->operation, ENOTDIR);
	return -1;
}

int filesystem_attach(const struct filesystem *fs, int destination,
		      struct failure *why)
{
	autorelease int detached = filesystem_make(fs, why);

	if (detached < 0)
		return -1;
	if (mount_attach(detached, destination, why) < 0)
		return attach_failed(destination, why);
	return 0;
}

int filesystem_mount(const struct filesystem *fs, int destination,
		     struct failure *why)
{
	const struct mount *m = fs->m;
	char data[DATA_MAX];

	if (!m->propagation && join_all(fs, data) == 0)
		return mount_here(destination, type_of(fs), m->source,
				  mount_flags(attributes_of(m)) |
				  m->super_flags, data, why);
	return filesystem_attach(fs, destination, why);
}

int filesystem_remount(const struct filesystem *fs, int mounted,
		       unsigned long flags, struct failure *why)
{
	char data[DATA_MAX];

	if (join_all(fs, data) < 0)
		return failed_as(why, "mount", EINVAL);
	if (file_enter(mounted, why) < 0)
		return -1;
	if (mount(NULL, ".", NULL, MS_REMOUNT | flags, data) < 0)
		return failed(why, "mount");
	return 0;
}

int attributes_apply(const struct mount *m, int mount, struct failure *why)
{
	uint32_t propagation = m->propagation & ~(uint32_t)MS_REC;
	bool deep = m->propagation & MS_REC;
	struct mount_attr one = {
		.attr_set = m->attr_set,
		.attr_clr = m->attr_clear,
		.propagation = deep ? 0 : propagation,
	};
	struct mount_attr all = {
		.attr_set = m->all_set,
		.attr_clr = m->all_clear,
		.propagation = deep ? propagation : 0,
	};

	/* what is named for the mount alone stands against what is for all */
	if ((!(all.attr_set || all.attr_clr || all.propagation) ||
	     mount_change(mount, TREE_WHOLE, &all, why) == 0) &&
	    (!(one.attr_set || one.attr_clr || one.propagation) ||
	     mount_change(mount, TREE_ONE, &one, why) == 0))
		return 0;
	if (why->error == EPERM)
		why->hint = "in a user namespace a mount keeps the flags and "
			    "the atime mode that it has outside";
	return -1;
}
