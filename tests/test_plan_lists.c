/* plan_lists: devices, paths, kernel parameters, commands, state */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "plan_text.h"

static void without_devices_there_are_the_six_of_oci(void **state)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} six[] = {
		{ "/dev/null", 1, 3 },
		{ "/dev/zero", 1, 5 },
		{ "/dev/full", 1, 7 },
		{ "/dev/random", 1, 8 },
		{ "/dev/urandom", 1, 9 },
		{ "/dev/tty", 5, 0 },
	};
	const struct plan *plan = plan_of(PLAN("x-": 0));
	size_t i;

	(void)state;
	assert_int_equal(plan->device_count, 6);
	for (i = 0; i < 6; i++) {
		assert_string_equal(plan->devices[i].path, six[i].path);
		assert_int_equal(plan->devices[i].rdev,
				 makedev(six[i].major, six[i].minor));
		assert_int_equal(plan->devices[i].type, S_IFCHR);
		assert_int_equal(plan->devices[i].mode, 0666);
		assert_int_equal(plan->devices[i].uid, 0);
		assert_int_equal(plan->devices[i].gid, 0);
	}
}

static void an_empty_list_of_devices_is_none(void **state)
{
	(void)state;
	assert_int_equal(plan_of(PLAN("devices": []))->device_count, 0);
}

static void devices_are_read(void **state)
{
	const struct plan *plan = plan_of(PLAN("devices": [
		{"path": "/dev/a", "type": "c", "major": 4095,
		 "minor": 1048575, "fileMode": 4095, "uid": 4294967294,
		 "gid": 1},
		{"minor": 2, "major": 1, "path": "/dev/b", "type": "u"},
		{"path": "/dev/c", "type": "b", "major": 8, "minor": 0,
		 "fileMode": 0},
		{"path": "/dev/d", "type": "p"},
		{"path": "/dev/e", "type": "p", "major": 7, "minor": 7}]));
	const struct device *device = plan->devices;

	(void)state;
	assert_int_equal(plan->device_count, 5);
	assert_string_equal(device[0].path, "/dev/a");
	assert_int_equal(device[0].type, S_IFCHR);
	assert_int_equal(device[0].rdev, makedev(4095, 1048575));
	assert_int_equal(device[0].mode, 07777);
	assert_int_equal(device[0].uid, 4294967294u);
	assert_int_equal(device[0].gid, 1);
	assert_int_equal(device[1].type, S_IFCHR);
	assert_int_equal(device[1].rdev, makedev(1, 2));
	assert_int_equal(device[1].mode, 0666);
	assert_int_equal(device[2].type, S_IFBLK);
	assert_int_equal(device[2].mode, 0);
	assert_int_equal(device[3].type, S_IFIFO);
	assert_int_equal(device[4].rdev, 0);
}

static void lists_of_paths_end_with_null(void **state)
{
	const struct plan *plan = plan_of(PLAN(
		"maskedPaths": ["/proc/kcore", "/proc/keys"],
		"readonlyPaths": ["/proc/sys"], "mountLabel": "a:b:c:s0"));

	(void)state;
	assert_int_equal(plan->masked_paths.count, 2);
	assert_string_equal(plan->masked_paths.items[1], "/proc/keys");
	assert_null(plan->masked_paths.items[2]);
	assert_int_equal(plan->readonly_paths.count, 1);
	assert_string_equal(plan->readonly_paths.items[0], "/proc/sys");
	assert_string_equal(plan->mount_label, "a:b:c:s0");
}

static void sysctl_names_become_paths(void **state)
{
	static const char *const paths[] = {
		"net/ipv4/ip_forward", "net/ipv4/conf/eth0.100/forwarding",
		"net/ipv4/conf/eth0.101/forwarding", "kernel/shmmax",
		"fs/mqueue/msg_max", "kernel/domainname",
	};
	const struct plan *plan = plan_of(PLAN("sysctl": {
		"net.ipv4.ip_forward": "1",
		"net.ipv4.conf.eth0/100.forwarding": "2",
		"net/ipv4/conf/eth0.101/forwarding": "3",
		"kernel.shmmax": "4",
		"fs/mqueue/msg_max": "",
		"kernel.domainname": "example"}));
	size_t i;

	(void)state;
	assert_int_equal(plan->sysctl_count, 6);
	for (i = 0; i < 6; i++)
		assert_string_equal(plan->sysctls[i].path, paths[i]);
	assert_string_equal(plan->sysctls[1].name,
			    "net.ipv4.conf.eth0/100.forwarding");
	assert_string_equal(plan->sysctls[4].value, "");
}

static void host_names_are_read(void **state)
{
	const struct plan *plan;

	(void)state;
	plan = plan_of(PLAN("domainname": "example.org",
	"hostname":
	"0123456789012345678901234567890123456789012345678901234567890123"));

	assert_int_equal(strlen(plan->hostname), 64);
	assert_string_equal(plan->domainname, "example.org");
}

static void commands_have_defaults(void **state)
{
	const struct plan *plan = plan_of(PLAN("hooks": {
		"createContainer": [{"path": "/bin/a"}, {"path": "/bin/b"}],
		"startContainer": [
			{"path": "/bin/c", "args": ["c", "-d"],
			 "env": ["A=", "B=1=2"], "dir": "/tmp",
			 "timeout": 2147483647}]}));
	const struct command *first = &plan->create_container.items[0];
	const struct command *third = &plan->start_container.items[0];

	(void)state;
	assert_int_equal(plan->create_container.count, 2);
	assert_string_equal(first->path, "/bin/a");
	assert_string_equal(first->args[0], "/bin/a");
	assert_null(first->args[1]);
	assert_null(first->env[0]);
	assert_string_equal(first->dir, "/");
	assert_int_equal(first->timeout, 0);
	assert_string_equal(first[1].args[0], "/bin/b");
	assert_int_equal(plan->start_container.count, 1);
	assert_string_equal(third->args[0], "c");
	assert_string_equal(third->args[1], "-d");
	assert_null(third->args[2]);
	assert_string_equal(third->env[1], "B=1=2");
	assert_string_equal(third->dir, "/tmp");
	assert_int_equal(third->timeout, 2147483647);
}

static void the_state_is_read_with_all_annotations(void **state)
{
	const struct plan *plan = plan_of(PLAN("state": {
		"ociVersion": "1.3.0", "id": "box", "pid": 42,
		"bundle": "/b",
		"annotations": {"x-a": "1", "": "2", "org.b": ""}}));
	const struct state_plan *is = &plan->state;

	(void)state;
	assert_string_equal(is->oci_version, "1.3.0");
	assert_string_equal(is->id, "box");
	assert_string_equal(is->bundle, "/b");
	assert_int_equal(is->pid, 42);
	assert_int_equal(is->annotation_count, 3);
	assert_string_equal(is->annotations[0].key, "x-a");
	assert_string_equal(is->annotations[0].value, "1");
	assert_string_equal(is->annotations[1].key, "");
	assert_string_equal(is->annotations[2].value, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_devices_there_are_the_six_of_oci),
		cmocka_unit_test(an_empty_list_of_devices_is_none),
		cmocka_unit_test(devices_are_read),
		cmocka_unit_test(lists_of_paths_end_with_null),
		cmocka_unit_test(sysctl_names_become_paths),
		cmocka_unit_test(host_names_are_read),
		cmocka_unit_test(commands_have_defaults),
		cmocka_unit_test(the_state_is_read_with_all_annotations),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
