/* devices: nodes and links, made or verified, and never elsewhere */

#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "box.h"

#define CAP_MKNOD 27

static const struct {
	const char *path;
	const char *type;
} defaults[] = {
	{ "/dev/null", "char 1:3" },
	{ "/dev/zero", "char 1:5" },
	{ "/dev/full", "char 1:7" },
	{ "/dev/random", "char 1:8" },
	{ "/dev/urandom", "char 1:9" },
	{ "/dev/tty", "char 5:0" },
};

static void default_devices_are_made(void **state)
{
	struct box *box = *state;
	size_t i;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev",
		 "options": ["nosuid", "strictatime", "mode=755"]}]));

	assert_string_equal(box->error, "");
	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		assert_string_equal(box_type(box, defaults[i].path),
				    defaults[i].type);
		assert_int_equal(box_mode(box, defaults[i].path), 0666);
		assert_string_equal(box_fstype(box, defaults[i].path), "");
	}
	assert_int_equal(box_stat(box, "/dev/null").st_uid, 0);
	assert_int_equal(box_write(box, "/dev/null", "x"), 0);
}

static void default_devices_are_the_hosts_in_a_user_namespace(void **state)
{
	struct box *box = *state;
	size_t i;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev",
		 "options": ["nosuid", "strictatime", "mode=755"]}]));

	assert_string_equal(box->error, "");
	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		assert_string_equal(box_type(box, defaults[i].path),
				    defaults[i].type);
		assert_string_not_equal(box_fstype(box, defaults[i].path), "");
	}
	assert_int_equal(box_write(box, "/dev/null", "x"), 0);
}

static void links_are_made(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_readlink(box, "/dev/ptmx"), "pts/ptmx");
	assert_string_equal(box_readlink(box, "/dev/fd"), "/proc/self/fd");
	assert_string_equal(box_readlink(box, "/dev/stdin"),
			    "/proc/self/fd/0");
	assert_string_equal(box_readlink(box, "/dev/stdout"),
			    "/proc/self/fd/1");
	assert_string_equal(box_readlink(box, "/dev/stderr"),
			    "/proc/self/fd/2");
	if (access("/proc/kcore", F_OK) == 0)
		assert_string_equal(box_readlink(box, "/dev/core"),
				    "/proc/kcore");
	else
		assert_false(box_exists(box, "/dev/core"));
}

static void every_type_is_made_with_mode_and_owner(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": [
		{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229,
		 "fileMode": 432, "uid": 5, "gid": 6},
		{"path": "/dev/ttyX", "type": "u", "major": 4, "minor": 65},
		{"path": "/dev/loop7", "type": "b", "major": 7, "minor": 7,
		 "fileMode": 384},
		{"path": "/dev/pipe", "type": "p", "fileMode": 420, "uid": 7},
		{"path": "/srv/deep/zero", "type": "c", "major": 1,
		 "minor": 5}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/dev/fuse"), "char 10:229");
	assert_int_equal(box_mode(box, "/dev/fuse"), 0660);
	assert_int_equal(box_stat(box, "/dev/fuse").st_uid, 5);
	assert_int_equal(box_stat(box, "/dev/fuse").st_gid, 6);
	assert_string_equal(box_type(box, "/dev/ttyX"), "char 4:65");
	assert_int_equal(box_mode(box, "/dev/ttyX"), 0666);
	assert_string_equal(box_type(box, "/dev/loop7"), "block 7:7");
	assert_int_equal(box_mode(box, "/dev/loop7"), 0600);
	assert_string_equal(box_type(box, "/dev/pipe"), "fifo");
	assert_int_equal(box_mode(box, "/dev/pipe"), 0644);
	assert_int_equal(box_stat(box, "/dev/pipe").st_uid, 7);
	assert_string_equal(box_type(box, "/srv/deep/zero"), "char 1:5");
	assert_int_equal(box_mode(box, "/srv/deep"), 0755);
	/* none but those of the plan */
	assert_false(box_exists(box, "/dev/null"));
}

static void no_devices_where_the_plan_has_none(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
	assert_false(box_exists(box, "/dev/null"));
	assert_string_equal(box_readlink(box, "/dev/fd"), "/proc/self/fd");
}

static void fifo_is_made_in_a_user_namespace(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": [
		{"path": "/dev/pipe", "type": "p", "fileMode": 420,
		 "gid": 8}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/dev/pipe"), "fifo");
	assert_int_equal(box_stat(box, "/dev/pipe").st_uid, BOX_USERS);
	assert_int_equal(box_stat(box, "/dev/pipe").st_gid, BOX_USERS + 8);
}

static void owner_that_is_not_mapped_is_explained(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": [
		{"path": "/dev/pipe", "type": "p", "gid": 8}]));

	assert_string_equal(box->error, "cannot make the device /dev/pipe: "
		"fchownat: Invalid argument; uid or gid is not mapped in this "
		"user namespace (plan item /devices/0)");
}

static void drop_mknod(struct box *box)
{
	(void)box;
	if (prctl(PR_CAPBSET_DROP, CAP_MKNOD, 0, 0, 0) < 0)
		_exit(1);
}

static void device_is_bound_where_mknod_is_refused(void **state)
{
	struct box *box = *state;

	box->before = drop_mknod;
	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
	assert_string_not_equal(box_fstype(box, "/dev/null"), "");
	assert_int_equal(box_write(box, "/dev/null", "x"), 0);
}

