/* cgroup2: a mount of its own, the host's, and what a refusal leads to */

#include <errno.h>
#include <sys/mount.h>

#include "box.h"
#include "own_cgroup.h"

#define WITH_NAMESPACE \
	"\"namespaces\": [\"mount\", \"pid\", \"ipc\", \"uts\", \"cgroup\"], "
#define CGROUP2(...) JSON("mounts": [ \
	{"type": "cgroup2", "source": "ours", \
	 "destination": "/sys/fs/cgroup", "options": [__VA_ARGS__]}])

/*
 * What a host without any v1 has, and so its mount table says.  Not on one
 * that is there already: EBUSY.
 */
static void be_a_v2_host(struct box *box)
{
	must(box, mount("none", HOSTS, "tmpfs", 0, NULL));
	must(box, mount("hosts", HOSTS, "cgroup2", MS_NOSUID | MS_NODEV,
			NULL));
}

static void assert_cgroup2(struct box *box, const char *source,
			   const char *options)
{
	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, HOSTS), "cgroup2");
	assert_string_equal(box_source(box, HOSTS), source);
	assert_string_equal(box_mount_options(box, HOSTS), options);
}

static void with_a_namespace_it_is_a_new_mount(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, WITH_NAMESPACE CGROUP2("ro", "noexec"));

	assert_cgroup2(box, "ours", "ro,noexec,relatime");
}

static void without_one_the_hosts_is_bound(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, CGROUP2());

	assert_cgroup2(box, "hosts", "rw,nosuid,nodev,relatime");
}

static void bound_one_has_the_plans_attributes_too(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, CGROUP2("ro", "noexec", "dev"));

	assert_cgroup2(box, "hosts", "ro,nosuid,noexec,relatime");
}

static void bound_one_may_be_noatime(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, CGROUP2("noatime"));

	assert_cgroup2(box, "hosts", "rw,nosuid,nodev,noatime");
}

/* Which a user namespace has to keep, and "relatime" is in every plan. */
static void bound_one_keeps_the_hosts_atime_mode(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);
	must(box, mount(NULL, HOSTS, NULL, MS_REMOUNT | MS_BIND | MS_NOSUID |
			MS_NODEV | MS_NOATIME, NULL));

	box_run(box, CGROUP2("nosuid", "noexec", "relatime", "ro"));

	assert_cgroup2(box, "hosts", "ro,nosuid,nodev,noexec,noatime");
}

static void readonly_holds_for_all_below_the_bound_one(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);
	must(box, mount(BOX_OUTSIDE "/file", HOSTS "/cgroup.procs", NULL,
			MS_BIND, NULL));

	box_run(box, CGROUP2("ro"));

	assert_cgroup2(box, "hosts", "ro,nosuid,nodev,relatime");
	assert_int_equal(box_write(box, HOSTS "/cgroup.procs", ""), EROFS);
}

static void type_cgroup_is_the_same_on_a_host_of_v2(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, WITH_NAMESPACE JSON("mounts": [
		{"type": "cgroup", "source": "ours",
		 "destination": "/sys/fs/cgroup"}]));

	assert_cgroup2(box, "ours", "rw,relatime");
}

static void refused_one_becomes_a_readonly_bind(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);
	box->before = become_root_of_nobody;

	box_run(box, WITH_NAMESPACE CGROUP2());

	assert_cgroup2(box, "hosts", "ro,nosuid,nodev,relatime");
}

static void refused_one_is_readonly_where_the_plan_says_rw(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);
	box->before = become_root_of_nobody;

	box_run(box, WITH_NAMESPACE CGROUP2("rw"));

	assert_cgroup2(box, "hosts", "ro,nosuid,nodev,relatime");
}

static void it_goes_over_another_cgroup2(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, WITH_NAMESPACE JSON("mounts": [
		{"type": "cgroup2", "source": "below",
		 "destination": "/sys/fs/cgroup"},
		{"type": "cgroup2", "source": "ours",
		 "destination": "/sys/fs/cgroup", "options": ["ro"]}]));

	assert_cgroup2(box, "ours", "ro,relatime");
}

static void bound_one_keeps_the_hosts_options(void **state)
{
	struct box *box = *state;

	be_a_v2_host(box);

	box_run(box, CGROUP2("nsdelegate"));

	assert_string_equal(box->error,
			    "cannot mount /sys/fs/cgroup: option \"nsdelegate\""
			    ": the host's cgroup2 keeps its own (plan item "
			    "/mounts/0)");
}

static void host_without_cgroup2_has_none_to_bind(void **state)
{
	struct box *box = *state;

	must(box, mount("none", HOSTS, "tmpfs", 0, NULL));

	box_run(box, CGROUP2());

	assert_string_equal(box->error,
			    "cannot mount /sys/fs/cgroup: the host has no "
			    "cgroup2 at /sys/fs/cgroup to bind (plan item "
			    "/mounts/0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(with_a_namespace_it_is_a_new_mount),
		BOX_TEST(without_one_the_hosts_is_bound),
		BOX_TEST(bound_one_has_the_plans_attributes_too),
		BOX_TEST(bound_one_may_be_noatime),
		BOX_TEST_ALL(bound_one_keeps_the_hosts_atime_mode),
		BOX_TEST(readonly_holds_for_all_below_the_bound_one),
		BOX_TEST(type_cgroup_is_the_same_on_a_host_of_v2),
		BOX_TEST(refused_one_becomes_a_readonly_bind),
		BOX_TEST(refused_one_is_readonly_where_the_plan_says_rw),
		BOX_TEST(it_goes_over_another_cgroup2),
		BOX_TEST(bound_one_keeps_the_hosts_options),
		BOX_TEST(host_without_cgroup2_has_none_to_bind),
	};

	return cmocka_run_group_tests_name("cgroup2", tests, NULL, NULL);
}
