/* context: new filesystems, mount.h */

#include "kernel/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/missing.h"
#include "kernel/stage.h"

/*
 * The mount log: one message a read(2), "e tmpfs: Bad value for 'size'".  The
 * last one that is an error is the one that decided.  Linux 5.2.
 */
static void read_log(int fs, struct failure *why)
{
	char line[sizeof(why->kernel)];
	ssize_t length;

	while ((length = read(fs, line, sizeof(line) - 1)) > 0) {
		line[length] = '\0';
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "e ", 2) == 0)
			memmove(line, line + 2, strlen(line + 2) + 1);
		format_text(why->kernel, sizeof(why->kernel), "%s", line);
	}
}

static int fs_failed(int fs, struct failure *why, const char *operation)
{
	failed(why, operation);
	read_log(fs, why);
	return -1;
}

static int open_failed(const char *operation, const char *type,
		       struct failure *why)
{
	failed(why, operation);
	return why->error == ENODEV ?
	       explained(why, "this kernel has no filesystem \"%s\"", type) :
	       -1;
}

/*
 * What a context keeps, for a filesystem that is mounted with mount(2): where
 * fsopen(2) is missing, before Linux 5.2, or does not know the type.
 */
static struct {
	const char *type;
	const char *source;
	unsigned long flags;
	size_t length;
	char data[4096];	/* mount(2) takes a page of options */
} old;

static int old_fs = -1;		/* a descriptor to know it by */

static int old_open(const char *type, struct failure *why)
{
	if (stage_open(why) < 0)
		return -1;
	old_fs = file_open(AT_FDCWD, "/", O_PATH, why);
	old.type = type;
	old.source = NULL;
	old.flags = 0;
	old.length = 0;
	old.data[0] = '\0';
	return old_fs;
}

/* A label has commas; security modules know quotes (sb_eat_lsm_opts). */
static int old_add(const char *key, const char *equals, const char *value,
		   struct failure *why)
{
	const char *quote = strcmp(key, "context") == 0 ? "\"" : "";
	size_t room = sizeof(old.data) - old.length;
	size_t length = format_text(old.data + old.length, room,
				    "%s%s%s%s%s%s", old.length ? "," : "", key,
				    equals, quote, value, quote);

	if (length >= room || (!*quote && (strchr(key, ',') ||
					   strchr(value, ',')))) {
		errno = EINVAL;
		return failed_because(why, "mount", "option %.64s: a comma, or "
				      "more than a page of options, takes "
				      "fsopen(2), Linux 5.2", key);
	}
	old.length += length;
	return 0;
}

/* mount(2) would set it on the filesystem, too, which others may share. */
static int old_configure(int mount, uint64_t attrs, struct failure *why)
{
	uint64_t readonly = old.flags & MS_RDONLY ? 0 :
						    attrs & MOUNT_ATTR_RDONLY;
	autorelease int tree = -1;

	if (readonly && mount_restrict(mount, TREE_ONE, readonly, why) < 0)
		return -1;
	if (!stage_is_late())
		return file_copy(mount, why);
	tree = tree_clone(mount, "", 0, TREE_ONE, why);
	return stage_close(why) < 0 ? -1 : take(&tree);
}

static int old_mount(uint64_t attrs, struct failure *why)
{
	autorelease int mount = stage_mount(old.type, old.source, old.flags |
		mount_flags(attrs & ~(uint64_t)MOUNT_ATTR_RDONLY), old.data,
		why);

	old_fs = -1;
	return mount < 0 ? open_failed("mount", old.type, why) :
			   old_configure(mount, attrs, why);
}

static int context_open(const char *type)
{
	return (int)syscall(NR_FSOPEN, type, FSOPEN_CLOEXEC);
}

int fs_open(const char *type, struct failure *why)
{
	static enum known call;
	int fs;

	old_fs = -1;
	if (call == MISSING)
		return old_open(type, why);
	fs = context_open(type);
	if (is_missing(&call, fs) || (fs < 0 && errno == EINVAL))
		return old_open(type, why);
	return fs < 0 ? open_failed("fsopen", type, why) : fs;
}

