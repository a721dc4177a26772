/* masks: paths that are covered, and what is read-only below others */

#include <errno.h>
#include <fcntl.h>

#include "box.h"

static void masked_file_reads_as_empty(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/shadow", "secret");

	box_run(box, JSON("maskedPaths": ["/etc/shadow"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/etc/shadow"), "char 1:3");
	/* not EACCES: the cover is no nodev */
	assert_string_equal(box_read(box, "/etc/shadow"), "");
	assert_string_equal(box_mount_options(box, "/etc/shadow"),
			    "ro,nosuid,noexec,relatime");
}

static void masked_directory_is_empty_and_read_only(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/ssl/private/key", "secret");

	box_run(box, JSON("maskedPaths": ["/etc/ssl"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/etc/ssl"), "tmpfs");
	assert_string_equal(box_list(box, "/etc/ssl"), "");
	assert_true(box_has(box_mount_options(box, "/etc/ssl"), "ro"));
	assert_true(box_has(box_super_options(box, "/etc/ssl"), "ro"));
}

/* One tmpfs for all of them: a container has dozens. */
static void masked_directories_share_one_filesystem(void **state)
{
	struct box *box = *state;

	box_dir(box, "/a", 0755);
	box_dir(box, "/b", 0755);
	box_dir(box, "/c", 0755);

	box_run(box, JSON("maskedPaths": ["/a", "/b", "/c"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/c"), "tmpfs");
	assert_string_equal(box_device(box, "/a"), box_device(box, "/b"));
	assert_string_equal(box_device(box, "/a"), box_device(box, "/c"));
	assert_string_not_equal(box_device(box, "/a"), box_device(box, "/"));
}

static void masked_files_share_one_device(void **state)
{
	struct box *box = *state;

	box_file(box, "/a", "secret");
	box_file(box, "/b", "secret");
	box_node(box, "/pipe", S_IFIFO | 0666, 0);

	box_run(box, JSON("maskedPaths": ["/a", "/b", "/pipe"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/a"), "");
	assert_string_equal(box_read(box, "/b"), "");
	assert_string_equal(box_type(box, "/pipe"), "char 1:3");
}

static void paths_that_do_not_exist_are_skipped(void **state)
{
	struct box *box = *state;

	box_file(box, "/file", "");
	box_file(box, "/etc/shadow", "secret");

	box_run(box, JSON(
		"maskedPaths": ["/none", "/none/below", "/file/below",
				"/etc/shadow"],
		"readonlyPaths": ["/none", "/file/below"]));

	assert_string_equal(box->error, "");
	assert_false(box_exists(box, "/none"));
	assert_string_equal(box_read(box, "/etc/shadow"), "");
}

static void path_that_is_listed_twice_is_masked(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/shadow", "secret");
	box_file(box, "/etc/ssl/key", "secret");

	box_run(box, JSON("maskedPaths": [
		"/etc/shadow", "/etc/ssl", "/etc/shadow", "/etc/ssl",
		"//etc/./ssl/"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/shadow"), "");
	assert_string_equal(box_list(box, "/etc/ssl"), "");
}

static void path_below_a_masked_one_is_gone(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/ssl/key", "secret");

	box_run(box, JSON("maskedPaths": ["/etc/ssl", "/etc/ssl/key"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_list(box, "/etc/ssl"), "");
}

static void masks_behind_links_stay_inside(void **state)
{
	struct box *box = *state;

	box_file(box, "/run/secret", "secret");
	box_symlink(box, "/var/run", "/run");
	box_symlink(box, "/leak", "../../../../tmp/outside");
	box_dir(box, "/tmp/rootfs/tmp/outside", 0755);
	box_file(box, "/tmp/rootfs/tmp/outside/file", "inside");

	box_run(box, JSON(
		"maskedPaths": ["/var/run/secret", "/leak/file"],
		"readonlyPaths": ["/leak"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/run/secret"), "");
	assert_string_equal(box_read(box, "/leak/file"), "");
	assert_true(box_has(box_mount_options(box, "/leak/."), "ro"));
}

static void link_that_is_masked_masks_what_it_leads_to(void **state)
{
	struct box *box = *state;

	box_file(box, "/run/secret", "secret");
	box_symlink(box, "/link", "run/secret");

	box_run(box, JSON("maskedPaths": ["/link"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/run/secret"), "");
}

static void what_is_mounted_is_masked(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"mounts": [
			{"type": "proc", "destination": "/proc"},
			{"source": "/tmp/outside", "destination": "/data"}],
		"maskedPaths": ["/proc/cpuinfo", "/proc/sysrq-trigger",
				"/proc/irq", "/data/secret", "/data/dir"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/proc/cpuinfo"), "");
	assert_string_equal(box_list(box, "/proc/irq"), "");
	assert_string_equal(box_read(box, "/data/secret"), "");
	assert_string_equal(box_list(box, "/data/dir"), "");
	assert_string_equal(box_read(box, "/data/file"), "the file outside");
}

/* The image's null is no mask: a file of it would be read (CVE-2025-31133). */
static void mask_is_no_file_of_the_image(void **state)
{
	struct box *box = *state;

	box_file(box, "/dev/null", "of the image");
	box_file(box, "/etc/shadow", "secret");
	/* nor is there one to be reopened, which would be refused */
	box->stdio[0] = open(BOX_OUTSIDE "/file", O_RDONLY | O_CLOEXEC);

	box_run(box, JSON("devices": [], "maskedPaths": ["/etc/shadow"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/etc/shadow"), "char 1:3");
	assert_string_equal(box_read(box, "/etc/shadow"), "");
}

static void mask_is_no_file_of_a_bound_dev(void **state)
{
	struct box *box = *state;

	box_file(box, "/tmp/prepared/null", "of the image");
	box_file(box, "/etc/shadow", "secret");

	box_run(box, JSON(
		"mounts": [{"source": "/tmp/prepared", "destination": "/dev"}],
		"maskedPaths": ["/etc/shadow"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/etc/shadow"), "char 1:3");
}

static void mask_serves_where_dev_is_nodev(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/shadow", "secret");
	/* what is null already cannot be opened anew there: EACCES */
	box->stdio[0] = open(BOX_OUTSIDE "/file", O_RDONLY | O_CLOEXEC);

	box_run(box, JSON(
		"mounts": [{"type": "tmpfs", "destination": "/dev",
			    "options": ["nodev"]}],
		"maskedPaths": ["/etc/shadow"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/shadow"), "");
}

static void read_only_path_is_so_all_the_way_down(void **state)
{
	struct box *box = *state;

	box_dir(box, "/data/deep", 0755);
	box_file(box, "/data/file", "");
	box_mount(box, "deep", BOX_ROOTFS "/data/deep", "tmpfs", 0, NULL);
	box_file(box, "/data/deep/file", "");

	box_run(box, JSON(
		"mounts": [{"type": "tmpfs",
			    "destination": "/data/deep/deeper"}],
		"readonlyPaths": ["/data"]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/data/file", "x"), EROFS);
	assert_int_equal(box_write(box, "/data/deep/file", "x"), EROFS);
	assert_true(box_has(box_mount_options(box, "/data/deep/deeper"),
			    "ro"));
}

/* "ro" takes nothing away (D07). */
static void read_only_path_keeps_the_other_attributes(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"mounts": [
			{"type": "proc", "destination": "/proc",
			 "options": ["nosuid", "noexec", "nodev"]}],
		"readonlyPaths": ["/proc/sys", "/proc/irq"]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/proc/sys"),
			    "ro,nosuid,nodev,noexec,relatime");
	assert_string_equal(box_mount_options(box, "/proc"),
			    "rw,nosuid,nodev,noexec,relatime");
	assert_int_equal(box_write(box, "/proc/sys/kernel/domainname", "x"),
			 EROFS);
}

static void file_is_made_read_only(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/hosts", "of the image");
	box_file(box, "/etc/other", "");

	box_run(box, JSON("readonlyPaths": ["/etc/hosts"]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/etc/hosts", "x"), EROFS);
	assert_int_equal(box_write(box, "/etc/other", "x"), 0);
}

static void root_is_made_read_only_with_all_that_is_mounted(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/hosts", "");
	box_symlink(box, "/all", "../..");

	box_run(box, JSON(
		"mounts": [{"type": "tmpfs", "destination": "/run"}],
		"readonlyPaths": ["/"]));
	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/etc/hosts", "x"), EROFS);
	assert_true(box_has(box_mount_options(box, "/run"), "ro"));

	box_run(box, JSON("readonlyPaths": ["/all"]));
	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/etc/hosts", "x"), EROFS);
}

/* A mask there would be in nobody's way. */
static void root_by_a_link_is_not_masked(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/all", "../..");

	box_run(box, JSON("maskedPaths": ["/all"]));

	assert_string_equal(box->error, "cannot mask /all: it is the root "
			    "itself (plan item /maskedPaths/0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(masked_file_reads_as_empty),
		BOX_TEST_ALL(masked_directory_is_empty_and_read_only),
		BOX_TEST_ALL(masked_directories_share_one_filesystem),
		BOX_TEST_BOTH(masked_files_share_one_device),
		BOX_TEST_ALL(paths_that_do_not_exist_are_skipped),
		BOX_TEST_ALL(path_that_is_listed_twice_is_masked),
		BOX_TEST_BOTH(path_below_a_masked_one_is_gone),
		BOX_TEST_ALL(masks_behind_links_stay_inside),
		BOX_TEST_BOTH(link_that_is_masked_masks_what_it_leads_to),
		BOX_TEST_ALL(what_is_mounted_is_masked),
		BOX_TEST_ALL(mask_is_no_file_of_the_image),
		BOX_TEST_ALL(mask_is_no_file_of_a_bound_dev),
		BOX_TEST_ALL(mask_serves_where_dev_is_nodev),
		BOX_TEST_ALL(read_only_path_is_so_all_the_way_down),
		BOX_TEST_ALL(read_only_path_keeps_the_other_attributes),
		BOX_TEST_BOTH(file_is_made_read_only),
		BOX_TEST_ALL(root_is_made_read_only_with_all_that_is_mounted),
		BOX_TEST_BOTH(root_by_a_link_is_not_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
