/* cgroup: each hierarchy of v1, anew or bound, in one tmpfs */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "box.h"
#include "own_cgroup.h"

#define WITH_NAMESPACE \
	"\"namespaces\": [\"mount\", \"pid\", \"ipc\", \"uts\", \"cgroup\"], "
#define CGROUP(...) JSON("mounts": [ \
	{"type": "cgroup", "source": "cgroup", \
	 "destination": "/sys/fs/cgroup", "options": [__VA_ARGS__]}])

/* A hierarchy that the host has mounted, by the host's own name of it. */
static bool is_hierarchys(const char *line, char *place, size_t size)
{
	const char *dash = strstr(line, " - ");
	char type[32];

	if (!dash || sscanf(dash, " - %31s", type) != 1 ||
	    strcmp(type, "cgroup") != 0)
		return false;
	line = strstr(line, " " HOSTS "/");
	if (!line || line > dash)
		return false;
	snprintf(place, size, "%.*s", (int)strcspn(line + 1, " "), line + 1);
	return true;
}

static void assert_each_has(struct box *box, const char *options)
{
	char *table = strdup(box_mountinfo(box, 0)), *rest = table, *line;
	char place[512];

	while ((line = strsep(&rest, "\n"))) {
		if (!is_hierarchys(line, place, sizeof(place)))
			continue;
		assert_string_equal(box_fstype(box, place), "cgroup");
		assert_memory_equal(box_mount_options(box, place), options,
				    strlen(options));
	}
	free(table);
}

static void with_a_namespace_each_hierarchy_is_mounted_anew(void **state)
{
	struct box *box = *state;

	box_run(box, WITH_NAMESPACE CGROUP());

	assert_string_equal(box->error, "");
	assert_each_has(box, "rw,nosuid,nodev,noexec,relatime");
	assert_string_equal(box_source(box, HOSTS "/pids"), "cgroup");
	assert_own_is_shown(box);
}

static void without_one_our_own_cgroup_is_bound(void **state)
{
	struct box *box = *state;

	box_run(box, CGROUP());

	assert_string_equal(box->error, "");
	assert_each_has(box, "rw,");
	assert_own_is_shown(box);
}

static void tmpfs_holds_them(void **state)
{
	struct box *box = *state;

	box_run(box, CGROUP());

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, HOSTS), "tmpfs");
	assert_string_equal(box_source(box, HOSTS), "tmpfs");
	assert_string_equal(box_mount_options(box, HOSTS),
			    "rw,nosuid,nodev,noexec,relatime");
	assert_true(box_has(box_super_options(box, HOSTS), "mode=755"));
}

/* A mount comes after what it is mounted on, for all who read the table. */
static void table_tells_the_tmpfs_before_what_it_holds(void **state)
{
	struct box *box = *state;
	const char *first;

	box_run(box, CGROUP());

	assert_string_equal(box->error, "");
	first = strstr(box_mountinfo(box, box->pid), " " HOSTS);
	assert_non_null(first);
	assert_int_equal(first[strlen(" " HOSTS)], ' ');
}

static void tmpfs_keeps_the_mode_of_what_it_covers(void **state)
{
	struct box *box = *state;

	box_dir(box, HOSTS, 0511);

	box_run(box, CGROUP());

	assert_string_equal(box->error, "");
	assert_int_equal(box_mode(box, HOSTS), 0511);
}

static void tmpfs_has_the_propagation_of_the_plan(void **state)
{
	struct box *box = *state;

	box_run(box, CGROUP("rshared"));

	assert_string_equal(box->error, "");
	assert_string_equal(box_propagation(box, HOSTS), "shared");
	assert_true(box_has(box_propagation(box, HOSTS "/pids"), "shared"));
}

static void readonly_holds_for_new_mounts_and_their_tmpfs(void **state)
{
	struct box *box = *state;

	box_run(box, WITH_NAMESPACE CGROUP("ro"));

	assert_string_equal(box->error, "");
	assert_each_has(box, "ro,");
	assert_true(box_has(box_mount_options(box, HOSTS), "ro"));
	assert_int_equal(box_write(box, HOSTS "/pids/cgroup.procs", "0"),
			 EROFS);
}

static void readonly_holds_for_binds_and_all_below(void **state)
{
	struct box *box = *state;

	must(box, mount("none", own.below, "tmpfs", 0, NULL));

	box_run(box, CGROUP("ro"));

	assert_string_equal(box->error, "");
	assert_each_has(box, "ro,");
	assert_true(box_has(box_mount_options(box, HOSTS), "ro"));
	assert_true(box_has(box_mount_options(box, HOSTS "/pids/below"),
			    "ro"));
	assert_int_equal(box_write(box, HOSTS "/pids/cgroup.procs", "0"),
			 EROFS);
}

static void bound_ones_may_be_noatime(void **state)
{
	struct box *box = *state;

	box_run(box, CGROUP("noatime"));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, HOSTS), "noatime"));
	assert_true(box_has(box_mount_options(box, HOSTS "/pids"), "noatime"));
}

static void own_cgroup_is_bound_in_a_user_namespace(void **state)
{
	struct box *box = *state;

	box->before = become_root_of_nobody;

	box_run(box, CGROUP("ro"));

	assert_string_equal(box->error, "");
	assert_each_has(box, "ro,");
	assert_own_is_shown(box);
}

/* The host's hierarchies, bound in its place, would show more than ours. */
static void refused_hierarchy_is_named_and_not_replaced(void **state)
{
	static const char begins[] = "cannot mount /sys/fs/cgroup: fsconfig: "
				     "Operation not permitted: cgroup "
				     "hierarchy ";
	struct box *box = *state;

	box->before = become_root_of_nobody;

	box_run(box, WITH_NAMESPACE CGROUP("ro"));

	assert_memory_equal(box->error, begins, strlen(begins));
}

static void option_of_a_filesystem_is_refused(void **state)
{
	struct box *box = *state;

	box_run(box, CGROUP("xattr"));

	assert_string_equal(box->error,
			    "cannot mount /sys/fs/cgroup: option \"xattr\": "
			    "cgroup v1 takes none (plan item /mounts/0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OWN_CGROUP_TEST(with_a_namespace_each_hierarchy_is_mounted_anew),
		OWN_CGROUP_TEST(without_one_our_own_cgroup_is_bound),
		OWN_CGROUP_TEST(tmpfs_holds_them),
		OWN_CGROUP_TEST(table_tells_the_tmpfs_before_what_it_holds),
		OWN_CGROUP_TEST(tmpfs_keeps_the_mode_of_what_it_covers),
		OWN_CGROUP_TEST(tmpfs_has_the_propagation_of_the_plan),
		OWN_CGROUP_TEST(readonly_holds_for_new_mounts_and_their_tmpfs),
		OWN_CGROUP_TEST(readonly_holds_for_binds_and_all_below),
		OWN_CGROUP_TEST(bound_ones_may_be_noatime),
		OWN_CGROUP_TEST(own_cgroup_is_bound_in_a_user_namespace),
		OWN_CGROUP_TEST(refused_hierarchy_is_named_and_not_replaced),
		OWN_CGROUP_TEST(option_of_a_filesystem_is_refused),
	};

	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