bool fs_takes_long(int fs)
{
	return fs != old_fs;
}

static int fs_config(int fs, enum fsconfig_command command, const char *key,
		     const char *value, struct failure *why)
{
	if (syscall(NR_FSCONFIG, fs, command, key, value, 0) < 0)
		return fs_failed(fs, why, "fsconfig");
	return 0;
}

int fs_set_string(int fs, const char *key, const char *value,
		  struct failure *why)
{
	if (fs != old_fs)
		return fs_config(fs, FSCONFIG_SET_STRING, key, value, why);
	if (strcmp(key, "source") != 0)
		return old_add(key, "=", value, why);
	old.source = value;
	return 0;
}

int fs_set(int fs, const char *option, struct failure *why)
{
	const char *equals = strchr(option, '=');
	char key[64];

	if (fs == old_fs)
		return old_add(option, "", "", why);
	if (!equals)
		return fs_config(fs, FSCONFIG_SET_FLAG, option, NULL, why);
	if ((size_t)(equals - option) >= sizeof(key)) {
		errno = EINVAL;
		return failed_because(why, "fsconfig",
				      "no filesystem has a key that long");
	}
	format_text(key, sizeof(key), "%.*s", (int)(equals - option), option);
	return fs_set_string(fs, key, equals + 1, why);
}

int fs_set_flags(int fs, unsigned long flags, struct failure *why)
{
	static const struct {
		unsigned flag;
		char option[12];
	} options[] = {
		{ MS_RDONLY, "ro" },
		{ MS_SYNCHRONOUS, "sync" },
		{ MS_DIRSYNC, "dirsync" },
		{ MS_MANDLOCK, "mand" },
		{ MS_LAZYTIME, "lazytime" },
		{ MS_I_VERSION, "iversion" },
	};
	size_t i;

	if (fs == old_fs)
		old.flags |= flags;
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (fs != old_fs && (flags & options[i].flag) &&
		    fs_set(fs, options[i].option, why) < 0)
			return -1;
	return 0;
}

int fs_mount(int fs, uint64_t attrs, struct failure *why)
{
	bool ready = fs == old_fs || !mount_is_staged();
	autorelease int mount = fs_mount_detached(fs, attrs, why);

	return mount < 0 || ready ? take(&mount) : tree_take(mount, why);
}

int fs_mount_detached(int fs, uint64_t attrs, struct failure *why)
{
	int mount;

	if (fs == old_fs)
		return old_mount(attrs, why);
	if (fs_config(fs, FSCONFIG_CMD_CREATE, NULL, NULL, why) < 0)
		return -1;
	mount = (int)syscall(NR_FSMOUNT, fs, FSMOUNT_CLOEXEC, attrs);
	return mount < 0 ? fs_failed(fs, why, "fsmount") : mount;
}

/*
 * mount(2) answers with a number only.  A filesystem context that is asked
 * the same says in words what it was; it is let go without being mounted.
 */
static void ask_why(const char *type, const char *source, const char *data,
		    struct failure *why)
{
	struct failure other = { .kernel = "" };
	autorelease int fs = context_open(type);
	char option[512];

	if (fs < 0)
		return;
	if (source && fs_set_string(fs, "source", source, &other) < 0)
		goto told;
	while (data && *data) {
		size_t length = strcspn(data, ",");

		format_text(option, sizeof(option), "%.*s", (int)length, data);
		if (fs_set(fs, option, &other) < 0)
			goto told;
		data += length + (data[length] == ',');
	}
	fs_config(fs, FSCONFIG_CMD_CREATE, NULL, NULL, &other);
told:
	memcpy(why->kernel, other.kernel, sizeof(why->kernel));
}

int mount_here(int destination, const char *type, const char *source,
	       unsigned long flags, const char *data, struct failure *why)
{
	if (file_enter(destination, why) < 0)
		return -1;
	if (mount(source, ".", type, flags, data) == 0)
		return 0;
	open_failed("mount", type, why);
	if (why->error != ENODEV)
		ask_why(type, source, data, why);
	return -1;
}
