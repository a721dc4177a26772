/* root: the rootfs by path and by descriptor, a mount of its own */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "kernel/abi.h"

#define SHIM_FD 99

static void rootfs_is_a_mount_of_its_own(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/file", "of the rootfs");

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/"), "tmpfs");
	assert_string_equal(box_read(box, "/etc/file"), "of the rootfs");
	assert_false(box_exists(box, "/rootfs"));
	assert_non_null(strstr(box_mountinfo(box, box->pid),
			       " /rootfs / "));
}

static void what_is_mounted_in_the_rootfs_stays(void **state)
{
	struct box *box = *state;

	box_dir(box, "/volume", 0755);
	box_mount(box, "volume", BOX_ROOTFS "/volume", "tmpfs", 0, NULL);
	box_file(box, "/volume/file", "of the volume");

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/volume"), "tmpfs");
	assert_string_equal(box_read(box, "/volume/file"), "of the volume");
}

static void nothing_is_written_into_a_rootfs_that_needs_nothing(void **state)
{
	struct box *box = *state;
	char *before, *after;

	box_dir(box, "/dev", 0755);
	box_dir(box, "/volume", 0755);
	before = box_digest(BOX_ROOTFS);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev"},
		{"source": "/tmp/outside", "destination": "/volume"}]));

	assert_string_equal(box->error, "");
	after = box_digest(BOX_ROOTFS);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void link_to_the_rootfs_is_followed_outside(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/tmp/current", "rootfs");
	box_file(box, "/etc/file", "of the rootfs");

	box_run(box, JSON("rootfs": {"path": "/tmp/current"}));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "of the rootfs");
}

static void missing_rootfs_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("rootfs": {"path": "/tmp/none"}));

	assert_string_equal(box->error, "cannot open the rootfs /tmp/none: "
		"openat: No such file or directory (plan item /rootfs)");
	assert_string_equal(box->stage, "root");
	assert_int_equal(box->status, 125);
}

static void file_is_no_rootfs(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("rootfs": {"path": "/tmp/outside/file"}));

	assert_string_equal(box->error, "cannot open the rootfs "
		"/tmp/outside/file: openat: Not a directory "
		"(plan item /rootfs)");
}

/* Not close-on-exec: it is the shim's too. */
static int open_inherited(const char *path, int flags)
{
	int fd = open(path, flags);

	assert_true(fd >= 0);
	return fd;
}

static int open_detached(const char *path)
{
	int tree = (int)syscall(NR_OPEN_TREE, AT_FDCWD, path,
				OPEN_TREE_CLONE | AT_RECURSIVE);

	box_need("move_mount", "what is detached takes move_mount(2)");
	assert_true(tree >= 0);
	return tree;
}

/* In the child, in the mount namespace that the shim starts in. */
static void open_for_the_shim(struct box *box)
{
	const int *flags = box->context;
	int fd = open(BOX_ROOTFS, *flags);

	/* the descriptor counts, not what lies at its path by then */
	if (fd < 0 || dup2(fd, SHIM_FD) < 0 || close(fd) < 0 ||
	    rename(BOX_ROOTFS, "/tmp/moved") < 0)
		_exit(1);
}

static void rootfs_by_descriptor_of_a_directory(void **state)
{
	struct box *box = *state;
	int flags[] = { O_PATH | O_DIRECTORY };

	box_file(box, "/etc/file", "of the rootfs");
	assert_int_equal(chown("/tmp", box->owner, box->owner), 0);
	box->before = open_for_the_shim;
	box->context = flags;

	box_run(box, JSON("rootfs": {"fd": 99}));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "of the rootfs");
	assert_non_null(strstr(box_mountinfo(box, box->pid), " /moved / "));
}

static void rootfs_by_descriptor_that_is_readable(void **state)
{
	struct box *box = *state;
	int flags[] = { O_RDONLY | O_DIRECTORY };

	box_file(box, "/etc/file", "of the rootfs");
	assert_int_equal(chown("/tmp", box->owner, box->owner), 0);
	box->before = open_for_the_shim;
	box->context = flags;

	box_run(box, JSON("rootfs": {"fd": 99}));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "of the rootfs");
}

