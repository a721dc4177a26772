/* cgroup: each hierarchy of v1, anew or bound, in one tmpfs */

#include <errno.h>
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

#include "kernel/abi.h"
#include "mounting.h"
#include "own_cgroup.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, own_cgroup_open, \
					own_cgroup_close)

static void enter_namespace(void)
{
	own_cgroup_enter();
	must(unshare(CLONE_NEWCGROUP));
}

static void mount_below_ours(void)
{
	own_cgroup_enter();
	must(mount("none", own.below, "tmpfs", 0, NULL));
}

static void be_root_of_other_users(void)
{
	own_cgroup_enter();
	mounting_enter_users();
}

static void cover_a_mode(void)
{
	own_cgroup_enter();
	must(mkdir(MOUNTING_ROOT "/sys", 0755));
	must(mkdir(MOUNTING_ROOT "/sys/fs", 0755));
	must(mkdir(MOUNTING_ROOT "/sys/fs/cgroup", 0511));
}

/* Each hierarchy that the host has mounted, by the host's names. */
static void assert_every_one(struct mounting *mounting, const char *options)
{
	const char *line = mounting->table;
	char place[512], type[32];

	for (; *line; line += strcspn(line, "\n") + 1) {
		struct seen *seen;

		if (sscanf(line, "%*s %*s %*s %*s %511s %*s - %31s", place,
			   type) != 2 || strcmp(type, "cgroup") != 0 ||
		    strncmp(place, HOSTS "/", strlen(HOSTS "/")) != 0)
			continue;
		seen = mounting_find(mounting, place);
		assert_string_equal(seen->type, "cgroup");
		assert_memory_equal(seen->options, options, strlen(options));
	}
}

static void assert_readonly(const struct mounting *mounting, const char *path)
{
	errno = 0;
	assert_int_equal(mkdir(mounting_path(mounting, path), 0755), -1);
	assert_int_equal(errno, EROFS);
}

static void with_a_namespace_each_hierarchy_is_mounted_anew(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	own_cgroup_run(mounting, enter_namespace);

	assert_string_equal(mounting->error, "");
	assert_every_one(mounting, "rw,nosuid,nodev,noexec,relatime");
	assert_hierarchy(mounting, "/sys/fs/cgroup/pids", "cgroup", "rw,pids");
	assert_own_is_shown(mounting);
}

static void without_one_our_own_cgroup_is_bound(void **state)
{
	struct mounting *mounting = *state;

	own_cgroup_run(mounting, own_cgroup_enter);

	assert_string_equal(mounting->error, "");
	assert_every_one(mounting, "rw,");
	assert_own_is_shown(mounting);
}

static void tmpfs_holds_them(void **state)
{
	struct mounting *mounting = *state;
	struct seen *seen;

	own_cgroup_run(mounting, own_cgroup_enter);

	assert_string_equal(mounting->error, "");
	seen = mounting_find(mounting, "/sys/fs/cgroup");
	assert_string_equal(seen->type, "tmpfs");
	assert_string_equal(seen->source, "tmpfs");
	assert_string_equal(seen->options, "rw,nosuid,nodev,noexec,relatime");
	assert_non_null(strstr(seen->super, "mode=755"));
}

/* A mount comes after what it is mounted on, for all who read the table. */
static void table_tells_the_tmpfs_before_what_it_holds(void **state)
{
	struct mounting *mounting = *state;
	const char *first;

	own_cgroup_run(mounting, own_cgroup_enter);

	assert_string_equal(mounting->error, "");
	first = strstr(mounting->table, MOUNTING_ROOT "/sys/fs/cgroup");
	assert_non_null(first);
	assert_int_equal(first[strlen(MOUNTING_ROOT "/sys/fs/cgroup")], ' ');
}

static void tmpfs_keeps_the_mode_of_what_it_covers(void **state)
{
	struct mounting *mounting = *state;
	struct stat st;

	own_cgroup_run(mounting, cover_a_mode);

	assert_string_equal(mounting->error, "");
	assert_int_equal(stat(mounting_path(mounting, "/sys/fs/cgroup"), &st),
			 0);
	assert_int_equal(st.st_mode & 07777, 0511);
}

static void readonly_holds_for_new_mounts_and_their_tmpfs(void **state)
{
	struct mounting *mounting = *state;

	mounting->namespaces = CLONE_NEWCGROUP;
	mounting->mount.attr_set = MOUNT_ATTR_RDONLY;
	own_cgroup_run(mounting, enter_namespace);

	assert_string_equal(mounting->error, "");
	assert_every_one(mounting, "ro,");
	assert_readonly(mounting, "/sys/fs/cgroup/new");
	assert_readonly(mounting, "/sys/fs/cgroup/pids/new");
}

static void readonly_holds_for_binds_and_all_below(void **state)
{
	struct mounting *mounting = *state;

	mounting->mount.attr_set = MOUNT_ATTR_RDONLY;
	own_cgroup_run(mounting, mount_below_ours);

	assert_string_equal(mounting->error, "");
	assert_every_one(mounting, "ro,");
	assert_readonly(mounting, "/sys/fs/cgroup/new");
	assert_readonly(mounting, "/sys/fs/cgroup/pids/new");
	assert_readonly(mounting, "/sys/fs/cgroup/pids/below/new");
}

static void own_cgroup_is_bound_in_a_user_namespace(void **state)
{
	struct mounting *mounting = *state;

	mounting->mount.attr_set = MOUNT_ATTR_RDONLY;
	own_cgroup_run(mounting, be_root_of_other_users);

	assert_string_equal(mounting->error, "");
	assert_every_one(mounting, "ro,");
}

static void option_of_a_filesystem_is_refused(void **state)
{
	static char option[] = "xattr", *data[] = { option, NULL };
	struct mounting *mounting = *state;

	mounting->mount.data = data;
	own_cgroup_run(mounting, own_cgroup_enter);

	assert_string_equal(mounting->error,
			    "cannot mount /sys/fs/cgroup: option \"xattr\": "
			    "cgroup v1 takes none (plan item /mounts/0)");
}

static const struct CMUnitTest tests[] = {
	TEST(with_a_namespace_each_hierarchy_is_mounted_anew),
	TEST(without_one_our_own_cgroup_is_bound),
	TEST(tmpfs_holds_them),
	TEST(table_tells_the_tmpfs_before_what_it_holds),
	TEST(tmpfs_keeps_the_mode_of_what_it_covers),
	TEST(readonly_holds_for_new_mounts_and_their_tmpfs),
	TEST(readonly_holds_for_binds_and_all_below),
	TEST(own_cgroup_is_bound_in_a_user_namespace),
	TEST(option_of_a_filesystem_is_refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
