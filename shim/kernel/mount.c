/* mount: detached mounts and where they go, by descriptor */

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

int fs_open(const char *type, struct failure *why)
{
	int fs = (int)syscall(NR_FSOPEN, type, FSOPEN_CLOEXEC);

	if (fs < 0 && errno == ENODEV)
		return failed_because(why, "fsopen",
				      "this kernel has no filesystem \"%s\"",
				      type);
	return fs < 0 ? failed(why, "fsopen") : fs;
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
	return fs_config(fs, FSCONFIG_SET_STRING, key, value, why);
}

int fs_set(int fs, const char *option, struct failure *why)
{
	const char *equals = strchr(option, '=');
	char key[64];

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

int fs_mount(int fs, uint64_t attrs, struct failure *why)
{
	int mount;

	if (fs_config(fs, FSCONFIG_CMD_CREATE, NULL, NULL, why) < 0)
		return -1;
	mount = (int)syscall(NR_FSMOUNT, fs, FSMOUNT_CLOEXEC, attrs);
	return mount < 0 ? fs_failed(fs, why, "fsmount") : mount;
}

static unsigned clone_flags(const char *path, int flags, enum tree_depth depth)
{
	return OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (unsigned)flags |
	       (*path ? 0 : AT_EMPTY_PATH) |
	       (depth == TREE_WHOLE ? AT_RECURSIVE : 0);
}

int tree_clone(int source, const char *path, int flags, enum tree_depth depth,
	       struct failure *why)
{
	int tree = (int)syscall(NR_OPEN_TREE, source, path,
				clone_flags(path, flags, depth));

	return tree < 0 ? failed(why, "open_tree") : tree;
}

int mount_change(int mount, enum tree_depth depth,
		 const struct mount_attr *attr, struct failure *why)
{
	unsigned how = AT_EMPTY_PATH | (depth == TREE_WHOLE ? AT_RECURSIVE : 0);

	if (syscall(NR_MOUNT_SETATTR, mount, "", how, attr, sizeof(*attr)) < 0)
		return failed(why, "mount_setattr");
	return 0;
}

int mount_restrict(int mount, enum tree_depth depth, uint64_t attrs,
		   struct failure *why)
{
	const struct mount_attr attr = { .attr_set = attrs };

	return mount_change(mount, depth, &attr, why);
}

int mount_propagate(int mount, enum tree_depth depth, uint32_t propagation,
		    struct failure *why)
{
	const struct mount_attr attr = {
		.propagation = propagation & ~(uint32_t)MS_REC,
	};

	return mount_change(mount, depth, &attr, why);
}

/* Two calls where one will do from Linux 6.15 on. */
static int clone_then_change(int source, const char *path,
			     enum tree_depth depth,
			     const struct mount_attr *attr,
			     struct failure *why)
{
	autorelease int tree = tree_clone(source, path, AT_SYMLINK_NOFOLLOW,
					  depth, why);

	if (tree < 0 || mount_change(tree, depth, attr, why) < 0)
		return -1;
	return take(&tree);
}

int tree_clone_with(int source, const char *path, enum tree_depth depth,
		    const struct mount_attr *attr, struct failure *why)
{
	static bool no_open_tree_attr;
	int tree = -1;

	if (!no_open_tree_attr) {
		tree = (int)syscall(NR_OPEN_TREE_ATTR, source, path,
				    clone_flags(path, AT_SYMLINK_NOFOLLOW,
						depth),
				    attr, sizeof(*attr));
		if (tree >= 0)
			return tree;
		no_open_tree_attr = errno == ENOSYS || errno == EPERM;
	}
	if (no_open_tree_attr)
		return clone_then_change(source, path, depth, attr, why);
	return failed(why, "open_tree_attr");
}

int mount_attach(int detached, int destination, struct failure *why)
{
	if (syscall(NR_MOVE_MOUNT, detached, "", destination, "",
		    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return failed(why, "move_mount");
	return 0;
}

/*
 * mount(2) answers with a number only.  A filesystem context that is asked
 * the same says in words what it was; it is let go without being mounted.
 */
static void ask_why(const char *type, const char *source, const char *data,
		    struct failure *why)
{
	struct failure other = { .kernel = "" };
	autorelease int fs = fs_open(type, &other);
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
	failed(why, "mount");
	if (why->error == ENODEV)
		return failed_because(why, "mount",
				      "this kernel has no filesystem \"%s\"",
				      type);
	ask_why(type, source, data, why);
	return -1;
}

unsigned long mount_flags(uint64_t attrs)
{
	static const struct {
		uint32_t attr;
		uint32_t flag;
	} same[] = {
		{ MOUNT_ATTR_RDONLY, MS_RDONLY },
		{ MOUNT_ATTR_NOSUID, MS_NOSUID },
		{ MOUNT_ATTR_NODEV, MS_NODEV },
		{ MOUNT_ATTR_NOEXEC, MS_NOEXEC },
		{ MOUNT_ATTR_NOATIME, MS_NOATIME },
		{ MOUNT_ATTR_STRICTATIME, MS_STRICTATIME },
		{ MOUNT_ATTR_NODIRATIME, MS_NODIRATIME },
		{ MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW },
	};
	unsigned long flags = 0;
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (attrs & same[i].attr)
			flags |= same[i].flag;
	return flags;
}
