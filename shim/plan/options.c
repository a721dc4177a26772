/* options: names, and what each does to a mount */

#include "options.h"

#include <string.h>
#include <sys/mount.h>

#include "kernel/abi.h"

/*
 * An atime mode is a number in the field MOUNT_ATTR__ATIME, so naming one
 * clears the field: mount_setattr(2), attr_clr.  What takes a mode back leaves
 * the kernel's own, which is relatime; after "norelatime" none is named.
 */
const struct mount_option mount_options[] = {
	{ "Z", OPTION_FLAG, MOUNT_RELABEL_PRIVATE, MOUNT_RELABEL_SHARED },
	{ "async", OPTION_SUPER, 0, MS_SYNCHRONOUS },
	{ "atime", OPTION_ATIME_BACK, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME },
	{ "bind", OPTION_FLAG, MOUNT_BIND, 0 },
	{ "copy-symlink", OPTION_FLAG, MOUNT_COPY_SYMLINK, 0 },
	{ "defaults", OPTION_NOTHING, 0, 0 },
	{ "dest-nofollow", OPTION_FLAG, MOUNT_DESTINATION_NOFOLLOW, 0 },
	{ "dev", OPTION_ATTR, 0, MOUNT_ATTR_NODEV },
	{ "diratime", OPTION_ATTR, 0, MOUNT_ATTR_NODIRATIME },
	{ "dirsync", OPTION_SUPER, MS_DIRSYNC, 0 },
	{ "exec", OPTION_ATTR, 0, MOUNT_ATTR_NOEXEC },
	{ "idmap", OPTION_FLAG, MOUNT_IDMAP, MOUNT_IDMAP_RECURSIVE },
	{ "iversion", OPTION_SUPER, MS_I_VERSION, 0 },
	{ "lazytime", OPTION_SUPER, MS_LAZYTIME, 0 },
	{ "loud", OPTION_SUPER, 0, MS_SILENT },
	{ "mand", OPTION_SUPER, MS_MANDLOCK, 0 },
	{ "noatime", OPTION_ATTR, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME },
	{ "nodev", OPTION_ATTR, MOUNT_ATTR_NODEV, 0 },
	{ "nodiratime", OPTION_ATTR, MOUNT_ATTR_NODIRATIME, 0 },
	{ "noexec", OPTION_ATTR, MOUNT_ATTR_NOEXEC, 0 },
	{ "noiversion", OPTION_SUPER, 0, MS_I_VERSION },
	{ "nolazytime", OPTION_SUPER, 0, MS_LAZYTIME },
	{ "nomand", OPTION_SUPER, 0, MS_MANDLOCK },
	{ "norelatime", OPTION_ATIME_BACK, MOUNT_ATTR_RELATIME, 0 },
	{ "nostrictatime", OPTION_ATIME_BACK,
	  MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
	{ "nosuid", OPTION_ATTR, MOUNT_ATTR_NOSUID, 0 },
	{ "nosymfollow", OPTION_ATTR, MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "private", OPTION_PROPAGATION, MS_PRIVATE, 0 },
	{ "ratime", OPTION_ALL_ATIME_BACK,
	  MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME },
	{ "rbind", OPTION_FLAG, MOUNT_BIND | MOUNT_RECURSIVE, 0 },
	{ "rdev", OPTION_ALL, 0, MOUNT_ATTR_NODEV },
	{ "rdiratime", OPTION_ALL, 0, MOUNT_ATTR_NODIRATIME },
	{ "relatime", OPTION_ATTR, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME },
	{ "remount", OPTION_FLAG, MOUNT_REMOUNT, 0 },
	{ "rexec", OPTION_ALL, 0, MOUNT_ATTR_NOEXEC },
	{ "ridmap", OPTION_FLAG, MOUNT_IDMAP | MOUNT_IDMAP_RECURSIVE, 0 },
	{ "rnoatime", OPTION_ALL, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME },
	{ "rnodev", OPTION_ALL, MOUNT_ATTR_NODEV, 0 },
	{ "rnodiratime", OPTION_ALL, MOUNT_ATTR_NODIRATIME, 0 },
	{ "rnoexec", OPTION_ALL, MOUNT_ATTR_NOEXEC, 0 },
	{ "rnorelatime", OPTION_ALL_ATIME_BACK, MOUNT_ATTR_RELATIME, 0 },
	{ "rnostrictatime", OPTION_ALL_ATIME_BACK,
	  MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
	{ "rnosuid", OPTION_ALL, MOUNT_ATTR_NOSUID, 0 },
	{ "rnosymfollow", OPTION_ALL, MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "ro", OPTION_ATTR, MOUNT_ATTR_RDONLY, 0 },
	{ "rprivate", OPTION_PROPAGATION, MS_PRIVATE | MS_REC, 0 },
	{ "rrelatime", OPTION_ALL, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME },
	{ "rro", OPTION_ALL, MOUNT_ATTR_RDONLY, 0 },
	{ "rrw", OPTION_ALL, 0, MOUNT_ATTR_RDONLY },
	{ "rshared", OPTION_PROPAGATION, MS_SHARED | MS_REC, 0 },
	{ "rslave", OPTION_PROPAGATION, MS_SLAVE | MS_REC, 0 },
	{ "rstrictatime", OPTION_ALL,
	  MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
	{ "rsuid", OPTION_ALL, 0, MOUNT_ATTR_NOSUID },
	{ "rsymfollow", OPTION_ALL, 0, MOUNT_ATTR_NOSYMFOLLOW },
	{ "runbindable", OPTION_PROPAGATION, MS_UNBINDABLE | MS_REC, 0 },
	{ "rw", OPTION_ATTR, 0, MOUNT_ATTR_RDONLY },
	{ "shared", OPTION_PROPAGATION, MS_SHARED, 0 },
	{ "silent", OPTION_SUPER, MS_SILENT, 0 },
	{ "slave", OPTION_PROPAGATION, MS_SLAVE, 0 },
	{ "src-nofollow", OPTION_FLAG, MOUNT_SOURCE_NOFOLLOW, 0 },
	{ "strictatime", OPTION_ATTR,
	  MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
	{ "suid", OPTION_ATTR, 0, MOUNT_ATTR_NOSUID },
	{ "symfollow", OPTION_ATTR, 0, MOUNT_ATTR_NOSYMFOLLOW },
	{ "sync", OPTION_SUPER, MS_SYNCHRONOUS, 0 },
	{ "tmpcopyup", OPTION_FLAG, MOUNT_COPY_UP, 0 },
	{ "unbindable", OPTION_PROPAGATION, MS_UNBINDABLE, 0 },
	{ "z", OPTION_FLAG, MOUNT_RELABEL_SHARED, MOUNT_RELABEL_PRIVATE },
};

const size_t mount_option_count =
	sizeof(mount_options) / sizeof(mount_options[0]);

/* As strcmp(), which the first character mostly spares. */
static int compare(const char *a, const char *b)
{
	return *a == *b ? strcmp(a, b) : (unsigned char)*a - (unsigned char)*b;
}

const struct mount_option *mount_option_find(const char *name)
{
	size_t low = 0, high = mount_option_count, middle;
	int order;

	while (low < high) {
		middle = (low + high) / 2;
		order = compare(name, mount_options[middle].name);
		if (order == 0)
			return &mount_options[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Attributes of a mount or of a tree: to set and to clear. */
struct attrs {
	uint32_t *set;
	uint32_t *clear;
};

static void attrs_apply(struct attrs to, const struct mount_option *option)
{
	*to.set = (*to.set & ~option->clear) | option->set;
	*to.clear = (*to.clear & ~option->set) | option->clear;
}

static bool is_atime_named(struct attrs of, uint32_t mode)
{
	return (*of.clear & MOUNT_ATTR__ATIME) &&
	       (*of.set & MOUNT_ATTR__ATIME) == mode;
}

static void atime_forget(struct attrs of)
{
	*of.set &= ~(uint32_t)MOUNT_ATTR__ATIME;
	*of.clear &= ~(uint32_t)MOUNT_ATTR__ATIME;
}

/* "strictatime, atime" is strictatime: "atime" is no more than not noatime. */
static void atime_back(struct attrs to, const struct mount_option *option)
{
	if ((*to.clear & MOUNT_ATTR__ATIME) &&
	    !is_atime_named(to, option->set))
		return;
	atime_forget(to);
	*to.clear |= option->clear;
}

/* A mount is one of its tree: what was named for it alone is overridden. */
static void all_apply(struct attrs own, struct attrs all,
		      const struct mount_option *option)
{
	uint32_t bits = option->set | option->clear;

	attrs_apply(all, option);
	*own.set &= ~bits;
	*own.clear &= ~bits;
}

static void all_atime_back(struct attrs own, struct attrs all,
			   const struct mount_option *option)
{
	atime_back(all, option);
	if (is_atime_named(own, option->set))
		atime_forget(own);
}

void mount_option_apply(struct mount *m, const struct mount_option *option)
{
	struct attrs own = { &m->attr_set, &m->attr_clear };
	struct attrs all = { &m->all_set, &m->all_clear };

	switch (option->kind) {
	case OPTION_NOTHING:
		break;
	case OPTION_ATTR:
		attrs_apply(own, option);
		break;
	case OPTION_ALL:
		all_apply(own, all, option);
		break;
	case OPTION_ATIME_BACK:
		atime_back(own, option);
		break;
	case OPTION_ALL_ATIME_BACK:
		all_atime_back(own, all, option);
		break;
	case OPTION_SUPER:
		m->super_flags &= ~option->clear;
		m->super_flags |= option->set;
		break;
	case OPTION_PROPAGATION:
		m->propagation = option->set;
		break;
	case OPTION_FLAG:
		m->flags &= ~option->clear;
		m->flags |= option->set;
		break;
	}
}
