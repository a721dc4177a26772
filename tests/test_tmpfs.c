/* tmpfs: the mode of what it covers, and its options */

#include "box.h"

static void tmpfs_keeps_the_mode_of_what_it_covers(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run", 01770);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/run"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/run"), "tmpfs");
	assert_int_equal(box_mode(box, "/run"), 01770);
}

static void mode_of_the_plan_wins(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run", 01770);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/run",
		 "options": ["mode=0711"]}]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_mode(box, "/run"), 0711);
}

/* As without the shim: there is nothing whose mode it could keep. */
static void tmpfs_on_what_was_missing_has_the_kernels_mode(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/scratch"}]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_mode(box, "/scratch"), 01777);
	box_end(box);
	assert_int_equal(box_mode(box, "/scratch"), 0755);
}

static void mode_is_that_of_what_a_link_leads_to(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run/lock", 0700);
	box_symlink(box, "/var/lock", "/run/lock");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/var/lock"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/run/lock"), "tmpfs");
	assert_int_equal(box_mode(box, "/run/lock"), 0700);
}

static void tmpfs_belongs_to_the_containers_root(void **state)
{
	struct box *box = *state;

	box_dir(box, "/home", 0755);
	box_chown(box, "/home", box->owner + 5, box->owner + 6);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/home"},
		{"type": "tmpfs", "destination": "/own",
		 "options": ["uid=7", "gid=8"]}]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_stat(box, "/home").st_uid, box->owner);
	assert_int_equal(box_stat(box, "/own").st_uid, box->owner + 7);
	assert_int_equal(box_stat(box, "/own").st_gid, box->owner + 8);
}

static void tmpfs_takes_options(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run", 0750);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "source": "scratch", "destination": "/run",
		 "options": ["nosuid", "noexec", "size=64k",
			     "nr_inodes=10"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_source(box, "/run"), "scratch");
	assert_string_equal(box_mount_options(box, "/run"),
			    "rw,nosuid,noexec,relatime");
	assert_string_equal(box_super_options(box, "/run"),
			    "rw,size=64k,nr_inodes=10,mode=750");
}

static void tmpfs_can_be_read_only(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/empty",
		 "options": ["ro"]}]));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/empty"), "ro"));
}

static void bad_option_is_told_in_the_kernels_words(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "the words are those of a newer mount call");
	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a"},
		{"type": "tmpfs", "destination": "/b",
		 "options": ["size=much"]}]));

	assert_string_equal(box->error, "cannot mount /b: mount: Invalid "
		"argument: tmpfs: Bad value for 'size' (plan item /mounts/1)");
	assert_string_equal(box->kernel, "tmpfs: Bad value for 'size'");
	assert_string_equal(box->pointer, "/mounts/1");
	assert_string_equal(box->path, "/b");
	assert_string_equal(box->errno_name, "EINVAL");
}

static void unknown_option_is_told_in_the_kernels_words(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "the words are those of a newer mount call");
	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/b",
		 "options": ["mode=755", "colour=blue"]}]));

	assert_string_equal(box->error, "cannot mount /b: mount: Invalid "
		"argument: tmpfs: Unknown parameter 'colour' (plan item "
		"/mounts/0)");
}

/* mount(2) would take it for two options. */
static void comma_in_an_option_splits_nothing(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "mount(2) takes no comma");
	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/b",
		 "options": ["mode=700,size=64k"]}]));

	assert_string_equal(box->error, "cannot mount /b: fsconfig: Invalid "
		"argument: tmpfs: Bad value for 'mode' (plan item /mounts/0)");
}

static void tmpfs_on_a_file_is_refused(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/file", "");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/etc/file"}]));

	assert_string_equal(box->error, "cannot mount /etc/file: fchdir: Not a "
			    "directory (plan item /mounts/0)");
}

static void tmpfs_made_detached_on_a_file_is_refused(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/file", "");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/etc/file",
		 "options": ["private"]}]));

	box_refused(box, "cannot mount /etc/file: CALL: Not a directory (plan "
		"item /mounts/0)", "move_mount", "mount");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(tmpfs_keeps_the_mode_of_what_it_covers),
		BOX_TEST(mode_of_the_plan_wins),
		BOX_TEST(tmpfs_on_what_was_missing_has_the_kernels_mode),
		BOX_TEST(mode_is_that_of_what_a_link_leads_to),
		BOX_TEST_BOTH(tmpfs_belongs_to_the_containers_root),
		BOX_TEST(tmpfs_takes_options),
		BOX_TEST_ALL(tmpfs_can_be_read_only),
		BOX_TEST(bad_option_is_told_in_the_kernels_words),
		BOX_TEST(unknown_option_is_told_in_the_kernels_words),
		BOX_TEST(comma_in_an_option_splits_nothing),
		BOX_TEST(tmpfs_on_a_file_is_refused),
		BOX_TEST(tmpfs_made_detached_on_a_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