static void device_that_is_there_is_verified(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/null", S_IFCHR | 0666, makedev(1, 3));
	box_node(box, "/dev/pipe", S_IFIFO | 0600, 0);

	box_run(box, JSON("devices": [
		{"path": "/dev/null", "type": "c", "major": 1, "minor": 3},
		{"path": "/dev/pipe", "type": "p"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
}

#define OTHER_THERE "cannot make the device /dev/null: mknodat: File " \
	"exists: what is there is not the device of the plan (plan item " \
	"/devices/0)"

static void run_with_null(struct box *box)
{
	box_run(box, JSON("devices": [
		{"path": "/dev/null", "type": "c", "major": 1, "minor": 3}]));
}

static void other_device_in_its_place_is_refused(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/null", S_IFCHR | 0666, makedev(1, 5));
	run_with_null(box);

	assert_string_equal(box->error, OTHER_THERE);
	assert_string_equal(box->stage, "devices");
	assert_string_equal(box->errno_name, "EEXIST");
}

static void other_type_in_its_place_is_refused(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/null", S_IFBLK | 0666, makedev(1, 3));
	run_with_null(box);
	assert_string_equal(box->error, OTHER_THERE);
}

static void file_in_its_place_is_refused(void **state)
{
	struct box *box = *state;

	box_file(box, "/dev/null", "");
	run_with_null(box);
	assert_string_equal(box->error, OTHER_THERE);
}

static void link_in_its_place_is_refused(void **state)
{
	struct box *box = *state;

	box_node(box, "/srv/null", S_IFCHR | 0666, makedev(1, 3));
	box_symlink(box, "/dev/null", "/srv/null");
	run_with_null(box);
	assert_string_equal(box->error, OTHER_THERE);
}

static void link_in_the_place_of_a_bind_is_refused(void **state)
{
	struct box *box = *state;

	box_file(box, "/srv/file", "of the image");
	box_symlink(box, "/dev/null", "/srv/file");
	run_with_null(box);

	assert_string_equal(box->error, "cannot make the device /dev/null: "
		"move_mount: File exists: a link or a directory is in its "
		"place (plan item /devices/0)");
	assert_string_equal(box_read(box, "/srv/file"), "of the image");
}

static void device_that_the_host_lacks_is_refused(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": [
		{"path": "/dev/nosuch", "type": "c", "major": 1, "minor": 3}]));

	box_refused(box, "cannot make the device /dev/nosuch: CALL: No such "
		"file or directory: the host's /dev/nosuch (plan item "
		"/devices/0)", "open_tree", "openat");
}

static void other_device_of_the_host_is_refused(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": [
		{"path": "/dev/null", "type": "c", "major": 1, "minor": 5}]));

	assert_string_equal(box->error, "cannot make the device /dev/null: the "
		"host's /dev/null is not the device of the plan (plan item "
		"/devices/0)");
}

static void ptmx_of_the_image_is_replaced(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/ptmx", S_IFCHR | 0666, makedev(5, 2));
	run_with_null(box);

	assert_string_equal(box->error, "");
	assert_string_equal(box_readlink(box, "/dev/ptmx"), "pts/ptmx");
}

static void link_of_the_image_is_verified(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/dev/fd", "/proc/self/fd");
	run_with_null(box);
	assert_string_equal(box->error, "");

	unlink(BOX_ROOTFS "/dev/fd");
	box_symlink(box, "/dev/fd", "/proc/1/fd");
	run_with_null(box);
	assert_string_equal(box->error, "cannot link /dev/fd: symlinkat: File "
		"exists: what is there is not a link to /proc/self/fd");
}

static void link_for_dev_stays_inside(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/dev", "../../../../tmp/outside/dir");

	box_run(box, "%s", "");

	assert_string_equal(box->error, "");
	assert_string_equal(box_readlink(box, "/dev"),
			    "../../../../tmp/outside/dir");
	assert_int_equal(access(BOX_ROOTFS "/tmp/outside/dir/null", F_OK), 0);
}

/* The parent has prepared it: nothing is made, verified or reopened there. */
static void bind_on_dev_is_left_alone(void **state)
{
	struct box *box = *state;

	box_file(box, "/tmp/prepared/null", "no device at all");
	box_file(box, "/tmp/prepared/ptmx", "nor this");

	box_run(box, JSON(
		"mounts": [{"source": "/tmp/prepared", "destination": "/dev",
			    "options": ["ro"]}],
		"devices": [
			{"path": "/dev/null", "type": "c", "major": 1,
			 "minor": 3},
			{"path": "/dev/more", "type": "p"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_list(box, "/dev"), "null ptmx");
	assert_string_equal(box_read(box, "/dev/null"), "no device at all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(default_devices_are_made),
		BOX_TEST_IN_USERNS(
			default_devices_are_the_hosts_in_a_user_namespace),
		BOX_TEST_ALL(links_are_made),
		BOX_TEST(every_type_is_made_with_mode_and_owner),
		BOX_TEST_ALL(no_devices_where_the_plan_has_none),
		BOX_TEST_IN_USERNS(fifo_is_made_in_a_user_namespace),
		BOX_TEST_WITH_ONE_ID(owner_that_is_not_mapped_is_explained),
		BOX_TEST(device_is_bound_where_mknod_is_refused),
		BOX_TEST(device_that_is_there_is_verified),
		BOX_TEST(other_device_in_its_place_is_refused),
		BOX_TEST(other_type_in_its_place_is_refused),
		BOX_TEST(file_in_its_place_is_refused),
		BOX_TEST(link_in_its_place_is_refused),
		BOX_TEST_IN_USERNS(link_in_the_place_of_a_bind_is_refused),
		BOX_TEST_IN_USERNS(device_that_the_host_lacks_is_refused),
		BOX_TEST_IN_USERNS(other_device_of_the_host_is_refused),
		BOX_TEST_ALL(ptmx_of_the_image_is_replaced),
		BOX_TEST_ALL(link_of_the_image_is_verified),
		BOX_TEST_ALL(link_for_dev_stays_inside),
		BOX_TEST_ALL(bind_on_dev_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
