/* bind: files and directories from outside, by path */

#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "box.h"

/* A volume with another mounted in it, as sources. */
static void make_volumes(struct box *box)
{
	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_file(box, "/tmp/volume/file", "of the volume");
	box_dir(box, "/tmp/volume/below", 0755);
	box_mount(box, "below", "/tmp/volume/below", "tmpfs", 0, NULL);
	box_file(box, "/tmp/volume/below/file", "of the one below");
}

static void directory_is_bound(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "bind", "source": "/tmp/outside",
		 "destination": "/data"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/data/file"), "the file outside");
	assert_string_equal(box_list(box, "/data/dir"), "file");
	assert_int_equal(box_mode(box, "/data/suid"), 04755);
}

static void file_is_bound(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/hosts", "of the image");

	box_run(box, JSON("mounts": [
		{"type": "bind", "source": "/tmp/outside/file",
		 "destination": "/etc/hosts"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/hosts"), "the file outside");
	box_end(box);
	assert_string_equal(box_read(box, "/etc/hosts"), "of the image");
}

static void other_files_are_bound_as_files_are(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/fifo", "destination": "/a/fifo"},
		{"source": "/tmp/outside/device", "destination": "/a/null"},
		{"source": "/tmp/outside/link", "destination": "/a/link"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/a/fifo"), "fifo");
	assert_string_equal(box_type(box, "/a/null"), "char 1:3");
	/* a source is looked up as mount(8) does: its links are followed */
	assert_string_equal(box_read(box, "/a/link"), "the file outside");
}

static void kind_may_be_said_in_four_ways(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside", "destination": "/1"},
		{"source": "/tmp/outside", "destination": "/2", "type": "none"},
		{"source": "/tmp/outside", "destination": "/3", "type": "bind"},
		{"source": "/tmp/outside", "destination": "/4", "type": "tmpfs",
		 "options": ["bind"]},
		{"source": "/tmp/outside", "destination": "/5", "type": "none",
		 "options": ["rbind"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/1/file"), "the file outside");
	assert_string_equal(box_read(box, "/2/file"), "the file outside");
	assert_string_equal(box_read(box, "/3/file"), "the file outside");
	assert_string_equal(box_read(box, "/4/file"), "the file outside");
	assert_string_equal(box_read(box, "/5/file"), "the file outside");
}

static void bind_alone_leaves_out_what_is_below(void **state)
{
	struct box *box = *state;

	make_volumes(box);
	/* what is there already is bound on by another system call */
	box_dir(box, "/one", 0755);
	box_dir(box, "/all", 0755);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/one",
		 "options": ["bind"]},
		{"source": "/tmp/volume", "destination": "/one-made",
		 "options": ["bind"]},
		{"source": "/tmp/volume", "destination": "/one-ro",
		 "options": ["bind", "ro"]},
		{"source": "/tmp/volume", "destination": "/all",
		 "options": ["rbind"]},
		{"source": "/tmp/volume", "destination": "/all-made",
		 "options": ["rbind"]},
		{"source": "/tmp/volume", "destination": "/all-ro",
		 "options": ["rbind", "ro"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_list(box, "/one/below"), "");
	assert_string_equal(box_list(box, "/one-made/below"), "");
	assert_string_equal(box_list(box, "/one-ro/below"), "");
	assert_string_equal(box_read(box, "/all/below/file"),
			    "of the one below");
	assert_string_equal(box_read(box, "/all-made/below/file"),
			    "of the one below");
	assert_string_equal(box_read(box, "/all-ro/below/file"),
			    "of the one below");
}

/* As in the OCI runtime-spec: ro is for the mount, rro for its tree. */
static void read_only_is_for_one_mount_unless_it_is_recursive(void **state)
{
	struct box *box = *state;

	make_volumes(box);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/ro",
		 "options": ["rbind", "ro"]},
		{"source": "/tmp/volume", "destination": "/rro",
		 "options": ["rbind", "rro"]},
		{"source": "/tmp/volume", "destination": "/top-rw",
		 "options": ["rbind", "rro", "rw"]}]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/ro/file", "x"), EROFS);
	assert_int_equal(box_write(box, "/ro/below/file", "x"), 0);
	assert_int_equal(box_write(box, "/rro/file", "x"), EROFS);
	assert_int_equal(box_write(box, "/rro/below/file", "x"), EROFS);
	assert_int_equal(box_write(box, "/top-rw/file", "x"), 0);
	assert_int_equal(box_write(box, "/top-rw/below/file", "x"), EROFS);
	/* the source is nobody's but the host's */
	assert_int_equal(access("/tmp/volume/file", W_OK), 0);
}

static void attributes_not_named_come_from_the_source(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs",
		  MS_NOSUID | MS_NODEV | MS_NOATIME, NULL);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/same"},
		{"source": "/tmp/volume", "destination": "/ro",
		 "options": ["bind", "ro"]},
		{"source": "/tmp/volume", "destination": "/noexec",
		 "options": ["rbind", "rnoexec"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/same"),
			    "rw,nosuid,nodev,noatime");
	assert_string_equal(box_mount_options(box, "/ro"),
			    "ro,nosuid,nodev,noatime");
	assert_string_equal(box_mount_options(box, "/noexec"),
			    "rw,nosuid,nodev,noexec,noatime");
}

static void attributes_are_cleared_where_that_is_asked_for(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME, NULL);

	box_dir(box, "/there", 0755);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/made",
		 "options": ["bind", "suid", "dev", "exec", "relatime"]},
		{"source": "/tmp/volume", "destination": "/there",
		 "options": ["bind", "suid", "dev", "exec", "relatime"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/made"), "rw,relatime");
	assert_string_equal(box_mount_options(box, "/there"), "rw,relatime");
}

/* What the host locked stays: an error, not a mount without it (D07). */
static void locked_attribute_cannot_be_cleared(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", MS_NODEV, NULL);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/free",
		 "options": ["bind", "dev"]}]));

	box_refused(box, "cannot mount /free: CALL: Operation not permitted; "
		"in a user namespace a mount keeps the flags and the atime "
		"mode that it has outside (plan item /mounts/0)",
		"mount_setattr", "mount");
}

static void missing_source_is_named(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/none", "destination": "/data"}]));

	box_refused(box, "cannot mount /data: CALL: No such file or directory: "
		"source /tmp/outside/none (plan item /mounts/0)",
		"open_tree", "openat");
	assert_string_equal(box->errno_name, "ENOENT");
	assert_false(box_exists(box, "/data"));
}

static void optional_mount_without_a_source_is_skipped(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/none", "destination": "/data",
		 "optional": true},
		{"source": "/tmp/outside/none", "destination": "/ro",
		 "options": ["rbind", "ro"], "optional": true},
		{"source": "/tmp/outside/dir", "destination": "/there",
		 "optional": true}]));

	assert_string_equal(box->error, "");
	assert_false(box_exists(box, "/data"));
	assert_false(box_exists(box, "/ro"));
	assert_string_equal(box_list(box, "/there"), "file");
}

