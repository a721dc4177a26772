/* idmap: files of a mount belong to others than on the disk */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "kernel/abi.h"
#include "kernel/mount.h"
#include "kernel/proc.h"
#include "kernel/userns.h"
#include "lacking.h"
#include "mounts/idmap.h"

#define CAP_SYS_PTRACE 19	/* <linux/capability.h> */

#define MAPS "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1000, " \
	"\"size\": 10}], \"gidMappings\": [{\"containerID\": 0, " \
	"\"hostID\": 2000, \"size\": 10}, {\"containerID\": 50, " \
	"\"hostID\": 50, \"size\": 1}]"

/* A volume with another in it, and a file in each. */
static void make_volumes(struct box *box)
{
	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/below", 0755);
	box_mount(box, "below", "/tmp/volume/below", "tmpfs", 0, NULL);
	box_file(box, "/tmp/volume/file", "");
	box_chown(box, "/tmp/volume/file", 3, 50);
	box_file(box, "/tmp/volume/below/file", "");
	box_chown(box, "/tmp/volume/below/file", 4, 60);
}

/* Before Linux 6.3 a tmpfs has none. */
static void skip_without(struct box *box)
{
	if (strstr(box->error, "no mapped ids"))
		box_skip("this kernel maps no ids of a tmpfs");
}

static void bind_volume(struct box *box, const char *options)
{
	make_volumes(box);

	box_run(box, JSON("mounts": [
		{"destination": "/data", "source": "/tmp/volume",
		 "options": [%s], %s}]), options, MAPS);

	skip_without(box);
	assert_string_equal(box->error, "");
}

static void assert_owner(struct box *box, const char *path, uid_t uid,
			 gid_t gid)
{
	assert_int_equal(box_stat(box, path).st_uid, uid);
	assert_int_equal(box_stat(box, path).st_gid, gid);
}

static void ids_are_those_of_the_map(void **state)
{
	struct box *box = *state;

	bind_volume(box, "\"idmap\"");

	assert_owner(box, "/data", 1000, 2000);
	assert_owner(box, "/data/file", 1003, 50);
	assert_owner(box, "/tmp/volume/file", 3, 50);
}

static void it_is_for_one_mount_alone(void **state)
{
	struct box *box = *state;

	bind_volume(box, "\"rbind\", \"ridmap\", \"idmap\"");

	assert_owner(box, "/data/file", 1003, 50);
	assert_owner(box, "/data/below/file", 4, 60);
}

static void it_is_for_the_whole_tree_with_an_r(void **state)
{
	struct box *box = *state;

	bind_volume(box, "\"rbind\", \"ridmap\"");

	assert_owner(box, "/data/file", 1003, 50);
	/* 60 is in no range: whoever has no number */
	assert_owner(box, "/data/below/file", 1004, 65534);
}

static void it_goes_with_attributes(void **state)
{
	struct box *box = *state;

	bind_volume(box, "\"rbind\", \"idmap\", \"rro\", \"nosuid\"");

	assert_owner(box, "/data/file", 1003, 50);
	assert_true(box_has(box_mount_options(box, "/data"), "ro"));
	assert_true(box_has(box_mount_options(box, "/data"), "nosuid"));
	assert_true(box_has(box_mount_options(box, "/data/below"), "ro"));
}

static void nobody_is_left_of_who_made_the_map(void **state)
{
	struct box *box = *state;
	char children[64];

	bind_volume(box, "\"idmap\"");

	snprintf(children, sizeof(children), "task/%d/children", box->pid);
	assert_string_equal(box_proc(box, children), "");
}

static void filesystem_that_has_none_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"destination": "/data", "source": "/sys",
		 "options": ["rbind", "idmap"], %s}]), MAPS);

	assert_string_equal(box->error, "cannot mount /data: mount_setattr: "
		"Invalid argument: idmap; this filesystem has no mapped ids "
		"in this kernel, or has those of this user namespace (plan "
		"item /mounts/0)");
	assert_string_equal(box->hint, "this filesystem has no mapped ids in "
			    "this kernel, or has those of this user namespace");
	assert_string_equal(box_list(box, "/data"), "");
}

/* In a user namespace: of filesystems that it has mounted itself. */
static void own_filesystem_is_mapped_in_a_user_namespace(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"destination": "/a", "type": "tmpfs"},
		{"destination": "/b", "source": "/tmp/rootfs/a",
		 "options": ["idmap"], %s}]), MAPS);

	skip_without(box);
	assert_string_equal(box->error, "");
	assert_owner(box, "/a", BOX_USERS, BOX_USERS);
	assert_owner(box, "/b", BOX_USERS + 1000, BOX_USERS + 2000);
}

static void filesystem_of_the_host_is_not_and_says_so(void **state)
{
	struct box *box = *state;

	make_volumes(box);
	box_run(box, JSON("mounts": [
		{"destination": "/data", "source": "/tmp/volume",
		 "options": ["rbind", "idmap"], %s}]), MAPS);

	assert_string_equal(box->error, "cannot mount /data: mount_setattr: "
		"Operation not permitted: idmap; its ids are mapped already, "
		"or the filesystem belongs to another user namespace: then "
		"the parent has to map them, and pass the mount as sourceFd "
		"(plan item /mounts/0)");
}

