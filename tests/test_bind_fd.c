/* bind: a source that a descriptor stands for */

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "kernel/abi.h"

#define SHIM_FD 99

static const char hint[] = "a plain descriptor of another mount namespace "
	"cannot be mounted: pass one of open_tree(2) with OPEN_TREE_CLONE";

/* In the child, in the mount namespace that the shim starts in. */
static void open_for_the_shim(struct box *box)
{
	int fd = open(box->context, O_PATH);

	if (fd < 0 || dup2(fd, SHIM_FD) < 0 || close(fd) < 0)
		_exit(1);
}

static int open_detached(const char *path, unsigned flags)
{
	int tree = (int)syscall(NR_OPEN_TREE, AT_FDCWD, path,
				OPEN_TREE_CLONE | flags);

	box_need("move_mount", "what is detached takes move_mount(2)");
	assert_true(tree >= 0);
	return tree;
}

static void directory_by_descriptor_is_bound(void **state)
{
	char path[] = BOX_OUTSIDE;
	struct box *box = *state;

	box->before = open_for_the_shim;
	box->context = path;

	box_run(box, JSON("mounts": [
		{"sourceFd": 99, "destination": "/data", "options": ["ro"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/data/file"), "the file outside");
	assert_string_equal(box_mount_options(box, "/data"), "ro,relatime");
}

static void file_by_descriptor_is_bound(void **state)
{
	char path[] = BOX_OUTSIDE "/file";
	struct box *box = *state;

	box->before = open_for_the_shim;
	box->context = path;

	box_run(box, JSON("mounts": [
		{"sourceFd": 99, "destination": "/etc/file"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "the file outside");
}

static void detached_mount_is_bound(void **state)
{
	struct box *box = *state;
	autoclose int dir = open_detached(BOX_OUTSIDE, AT_RECURSIVE);
	autoclose int file = open_detached(BOX_OUTSIDE "/file", 0);

	box_run(box, JSON("mounts": [
		{"type": "bind", "sourceFd": %d, "destination": "/data",
		 "options": ["rbind", "ro", "nosuid"]},
		{"sourceFd": %d, "destination": "/etc/file"}]), dir, file);

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/data/file"), "the file outside");
	assert_string_equal(box_mount_options(box, "/data"),
			    "ro,nosuid,relatime");
	assert_string_equal(box_read(box, "/etc/file"), "the file outside");
}

/* What the parent set on it stays. */
static void detached_mount_keeps_its_attributes(void **state)
{
	struct box *box = *state;
	const struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC,
	};
	autoclose int dir = open_detached(BOX_OUTSIDE, 0);

	assert_int_equal(syscall(NR_MOUNT_SETATTR, dir, "", AT_EMPTY_PATH,
				 &attr, sizeof(attr)), 0);

	box_run(box, JSON("mounts": [
		{"sourceFd": %d, "destination": "/data"}]), dir);

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/data"),
			    "ro,noexec,relatime");
}

static void what_is_mounted_on_a_detached_mount_stays_in(void **state)
{
	struct box *box = *state;
	autoclose int dir = open_detached(BOX_OUTSIDE, AT_RECURSIVE);

	box_run(box, JSON("mounts": [
		{"sourceFd": %d, "destination": "/data", "options": ["rbind"]},
		{"type": "tmpfs", "destination": "/data/dir"}]), dir);

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/data/dir"), "tmpfs");
	/* and the host's table of mounts is looked at when the box closes */
}

static void descriptor_of_another_namespace_is_explained(void **state)
{
	struct box *box = *state;
	/* ours, of which the child gets a copy */
	autoclose int dir = open(BOX_OUTSIDE, O_PATH | O_DIRECTORY);

	box_run(box, JSON("mounts": [
		{"sourceFd": %d, "destination": "/data"}]), dir);

	box_refused(box, "cannot mount /data: CALL: Invalid argument: source "
		"the descriptor; a plain descriptor of another mount "
		"namespace cannot be mounted: pass one of open_tree(2) with "
		"OPEN_TREE_CLONE (plan item /mounts/0)",
		"mount_setattr",
		box_lacks("move_mount") ? "mount" : "move_mount");
	assert_string_equal(box->hint, hint);
}

static void descriptor_that_is_closed_is_refused(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"sourceFd": 222, "destination": "/data"}]));

	box_refused(box, "cannot mount /data: CALL: Bad file descriptor: "
		"source the descriptor (plan item /mounts/0)",
		"open_tree", "fstat");
}

static void descriptor_is_gone_when_the_target_runs(void **state)
{
	struct box *box = *state;
	autoclose int dir = open_detached(BOX_OUTSIDE, 0);
	char path[64];

	box_run(box, JSON("mounts": [
		{"sourceFd": %d, "destination": "/data"}]), dir);

	assert_string_equal(box->error, "");
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", box->pid, dir);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(directory_by_descriptor_is_bound),
		BOX_TEST_BOTH(file_by_descriptor_is_bound),
		BOX_TEST_ALL(detached_mount_is_bound),
		BOX_TEST_ALL(detached_mount_keeps_its_attributes),
		BOX_TEST_ALL(what_is_mounted_on_a_detached_mount_stays_in),
		BOX_TEST_BOTH(descriptor_of_another_namespace_is_explained),
		BOX_TEST_BOTH(descriptor_that_is_closed_is_refused),
		BOX_TEST_BOTH(descriptor_is_gone_when_the_target_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
