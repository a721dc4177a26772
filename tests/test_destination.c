/* destination: found or made in the rootfs, wherever links may lead */

#include <errno.h>
#include <unistd.h>

#include "box.h"

static void missing_destination_is_made_with_its_parents(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a/b/c",
		 "options": ["mode=700"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/a/b/c"), "tmpfs");
	assert_int_equal(box_mode(box, "/a"), 0755);
	assert_int_equal(box_mode(box, "/a/b"), 0755);
	assert_int_equal(box_stat(box, "/a/b").st_uid, box->owner);
	assert_int_equal(box_mode(box, "/a/b/c"), 0700);
}

static void missing_destination_of_a_file_is_a_file(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/file",
		 "destination": "/etc/app/file"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/etc/app/file"), "the file outside");
	assert_int_equal(box_mode(box, "/etc/app"), 0755);
	assert_int_equal(access(BOX_ROOTFS "/etc/app/file", F_OK), 0);
}

static void link_of_old_to_new_place_is_followed(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run/there", 0755);
	box_symlink(box, "/var/run", "/run");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/var/run/there"},
		{"type": "tmpfs", "destination": "/var/run/missing"},
		{"source": "/tmp/outside/file",
		 "destination": "/var/run/made/file"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_readlink(box, "/var/run"), "/run");
	assert_string_equal(box_fstype(box, "/run/there"), "tmpfs");
	assert_string_equal(box_fstype(box, "/run/missing"), "tmpfs");
	assert_string_equal(box_read(box, "/run/made/file"),
			    "the file outside");
}

static void relative_link_stays_inside(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/a/leak", "../../../../tmp/outside");
	box_symlink(box, "/absolute", "/tmp/outside/dir");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a/leak/dir"},
		{"type": "tmpfs", "destination": "/absolute"}]));

	assert_string_equal(box->error, "");
	assert_int_equal(access(BOX_ROOTFS "/tmp/outside/dir", F_OK), 0);
	assert_string_equal(box_readlink(box, "/a/leak"),
			    "../../../../tmp/outside");
	assert_int_equal(box_count(box, "tmpfs"), 3);
}

static void dots_stay_inside(void **state)
{
	struct box *box = *state;

	box_dir(box, "/a/b", 0755);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a/b/../../../../made/here"},
		{"type": "tmpfs", "destination": "/a/b/.."}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/made/here"), "tmpfs");
	assert_string_equal(box_fstype(box, "/a"), "tmpfs");
}

static void what_a_dangling_link_names_is_made(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/etc/resolv.conf", "/run/resolver/stub.conf");
	box_symlink(box, "/data", "../volumes/./data");

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/file",
		 "destination": "/etc/resolv.conf"},
		{"type": "tmpfs", "destination": "/data/below"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/run/resolver/stub.conf"),
			    "the file outside");
	assert_string_equal(box_readlink(box, "/etc/resolv.conf"),
			    "/run/resolver/stub.conf");
	assert_string_equal(box_fstype(box, "/volumes/data/below"), "tmpfs");
}

static void link_in_a_circle_is_refused(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/loop", "loop");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/loop/dir"}]));

	assert_string_equal(box->error, "cannot mount /loop/dir: openat: "
		"Symbolic link loop: loop is a symbolic link (plan item "
		"/mounts/0)");
}

static void file_in_the_way_is_named(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/file", "");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/etc/file/dir"}]));

	assert_string_equal(box->error, box_lacks("openat2") ?
		"cannot mount /etc/file/dir: openat: Not a directory: file is "
		"no directory (plan item /mounts/0)" :
		"cannot mount /etc/file/dir: openat2: Not a directory (plan "
		"item /mounts/0)");
}

static void root_by_a_link_is_refused(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/up", "..");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/up"}]));

	assert_string_equal(box->error, "cannot mount /up: the destination is "
		"the root itself (plan item /mounts/0)");
}