static void the_namespace_of_the_container_is_tried(void **state)
{
	struct box *box = *state;

	make_volumes(box);
	box_run(box, JSON("mounts": [
		{"destination": "/data", "source": "/tmp/volume",
		 "options": ["rbind", "idmap"]}]));

	assert_string_equal(box->operation, "mount_setattr");
	assert_string_equal(box->errno_name, "EPERM");
	assert_string_equal(box->pointer, "/mounts/0");
}

static void ids_that_nobody_has_here_are_explained(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"destination": "/a", "type": "tmpfs"},
		{"destination": "/b", "source": "/tmp/rootfs/a",
		 "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 100000,
				  "size": 1}],
		 "gidMappings": [{"containerID": 0, "hostID": 0,
				  "size": 1}]}]));

	assert_string_equal(box->error, "cannot mount /b: write: Operation "
		"not permitted: uid_map; each hostID must be an id of the "
		"user namespace that the shim is in, and it needs CAP_SETUID, "
		"CAP_SETGID, CAP_SETFCAP and CAP_SYS_PTRACE there (plan item "
		"/mounts/1)");
}

static void drop_ptrace(struct box *box)
{
	(void)box;
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0, 0) < 0)
		_exit(1);
}

static void capability_that_is_missing_is_explained(void **state)
{
	struct box *box = *state;

	make_volumes(box);
	box->before = drop_ptrace;
	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/data",
		 "options": ["idmap"], %s}]), MAPS);

	assert_string_equal(box->errno_name, "EACCES");
	assert_non_null(strstr(box->hint, "CAP_SYS_PTRACE"));
}

/* Of the container's own filesystems the ids are right as they are. */
static void filesystem_of_the_namespace_is_mapped_already(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"destination": "/a", "type": "tmpfs"},
		{"destination": "/b", "source": "/tmp/rootfs/a",
		 "options": ["idmap"]}]));

	assert_string_equal(box->hint, "this filesystem has no mapped ids in "
			    "this kernel, or has those of this user namespace");
}

/* What the README advises: a detached mount, and no option. */
static void parent_may_map_what_the_shim_cannot(void **state)
{
	static const char map[] = "0 100000 65536";
	struct failure why = {0};
	int proc = proc_trusted(&why);
	autoclose int userns = userns_make(proc, map, map, &why);
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)userns,
	};
	struct box *box = *state;
	autoclose int tree = -1;

	make_volumes(box);
	tree = tree_clone(AT_FDCWD, "/tmp/volume", 0, TREE_ONE, &why);
	if (mount_change(tree, TREE_ONE, &attr, &why) < 0)
		box_skip("this kernel maps no ids of a tmpfs");
	assert_int_equal(fcntl(tree, F_SETFD, 0), 0);

	box_run(box, JSON("mounts": [
		{"sourceFd": %d, "destination": "/data"}]), tree);

	assert_string_equal(box->error, "");
	assert_owner(box, "/data/file", BOX_USERS + 3, BOX_USERS + 50);
}

/* The sentence of a map in a kernel without mount_setattr(2). */
static void say_without_mount_setattr(int to)
{
	struct id_map map = { 0, 1000, 1 };
	struct mount_extra extra = {
		.uid_map = &map, .uid_map_count = 1,
		.gid_map = &map, .gid_map_count = 1,
	};
	struct mount m = { .flags = MOUNT_IDMAP, .extra = &extra };
	struct failure why = {0};
	struct outside outside = { .proc = proc_trusted(&why) };
	struct scene scene = { .outside = &outside };
	int tree = tree_clone(AT_FDCWD, "/tmp", 0, TREE_ONE, &why);
	char text[1024];

	if (!lacking(NR_MOUNT_SETATTR, ENOSYS))
		dprintf(to, "no seccomp(2)");
	attempt(&why, "/mounts", 0, "mount", "/a");
	idmap_apply(&m, &scene, tree, &why);
	dprintf(to, "%s", failure_sentence(&why, text, sizeof(text)));
	_exit(0);
}

static void there_is_no_other_way_to_map(void **state)
{
	int ends[2];
	char said[1024];
	ssize_t length;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	if (fork() == 0)
		say_without_mount_setattr(ends[1]);
	close(ends[1]);
	wait(NULL);
	length = read(ends[0], said, sizeof(said) - 1);
	close(ends[0]);
	assert_true(length >= 0);
	said[length] = '\0';

	assert_string_equal(said, "cannot mount /a: mount_setattr: Function "
		"not implemented: idmap; ids are mapped by mount_setattr(2), "
		"Linux 5.12, and by nothing else (plan item /mounts/0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(ids_are_those_of_the_map),
		BOX_TEST(it_is_for_one_mount_alone),
		BOX_TEST(it_is_for_the_whole_tree_with_an_r),
		BOX_TEST(it_goes_with_attributes),
		BOX_TEST(nobody_is_left_of_who_made_the_map),
		BOX_TEST(filesystem_that_has_none_is_blamed),
		BOX_TEST_IN_USERNS(
			own_filesystem_is_mapped_in_a_user_namespace),
		BOX_TEST_IN_USERNS(filesystem_of_the_host_is_not_and_says_so),
		BOX_TEST_IN_USERNS(the_namespace_of_the_container_is_tried),
		BOX_TEST_IN_USERNS(ids_that_nobody_has_here_are_explained),
		BOX_TEST(capability_that_is_missing_is_explained),
		BOX_TEST_IN_USERNS(
			filesystem_of_the_namespace_is_mapped_already),
		BOX_TEST_IN_USERNS(parent_may_map_what_the_shim_cannot),
		BOX_TEST(there_is_no_other_way_to_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
