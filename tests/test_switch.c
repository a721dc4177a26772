/* switch: the rootfs is "/", and no path leads to the host's tree */

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "box.h"
#include "kernel/abi.h"

/* Lines of the container's table of mounts. */
static size_t count_mounts(struct box *box)
{
	const char *line = box_mountinfo(box, box->pid);
	size_t count = 0;

	for (; *line; line++)
		count += *line == '\n';
	return count;
}

static void pivot_leaves_the_planned_mounts_alone(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "switch": "pivot"},
		"devices": [],
		"mounts": [{"type": "proc", "destination": "/proc"},
			   {"type": "tmpfs", "destination": "/run"}]));

	assert_string_equal(box->error, "");
	assert_int_equal(count_mounts(box), 3);
	assert_string_equal(box_list(box, "/"), "bin dev proc run");
}

static void pivot_is_what_a_mount_namespace_gets(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
	assert_int_equal(count_mounts(box), 1);
}

static const char *link_of(struct box *box, const char *name)
{
	char path[64], text[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", box->pid, name);
	length = readlink(path, text, sizeof(text) - 1);
	assert_true(length >= 0);
	text[length] = '\0';
	return box_keep(box, strdup(text));
}

static void working_directory_is_inside(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
	assert_string_equal(link_of(box, "root"), "/");
	assert_string_equal(link_of(box, "cwd"), "/");
}

static void move_puts_the_rootfs_over_the_root(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "switch": "move"},
		"mounts": [{"type": "proc", "destination": "/proc"},
			   {"type": "tmpfs", "destination": "/run"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/"), "tmpfs");
	assert_string_equal(box_fstype(box, "/proc"), "proc");
	assert_string_equal(box_list(box, "/"), "bin dev proc run");
	assert_string_equal(link_of(box, "cwd"), "/");
}

/* The old "/", which nobody has by any path once the switch is done. */
static void hold_old_root(struct box *box)
{
	int *root = box->context;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", box->pid);
	*root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(*root >= 0);
}

/* Is there a procfs or sysfs in the old tree, at least its root? */
static bool is_kernels(int root, const char *path)
{
	struct statfs fs;
	int fd = openat(root, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstatfs(fd, &fs), 0);
	close(fd);
	return fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC;
}

/* D11: what stays in the old tree lets a new one be mounted without masks. */
static void move_leaves_no_other_proc_or_sysfs(void **state)
{
	struct box *box = *state;
	int root = -1;

	box_dir(box, "/tmp/other place", 0755);
	box_mount(box, "proc", "/tmp/other place", "proc", 0, NULL);
	box->hooks = hold_old_root;
	box->context = &root;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "switch": "move"},
		"mounts": [{"type": "proc", "destination": "/proc"}]));

	assert_string_equal(box->error, "");
	assert_false(is_kernels(root, "proc"));
	assert_false(is_kernels(root, "sys"));
	assert_false(is_kernels(root, "tmp/other place"));
	close(root);
	assert_string_equal(box_fstype(box, "/proc"), "proc");
	assert_int_equal(box_count(box, "proc"), 1);
	assert_int_equal(box_count(box, "sysfs"), 0);
}

/* Known by its mount, for the rootfs has another at the same path. */
static void move_leaves_no_proc_that_the_rootfs_covered(void **state)
{
	struct box *box = *state;
	int root = -1;

	box_dir(box, "/proc", 0755);
	box_dir(box, "/sys", 0755);
	box_mount(box, "proc", BOX_ROOTFS "/proc", "proc", 0, NULL);
	box_mount(box, "sysfs", BOX_ROOTFS "/sys", "sysfs", 0, NULL);
	box->hooks = hold_old_root;
	box->context = &root;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "switch": "move"}));

	assert_string_equal(box->error, "");
	assert_false(is_kernels(root, "tmp/rootfs/proc"));
	assert_false(is_kernels(root, "tmp/rootfs/sys"));
	assert_false(is_kernels(root, "proc"));
	close(root);
	/* its own copies it keeps */
	assert_string_equal(box_fstype(box, "/proc"), "proc");
	assert_string_equal(box_fstype(box, "/sys"), "sysfs");
}

