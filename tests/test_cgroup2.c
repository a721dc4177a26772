/* cgroup2: a mount of its own, the host's, and what a refusal leads to */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/abi.h"
#include "mounting.h"

#define HOSTS "/sys/fs/cgroup"
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, open_at_cgroup, mounting_close)

static int open_at_cgroup(void **state)
{
	struct mounting *mounting;

	if (mounting_open(state) < 0)
		return -1;
	mounting = *state;
	mounting->mount.type = "cgroup2";
	mounting->mount.source = "ours";
	mounting->mount.destination = "/sys/fs/cgroup";
	return 0;
}

/* What a host without any v1 has, and so its mount table says. */
static void be_a_v2_host(void)
{
	must(mount("hosts", HOSTS, "cgroup2", MS_NOSUID | MS_NODEV, NULL));
}

static void be_a_v2_host_with_namespace(void)
{
	be_a_v2_host();
	must(unshare(CLONE_NEWCGROUP));
}

static void mount_below_the_hosts(void)
{
	int fd = open(MOUNTING_ROOT "/file", O_CREAT | O_WRONLY, 0644);

	must(fd);
	close(fd);
	be_a_v2_host();
	must(mount(MOUNTING_ROOT "/file", HOSTS "/cgroup.procs", NULL, MS_BIND,
		   NULL));
}

/* A cgroup namespace that the plan says is new, and the users' is not. */
static void be_a_v2_host_with_users(void)
{
	be_a_v2_host();
	mounting_enter_users();
}

static void be_a_host_without_cgroups(void)
{
	must(mount("none", HOSTS, "tmpfs", 0, NULL));
}

static void mount_below_first(void)
{
	be_a_v2_host_with_namespace();
	must(mkdir(MOUNTING_ROOT "/sys", 0755));
	must(mkdir(MOUNTING_ROOT "/sys/fs", 0755));
	must(mkdir(MOUNTING_ROOT "/sys/fs/cgroup", 0755));
	must(mount("below", MOUNTING_ROOT "/sys/fs/cgroup", "cgroup2", 0,
		   NULL));
}

static void assert_seen(struct mounting *mounting, const char *source,
			const char *options)
{
	struct seen *seen = mounting_find(mounting, "/sys/fs/cgroup");

	assert_string_equal(seen->type, "cgroup2");
	assert_string_equal(seen->source, source);
	assert_string_equal(seen->options, options);
}

static void with_a_namespace_it_is_a_new_mount(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	mounting->before = be_a_v2_host_with_namespace;
	mounting->mount.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "ours", "ro,noexec,relatime");
}

static void without_one_the_hosts_is_bound(void **state)
{
	struct mounting *mounting = *state;

	mounting->before = be_a_v2_host;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "hosts", "rw,nosuid,nodev,relatime");
}

static void bound_one_has_the_plans_attributes_too(void **state)
{
	struct mounting *mounting = *state;

	mounting->before = be_a_v2_host;
	mounting->mount.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC;
	mounting->mount.attr_clear = MOUNT_ATTR_NODEV;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "hosts", "ro,nosuid,noexec,relatime");
}

static void readonly_holds_for_all_below_the_bound_one(void **state)
{
	struct mounting *mounting = *state;

	mounting->before = mount_below_the_hosts;
	mounting->mount.attr_set = MOUNT_ATTR_RDONLY;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_int_equal(open(mounting_path(mounting,
					    "/sys/fs/cgroup/cgroup.procs"),
			      O_WRONLY | O_CLOEXEC), -1);
	assert_int_equal(errno, EROFS);
}

static void bound_one_may_be_noatime(void **state)
{
	struct mounting *mounting = *state;

	mounting->before = be_a_v2_host;
	mounting->mount.attr_set = MOUNT_ATTR_NOATIME;
	mounting->mount.attr_clear = MOUNT_ATTR__ATIME;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "hosts", "rw,nosuid,nodev,noatime");
}

static void type_cgroup_is_the_same_on_a_host_of_v2(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	mounting->before = be_a_v2_host_with_namespace;
	mounting->mount.type = "cgroup";
	mounting_run(mounting, &mount_cgroup);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "ours", "rw,relatime");
}

static void refused_one_becomes_a_readonly_bind(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	mounting->before = be_a_v2_host_with_users;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "hosts", "ro,nosuid,nodev,relatime");
}

static void readonly_bind_stays_so_where_the_plan_says_rw(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	mounting->before = be_a_v2_host_with_users;
	mounting->mount.attr_clear = MOUNT_ATTR_RDONLY;
	mounting->mount.all_clear = MOUNT_ATTR_RDONLY;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "hosts", "ro,nosuid,nodev,relatime");
}

static void it_goes_over_another_cgroup2(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	mounting->before = mount_below_first;
	mounting->mount.attr_set = MOUNT_ATTR_RDONLY;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error, "");
	assert_seen(mounting, "ours", "ro,relatime");
}

static void bound_one_keeps_the_hosts_options(void **state)
{
	static char option[] = "nsdelegate", *data[] = { option, NULL };
	struct mounting *mounting = *state;

	mounting->before = be_a_v2_host;
	mounting->mount.data = data;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error,
			    "cannot mount /sys/fs/cgroup: option \"nsdelegate\""
			    ": the host's cgroup2 keeps its own (plan item "
			    "/mounts/0)");
}

static void host_without_cgroup2_has_none_to_bind(void **state)
{
	struct mounting *mounting = *state;

	mounting->before = be_a_host_without_cgroups;
	mounting_run(mounting, &mount_cgroup2);

	assert_string_equal(mounting->error,
			    "cannot mount /sys/fs/cgroup: the host has no "
			    "cgroup2 at /sys/fs/cgroup to bind (plan item "
			    "/mounts/0)");
}

static const struct CMUnitTest tests[] = {
	TEST(with_a_namespace_it_is_a_new_mount),
	TEST(without_one_the_hosts_is_bound),
	TEST(bound_one_has_the_plans_attributes_too),
	TEST(readonly_holds_for_all_below_the_bound_one),
	TEST(bound_one_may_be_noatime),
	TEST(type_cgroup_is_the_same_on_a_host_of_v2),
	TEST(refused_one_becomes_a_readonly_bind),
	TEST(readonly_bind_stays_so_where_the_plan_says_rw),
	TEST(it_goes_over_another_cgroup2),
	TEST(bound_one_keeps_the_hosts_options),
	TEST(host_without_cgroup2_has_none_to_bind),
};

int main(void)
{
	return cmocka_run_group_tests_name("cgroup2", tests, NULL, NULL);
}
