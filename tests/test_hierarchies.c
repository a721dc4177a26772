/* hierarchies: which there are, and where the host has them */

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mounting.h"
#include "own_cgroup.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, own_cgroup_open, \
					own_cgroup_close)

/* Those that have the kernel make hierarchies wait until they are gone. */
#define TEST_MERGED(function) \
	cmocka_unit_test_setup_teardown(function, own_cgroup_open, close_merged)

/* Hierarchies that few hosts have; they end with the mount namespace. */
static void add_hierarchies(void)
{
	own_cgroup_enter();
	must(mount("none", "/mnt", "tmpfs", 0, NULL));
	must(mkdir("/mnt/named", 0755));
	must(mkdir("/mnt/mer ged", 0755));
	must(mount("none", "/mnt/named", "cgroup", 0, "none,name=shim-test"));
	must(mount("none", "/mnt/mer ged", "cgroup", 0, "net_cls,net_prio"));
}

static void add_hierarchies_and_namespace(void)
{
	add_hierarchies();
	must(unshare(CLONE_NEWCGROUP));
}

/* All that is left of the host's mounts is our cgroup of one hierarchy. */
static void leave_only_ours(void)
{
	own_cgroup_enter();
	must(mount(own.dir, "/mnt", NULL, MS_BIND, NULL));
	must(umount2(HOSTS, MNT_DETACH));
}

/* What is left is a cgroup below ours. */
static void leave_only_another(void)
{
	own_cgroup_enter();
	must(mount(own.below, "/mnt", NULL, MS_BIND, NULL));
	must(umount2(HOSTS, MNT_DETACH));
}

static void cover_ours(void)
{
	own_cgroup_enter();
	must(mount("none", own.dir, "tmpfs", 0, NULL));
}

static void be_root_of_other_users(void)
{
	own_cgroup_enter();
	mounting_enter_users();
}

static int close_merged(void **state)
{
	own_cgroup_close(state);
	wait_for_end_of("name=shim-test:");
	wait_for_end_of("net_cls,net_prio:");
	return 0;
}

/* With merged controllers, where nobody else has use for those two. */
static void run_merged(struct mounting *mounting, void (*before)(void))
{
	if (is_hierarchy("net_"))
		mounting_skip("net_cls or net_prio are in use");
	own_cgroup_run(mounting, before);
}

static void assert_link(const struct mounting *mounting, const char *path,
			const char *target)
{
	char found[64] = "";

	assert_true(readlink(mounting_path(mounting, path), found,
			     sizeof(found) - 1) > 0);
	assert_string_equal(found, target);
}

static void merged_and_named_hierarchies_are_found(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	run_merged(mounting, add_hierarchies_and_namespace);

	assert_string_equal(mounting->error, "");
	assert_hierarchy(mounting, "/sys/fs/cgroup/net_cls,net_prio", "cgroup",
			 "rw,net_cls,net_prio");
	assert_hierarchy(mounting, "/sys/fs/cgroup/shim-test", "shim-test",
			 "rw,name=shim-test");
}

static void merged_and_named_hierarchies_are_bound(void **state)
{
	struct mounting *mounting = *state;

	run_merged(mounting, add_hierarchies);

	assert_string_equal(mounting->error, "");
	assert_hierarchy(mounting, "/sys/fs/cgroup/net_cls,net_prio", "none",
			 "rw,net_cls,net_prio");
	assert_hierarchy(mounting, "/sys/fs/cgroup/shim-test", "none",
			 "rw,name=shim-test");
}

static void merged_controllers_have_links(void **state)
{
	struct mounting *mounting = *state;

	run_merged(mounting, add_hierarchies);

	assert_string_equal(mounting->error, "");
	assert_link(mounting, "/sys/fs/cgroup/net_cls", "net_cls,net_prio");
	assert_link(mounting, "/sys/fs/cgroup/net_prio", "net_cls,net_prio");
}

static void only_mounted_hierarchies_are_bound(void **state)
{
	struct mounting *mounting = *state;

	own_cgroup_run(mounting, leave_only_ours);

	assert_string_equal(mounting->error, "");
	assert_own_is_shown(mounting);
	assert_false(mounting_has(mounting, "/sys/fs/cgroup/memory"));
	assert_int_equal(access(mounting_path(mounting,
					      "/sys/fs/cgroup/memory"), F_OK),
			 -1);
}

static void mount_that_does_not_show_our_cgroup_is_no_use(void **state)
{
	struct mounting *mounting = *state;
	char expected[1024];

	own_cgroup_run(mounting, leave_only_another);

	snprintf(expected, sizeof(expected),
		 "cannot mount /sys/fs/cgroup: cgroup hierarchy pids: no mount "
		 "of it shows our cgroup %s (plan item /mounts/0)", own.path);
	assert_string_equal(mounting->error, expected);
	assert_false(mounting_has(mounting, "/sys/fs/cgroup"));
}

static void covered_hierarchy_is_told_apart(void **state)
{
	struct mounting *mounting = *state;
	char expected[1024];

	own_cgroup_run(mounting, cover_ours);

	snprintf(expected, sizeof(expected),
		 "cannot mount /sys/fs/cgroup: cgroup hierarchy pids: "
		 "something else is mounted over %s (plan item /mounts/0)",
		 own.dir);
	assert_string_equal(mounting->error, expected);
	assert_false(mounting_has(mounting, "/sys/fs/cgroup"));
}

static void refused_hierarchy_is_named(void **state)
{
	static const char begins[] = "cannot mount /sys/fs/cgroup: fsconfig: "
				     "Operation not permitted: cgroup "
				     "hierarchy ";
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	own_cgroup_run(mounting, be_root_of_other_users);

	assert_memory_equal(mounting->error, begins, strlen(begins));
	assert_false(mounting_has(mounting, "/sys/fs/cgroup"));
}

static const struct CMUnitTest tests[] = {
	TEST_MERGED(merged_and_named_hierarchies_are_found),
	TEST_MERGED(merged_and_named_hierarchies_are_bound),
	TEST_MERGED(merged_controllers_have_links),
	TEST(only_mounted_hierarchies_are_bound),
	TEST(mount_that_does_not_show_our_cgroup_is_no_use),
	TEST(covered_hierarchy_is_told_apart),
	TEST(refused_hierarchy_is_named),
};

int main(void)
{
	return cmocka_run_group_tests_name("hierarchies", tests, NULL, NULL);
}