/* What lies on it goes first. */
static void move_leaves_no_proc_that_was_covered(void **state)
{
	struct box *box = *state;
	int root = -1;

	box_dir(box, "/tmp/other place", 0755);
	box_mount(box, "proc", "/tmp/other place", "proc", 0, NULL);
	box_mount(box, "cover", "/tmp/other place", "tmpfs", 0, NULL);
	box->hooks = hold_old_root;
	box->context = &root;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "switch": "move"},
		"mounts": [{"type": "proc", "destination": "/proc"}]));

	assert_string_equal(box->error, "");
	assert_false(is_kernels(root, "tmp/other place"));
	close(root);
	assert_string_equal(box_fstype(box, "/proc"), "proc");
}

static void chroot_is_what_no_mount_namespace_gets(void **state)
{
	struct box *box = *state;
	char here[64] = "", there[64] = "", path[64];

	box_file(box, "/etc/file", "of the rootfs");

	box_run(box, JSON("namespaces": ["pid"], "devices": []));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "of the rootfs");
	assert_string_equal(link_of(box, "root"), BOX_ROOTFS);
	assert_true(readlink("/proc/self/ns/mnt", here, 63) > 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", box->pid);
	assert_true(readlink(path, there, 63) > 0);
	assert_string_equal(there, here);
	assert_string_equal(box_readlink(box, "/dev/fd"), "/proc/self/fd");
}

/*
 * An initramfs is the one mount without a parent: what is at the bottom of
 * every mount namespace, once "/" has been let go of.
 */
static void enter_bottom(struct box *box)
{
	int ours = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	struct statfs fs;

	(void)box;
	/* or the umount would reach the test's own */
	if (ours < 0 || mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0 ||
	    umount2("/", MNT_DETACH) < 0 ||
	    setns(ours, CLONE_NEWNS) < 0 || statfs("/", &fs) < 0)
		_exit(1);
	if (fs.f_type != TMPFS_MAGIC && fs.f_type != RAMFS_MAGIC)
		_exit(2);
}

static void run_at_the_bottom(struct box *box, const char *how)
{
	int rootfs = (int)syscall(NR_OPEN_TREE, AT_FDCWD, BOX_ROOTFS,
				  OPEN_TREE_CLONE | AT_RECURSIVE);

	box_need("move_mount", "what is detached takes move_mount(2)");
	box_need("fsopen", "there is no /proc outside instead of an own one");
	assert_true(rootfs >= 0);
	box->before = enter_bottom;
	box->stdio[0] = open(BOX_OUTSIDE "/file", O_RDONLY | O_CLOEXEC);
	box_run(box, JSON("rootfs": {"fd": %d, "switch": "%s"}), rootfs, how);
	close(rootfs);
	if (strncmp(box->error, "status 2", 8) == 0)
		box_skip("the lowest root of this kernel is no initramfs");
}

static void pivot_from_an_initramfs_is_explained(void **state)
{
	struct box *box = *state;

	run_at_the_bottom(box, "pivot");

	assert_string_equal(box->error, "cannot switch the root to the rootfs: "
		"pivot_root: Invalid argument; the root seems to be an "
		"initramfs, which pivot_root(2) cannot leave: use \"switch\": "
		"\"move\" (plan item /rootfs)");
	assert_string_equal(box->stage, "switch");
	assert_string_equal(box->operation, "pivot_root");
}

static void move_from_an_initramfs_works(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/file", "of the rootfs");
	run_at_the_bottom(box, "move");

	if (box_lacks("mount_setattr")) {
		assert_string_equal(box->hint, "before Linux 5.12 it takes a "
				    "directory as rootfs");
		return;
	}
	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/file"), "of the rootfs");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(pivot_leaves_the_planned_mounts_alone),
		BOX_TEST(pivot_is_what_a_mount_namespace_gets),
		BOX_TEST_ALL(working_directory_is_inside),
		BOX_TEST_ALL(move_puts_the_rootfs_over_the_root),
		BOX_TEST_ALL(move_leaves_no_other_proc_or_sysfs),
		BOX_TEST_ALL(move_leaves_no_proc_that_the_rootfs_covered),
		BOX_TEST_ALL(move_leaves_no_proc_that_was_covered),
		BOX_TEST(chroot_is_what_no_mount_namespace_gets),
		BOX_TEST(pivot_from_an_initramfs_is_explained),
		BOX_TEST(move_from_an_initramfs_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