static void rootfs_by_detached_mount(void **state)
{
	struct box *box = *state;
	autoclose int fd = -1;

	box_file(box, "/etc/file", "of the rootfs");
	box_dir(box, "/volume", 0755);
	box_mount(box, "volume", BOX_ROOTFS "/volume", "tmpfs", 0, NULL);
	fd = open_detached(BOX_ROOTFS);

	box_run(box, JSON(
		"rootfs": {"fd": %d},
		"mounts": [{"type": "tmpfs", "destination": "/run"},
			   {"type": "proc", "destination": "/proc"}],
		"maskedPaths": ["/etc/file"],
		"readonlyPaths": ["/volume"]), fd);

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "");
	assert_string_equal(box_fstype(box, "/run"), "tmpfs");
	assert_string_equal(box_fstype(box, "/volume"), "tmpfs");
	assert_true(box_has(box_mount_options(box, "/volume"), "ro"));
	/* nothing lies beneath: "/" is the first mount, and the only one */
	assert_null(strstr(box_mountinfo(box, box->pid), " /tmp "));
	assert_int_equal(box_count(box, "ext4"), 0);
}

/* Up to the root of the host, and not over to what lies on it. */
static void sources_are_looked_up_outside(void **state)
{
	struct box *box = *state;
	autoclose int fd = -1;

	box_file(box, "/up", "of the image");
	box_file(box, "/link", "");
	box_symlink(box, "/tmp/link", "../up");
	box_file(box, BOX_OUTSIDE "/file", "of the host");
	box_symlink(box, "/tmp/again", "../tmp/outside/file");
	fd = open_detached(BOX_ROOTFS);

	box_run(box, JSON(
		"rootfs": {"fd": %d},
		"mounts": [{"source": "/tmp/again", "destination": "/file",
			    "options": ["bind", "ro"]},
			   {"source": "/tmp/link", "destination": "/link",
			    "optional": true}]), fd);

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/file"), "of the host");
	assert_string_equal(box_read(box, "/link"), "");
}

static void detached_mount_keeps_its_attributes(void **state)
{
	struct box *box = *state;
	const struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODIRATIME,
	};
	autoclose int fd = open_detached(BOX_ROOTFS);

	assert_int_equal(syscall(NR_MOUNT_SETATTR, fd, "", AT_EMPTY_PATH,
				 &attr, sizeof(attr)), 0);

	box_run(box, JSON("rootfs": {"fd": %d}), fd);

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/"),
			    "rw,nosuid,nodiratime,relatime");
}

static void directory_of_another_namespace_is_no_rootfs(void **state)
{
	struct box *box = *state;
	/* ours, of which the child gets a copy */
	autoclose int fd = open_inherited(BOX_ROOTFS, O_PATH | O_DIRECTORY);

	box_run(box, JSON("rootfs": {"fd": %d}), fd);

	box_refused(box, "cannot mount the rootfs: CALL: Invalid argument; a "
		"plain descriptor of another mount namespace cannot be "
		"mounted: pass one of open_tree(2) with OPEN_TREE_CLONE (plan "
		"item /rootfs)", "mount_setattr",
		box_lacks("move_mount") ? "mount" : "move_mount");
	assert_string_equal(box->hint, "a plain descriptor of another mount "
		"namespace cannot be mounted: pass one of open_tree(2) with "
		"OPEN_TREE_CLONE");
}

static void descriptor_of_a_file_is_no_rootfs(void **state)
{
	struct box *box = *state;
	autoclose int fd = open_inherited(BOX_OUTSIDE "/file", O_RDONLY);

	box_run(box, JSON("rootfs": {"fd": %d}), fd);

	assert_string_equal(box->error, "cannot open the rootfs: openat: Not a "
			    "directory (plan item /rootfs)");
}

static void descriptor_that_is_closed_is_no_rootfs(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("rootfs": {"fd": 222}));

	assert_string_equal(box->error, "cannot open the rootfs: openat: Bad "
			    "file descriptor (plan item /rootfs)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(rootfs_is_a_mount_of_its_own),
		BOX_TEST_ALL(what_is_mounted_in_the_rootfs_stays),
		BOX_TEST_BOTH(nothing_is_written_into_a_rootfs_that_needs_nothing),
		BOX_TEST_BOTH(link_to_the_rootfs_is_followed_outside),
		BOX_TEST_BOTH(missing_rootfs_is_blamed),
		BOX_TEST_BOTH(file_is_no_rootfs),
		BOX_TEST_ALL(rootfs_by_descriptor_of_a_directory),
		BOX_TEST_BOTH(rootfs_by_descriptor_that_is_readable),
		BOX_TEST_ALL(rootfs_by_detached_mount),
		BOX_TEST_ALL(sources_are_looked_up_outside),
		BOX_TEST_BOTH(detached_mount_keeps_its_attributes),
		BOX_TEST_BOTH(directory_of_another_namespace_is_no_rootfs),
		BOX_TEST_BOTH(descriptor_of_a_file_is_no_rootfs),
		BOX_TEST_BOTH(descriptor_that_is_closed_is_no_rootfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
