/* hierarchies: which there are, and where the host has them */

#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "box.h"
#include "own_cgroup.h"

#define CGROUP JSON("mounts": [ \
	{"type": "cgroup", "destination": "/sys/fs/cgroup"}])
#define CGROUP_WITH_NAMESPACE CGROUP ", " JSON("namespaces": \
	["mount", "pid", "ipc", "uts", "cgroup"])

/* Those that have the kernel make hierarchies wait until they are gone. */
#define MERGED_TEST(function) \
	cmocka_unit_test_setup_teardown(function, own_cgroup_open, close_merged)

/* Hierarchies that few hosts have; they end with the mount namespace. */
static void add_hierarchies(struct box *box)
{
	must(box, mount("none", "/mnt", "tmpfs", 0, NULL));
	must(box, mkdir("/mnt/named", 0755));
	must(box, mkdir("/mnt/mer ged", 0755));
	must(box, mount("none", "/mnt/named", "cgroup", 0,
			"none,name=shim-test"));
	must(box, mount("none", "/mnt/mer ged", "cgroup", 0,
			"net_cls,net_prio"));
}

/* All that is left of the host's mounts is our cgroup of one hierarchy. */
static void leave_only_ours(struct box *box)
{
	must(box, mount(own.dir, "/mnt", NULL, MS_BIND, NULL));
	must(box, umount2(HOSTS, MNT_DETACH));
}

/* What is left is a cgroup below ours. */
static void leave_only_another(struct box *box)
{
	must(box, mount(own.below, "/mnt", NULL, MS_BIND, NULL));
	must(box, umount2(HOSTS, MNT_DETACH));
}

static void cover_ours(struct box *box)
{
	must(box, mount("none", own.dir, "tmpfs", 0, NULL));
}

static int close_merged(void **state)
{
	int result = own_cgroup_close(state);

	wait_for_end_of("name=shim-test:");
	wait_for_end_of("net_cls,net_prio:");
	return result;
}

/* With merged controllers, where nobody else has use for those two. */
static void run_merged(struct box *box, const char *plan)
{
	if (!box->skip && is_hierarchy("net_"))
		box_skip("net_cls or net_prio are in use");
	add_hierarchies(box);
	box_run(box, "%s", plan);
}

static void merged_and_named_hierarchies_are_found(void **state)
{
	struct box *box = *state;

	run_merged(box, CGROUP_WITH_NAMESPACE);

	assert_string_equal(box->error, "");
	assert_string_equal(box_source(box, HOSTS "/net_cls,net_prio"),
			    "cgroup");
	assert_string_equal(box_super_options(box, HOSTS "/net_cls,net_prio"),
			    "rw,net_cls,net_prio");
	assert_string_equal(box_source(box, HOSTS "/shim-test"), "shim-test");
	assert_string_equal(box_super_options(box, HOSTS "/shim-test"),
			    "rw,name=shim-test");
}

static void merged_and_named_hierarchies_are_bound(void **state)
{
	struct box *box = *state;

	run_merged(box, CGROUP);

	assert_string_equal(box->error, "");
	assert_string_equal(box_super_options(box, HOSTS "/net_cls,net_prio"),
			    "rw,net_cls,net_prio");
	assert_string_equal(box_super_options(box, HOSTS "/shim-test"),
			    "rw,name=shim-test");
}

static void merged_controllers_have_links(void **state)
{
	struct box *box = *state;

	run_merged(box, CGROUP);

	assert_string_equal(box->error, "");
	assert_string_equal(box_readlink(box, HOSTS "/net_cls"),
			    "net_cls,net_prio");
	assert_string_equal(box_readlink(box, HOSTS "/net_prio"),
			    "net_cls,net_prio");
}

static void only_mounted_hierarchies_are_bound(void **state)
{
	struct box *box = *state;

	leave_only_ours(box);

	box_run(box, CGROUP);

	assert_string_equal(box->error, "");
	assert_own_is_shown(box);
	assert_string_equal(box_list(box, HOSTS), "pids");
}

static void mount_that_does_not_show_our_cgroup_is_no_use(void **state)
{
	struct box *box = *state;
	char expected[1024];

	leave_only_another(box);

	box_run(box, CGROUP);

	snprintf(expected, sizeof(expected),
		 "cannot mount /sys/fs/cgroup: cgroup hierarchy pids: no mount "
		 "of it shows our cgroup %s (plan item /mounts/0)", own.path);
	assert_string_equal(box->error, expected);
}

static void covered_hierarchy_is_told_apart(void **state)
{
	struct box *box = *state;
	char expected[1024];

	cover_ours(box);

	box_run(box, CGROUP);

	snprintf(expected, sizeof(expected),
		 "cannot mount /sys/fs/cgroup: cgroup hierarchy pids: "
		 "something else is mounted over %s (plan item /mounts/0)",
		 own.dir);
	assert_string_equal(box->error, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MERGED_TEST(merged_and_named_hierarchies_are_found),
		MERGED_TEST(merged_and_named_hierarchies_are_bound),
		MERGED_TEST(merged_controllers_have_links),
		OWN_CGROUP_TEST(only_mounted_hierarchies_are_bound),
		OWN_CGROUP_TEST(mount_that_does_not_show_our_cgroup_is_no_use),
		OWN_CGROUP_TEST(covered_hierarchy_is_told_apart),
	};

	return cmocka_run_group_tests_name("hierarchies", tests, NULL, NULL);
}