static void optional_is_about_the_source_alone(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/loop", "loop");

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/file", "destination": "/loop/here",
		 "optional": true}]));

	assert_string_equal(box->error, "cannot mount /loop/here: openat: "
		"Symbolic link loop: loop is a symbolic link (plan item "
		"/mounts/0)");
}

static void file_over_a_directory_names_both(void **state)
{
	struct box *box = *state;

	box_dir(box, "/etc/app", 0755);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/file", "destination": "/etc/app"}]));

	box_refused(box, "cannot mount /etc/app: CALL: Invalid argument: the "
		"source /tmp/outside/file is a file, the destination is a "
		"directory (plan item /mounts/0)", "move_mount", "mount");
}

static void directory_over_a_file_names_both(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/app", "");

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/dir", "destination": "/etc/app"}]));

	box_refused(box, "cannot mount /etc/app: CALL: Invalid argument: the "
		"source /tmp/outside/dir is a directory, the destination is a "
		"file (plan item /mounts/0)", "move_mount", "mount");
}

static void source_that_is_a_link_can_be_bound_as_one(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/link", "destination": "/data",
		 "options": ["src-nofollow"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/data"), "link");
}

static void source_that_is_a_link_can_be_copied(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/link", "destination": "/a/link",
		 "options": ["copy-symlink"]},
		{"source": "/tmp/outside/file", "destination": "/a/file",
		 "options": ["copy-symlink"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_readlink(box, "/a/link"), "file");
	assert_string_equal(box_read(box, "/a/link"), "the file outside");
	assert_int_equal(box_count(box, "tmpfs"), 2);
}

static void copied_link_replaces_nothing(void **state)
{
	static const char *const others[] = { "/file", "/link", "/longer" };
	struct box *box = *state;
	char sentence[256];
	size_t i;

	box_symlink(box, "/same", "file");
	box_file(box, "/file", "");
	box_symlink(box, "/link", "elif");
	box_symlink(box, "/longer", "file/x");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		box_run(box, JSON("mounts": [
			{"source": "/tmp/outside/link", "destination": "/same",
			 "options": ["copy-symlink"]},
			{"source": "/tmp/outside/link", "destination": "%s",
			 "options": ["copy-symlink"]}]), others[i]);

		snprintf(sentence, sizeof(sentence), "cannot mount %s: "
			 "symlinkat: File exists (plan item /mounts/1)",
			 others[i]);
		assert_string_equal(box->error, sentence);
	}
	assert_string_equal(box_readlink(box, "/same"), "file");
	assert_string_equal(box_readlink(box, "/link"), "elif");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(directory_is_bound),
		BOX_TEST_ALL(file_is_bound),
		BOX_TEST_ALL(other_files_are_bound_as_files_are),
		BOX_TEST(kind_may_be_said_in_four_ways),
		BOX_TEST(bind_alone_leaves_out_what_is_below),
		BOX_TEST(read_only_is_for_one_mount_unless_it_is_recursive),
		BOX_TEST_ALL(attributes_not_named_come_from_the_source),
		BOX_TEST(attributes_are_cleared_where_that_is_asked_for),
		BOX_TEST_IN_USERNS(locked_attribute_cannot_be_cleared),
		BOX_TEST(missing_source_is_named),
		BOX_TEST_ALL(optional_mount_without_a_source_is_skipped),
		BOX_TEST(optional_is_about_the_source_alone),
		BOX_TEST(file_over_a_directory_names_both),
		BOX_TEST(directory_over_a_file_names_both),
		BOX_TEST(source_that_is_a_link_can_be_bound_as_one),
		BOX_TEST_ALL(source_that_is_a_link_can_be_copied),
		BOX_TEST(copied_link_replaces_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