/* Which asks for the permission to search, not to read. */
static void parent_of_another_user_is_passed(void **state)
{
	struct box *box = *state;

	box_dir(box, "/home/data", 0755);
	box_file(box, "/home/config", "");
	box_chown(box, "/home", 0, 0);
	box_chmod(box, "/home", 0711);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/home/data"},
		{"source": "/tmp/outside/file", "destination": "/home/config"},
		{"type": "tmpfs", "destination": "/home/data/deeper/down"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/home/data"), "tmpfs");
	assert_string_equal(box_read(box, "/home/config"), "the file outside");
}

static void nothing_is_made_where_the_container_may_not(void **state)
{
	struct box *box = *state;

	box_dir(box, "/home", 0711);
	box_chown(box, "/home", 0, 0);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/home/data"}]));

	assert_string_equal(box->error, "cannot mount /home/data: mkdirat: "
		"Permission denied (plan item /mounts/0)");
}

static void every_missing_mountpoint_is_listed(void **state)
{
	struct box *box = *state;

	box_dir(box, "/there", 0755);
	box_dir(box, "/etc", 0755);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/made"},
		{"type": "tmpfs", "destination": "/there",
		 "mountpoint": "require"},
		{"type": "tmpfs", "destination": "/gone",
		 "mountpoint": "require"},
		{"source": "/tmp/outside/file", "destination": "/etc/gone",
		 "mountpoint": "require"}]));

	assert_string_equal(box->error, "cannot find /gone: missing in the "
		"rootfs: /gone, /etc/gone (plan item /mounts/2)");
	assert_string_equal(box->stage, "mounts");
	assert_string_equal(box_list(box, "/"), "bin etc there");
	assert_string_equal(box_list(box, "/etc"), "");
}

static void required_mountpoints_are_used(void **state)
{
	struct box *box = *state;

	box_dir(box, "/there", 0755);
	box_file(box, "/etc/file", "");

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/there",
		 "mountpoint": "require"},
		{"source": "/tmp/outside/file", "destination": "/etc/file",
		 "mountpoint": "require"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/there"), "tmpfs");
	assert_string_equal(box_read(box, "/etc/file"), "the file outside");
}

static void required_mountpoint_may_come_with_a_mount(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside", "destination": "/data",
		 "options": ["ro"]},
		{"type": "tmpfs", "destination": "/data/dir",
		 "mountpoint": "require"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/data/dir"), "tmpfs");
}

static void required_mountpoint_that_no_mount_brings_is_missing(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data"},
		{"type": "tmpfs", "destination": "/data/none",
		 "mountpoint": "require"}]));

	assert_string_equal(box->error, box_lacks("openat2") ?
		"cannot mount /data/none: openat: No such file or directory "
		"(plan item /mounts/1)" :
		"cannot mount /data/none: openat2: No such file or directory "
		"(plan item /mounts/1)");
}

static void last_link_of_a_bind_can_be_kept(void **state)
{
	struct box *box = *state;

	box_file(box, "/real", "behind the link");
	box_symlink(box, "/link", "/real");

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside/file", "destination": "/link",
		 "options": ["dest-nofollow"]}]));

	assert_string_equal(box_read(box, "/real"), "behind the link");
	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/link"), "the file outside");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(missing_destination_is_made_with_its_parents),
		BOX_TEST_ALL(missing_destination_of_a_file_is_a_file),
		BOX_TEST_ALL(link_of_old_to_new_place_is_followed),
		BOX_TEST_ALL(relative_link_stays_inside),
		BOX_TEST_ALL(dots_stay_inside),
		BOX_TEST_ALL(what_a_dangling_link_names_is_made),
		BOX_TEST_BOTH(link_in_a_circle_is_refused),
		BOX_TEST_BOTH(file_in_the_way_is_named),
		BOX_TEST_BOTH(root_by_a_link_is_refused),
		BOX_TEST_ALL(parent_of_another_user_is_passed),
		BOX_TEST_IN_USERNS(nothing_is_made_where_the_container_may_not),
		BOX_TEST_ALL(every_missing_mountpoint_is_listed),
		BOX_TEST_BOTH(required_mountpoints_are_used),
		BOX_TEST_BOTH(required_mountpoint_may_come_with_a_mount),
		BOX_TEST_BOTH(required_mountpoint_that_no_mount_brings_is_missing),
		BOX_TEST_BOTH(last_link_of_a_bind_can_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
