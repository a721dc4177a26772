/* plan_faults: what is wrong with a plan is told, with its place, in words */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan_text.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

#define ROOTFS(...) \
	JSON({"version": 1, "process": {"args": ["a"]}, \
	      "namespaces": ["mount"], "rootfs": __VA_ARGS__})

/* No mount namespace of its own. */
#define CHROOT(...) \
	"{\"version\": 1, \"process\": {\"args\": [\"a\"]}, " #__VA_ARGS__ "}"

/* Each is a plan with one fault. */
static const struct bad {
	const char *text;
	const char *pointer;
	const char *message;
} bad[] = {
	/* the plan itself */
	{ "[]", "", "must be an object" },
	{ JSON({"version": 1, "process": {"args": ["a"]}}), "",
	  "lacks \"rootfs\"" },
	{ JSON({"rootfs": {"path": "/r"}, "process": {"args": ["a"]}}), "",
	  "lacks \"version\"" },
	{ JSON({"version": 1, "rootfs": {"path": "/r"}}), "",
	  "lacks \"process\"" },
	{ JSON({"version": 2, "rootfs": {"path": "/r"},
		"process": {"args": ["a"]}}), "/version", "must be 1, is 2" },
	{ JSON({"version": "1", "rootfs": {"path": "/r"},
		"process": {"args": ["a"]}}), "/version",
	  "must be a number, is a string" },
	{ JSON({"version": 1.0, "rootfs": {"path": "/r"},
		"process": {"args": ["a"]}}), "/version",
	  "must be an integer, is 1.0" },
	{ JSON({"version": 1, "rootfs": {"path": "/r"}, "process": []}),
	  "/process", "must be an object, is a list" },
	{ PLAN("mount": []), "/mount",
	  "unknown key, did you mean \"mounts\"?" },
	{ PLAN("Hostname": "a"), "/Hostname",
	  "unknown key, did you mean \"hostname\"?" },
	{ PLAN("ociVersion": "1.0"), "/ociVersion", "unknown key" },
	{ PLAN("X-note": 1), "/X-note", "unknown key" },
	{ PLAN("": 1), "/", "unknown key" },
	{ PLAN("a key of more than thirty-two bytes": 1),
	  "/a key of more than thirty-two bytes", "unknown key" },
	{ PLAN("a/b~c": 1), "/a~1b~0c", "unknown key" },
	{ PLAN("hostname": "a", "hostname": "a"), "/hostname",
	  "must be there once only, is a duplicate key" },
	{ "{\"version\": 1, \"rootfs\": {\"path\": \"/r\"}, "
	  "\"process\": {\"args\": [\"a\"]}, \"x-\": {\"b\": 1, "
	  "\"\\u0062\": 2}}", "/x-/b", "duplicate key" },
	{ "{\"version\": 1, \"rootfs\": {\"path\": \"/r\\u0000\"}}",
	  "/rootfs/path", "a string has no NUL" },
	{ PLAN("x-": 1) " x", "", "nothing may follow the plan" },
	{ PLAN("x-": 0755), "/x-", "a number has no leading zero" },
	/* rootfs */
	{ ROOTFS({}), "/rootfs", "lacks \"path\" or \"fd\"" },
	{ ROOTFS({"path": "/r", "fd": 3}), "/rootfs",
	  "has both \"path\" and \"fd\"" },
	{ ROOTFS("/r"), "/rootfs", "must be an object, is a string" },
	{ ROOTFS({"path": "r"}), "/rootfs/path",
	  "must be an absolute path, is \"r\"" },
	{ ROOTFS({"fd": -1}), "/rootfs/fd", "must be from 0 to 2147483647" },
	{ ROOTFS({"fd": 2147483648}), "/rootfs/fd", "must be from 0 to" },
	{ ROOTFS({"path": "/r", "readOnly": 0}), "/rootfs/readOnly",
	  "unknown key, did you mean \"readonly\"?" },
	{ ROOTFS({"path": "/r", "readonly": null}), "/rootfs/readonly",
	  "must be true or false, is null" },
	{ ROOTFS({"path": "/r", "propagation": "rmaster"}),
	  "/rootfs/propagation", "must be one of private, slave, shared" },
	{ ROOTFS({"path": "/r", "switch": "jump"}), "/rootfs/switch",
	  "must be one of pivot, move, chroot, is \"jump\"" },
	{ ROOTFS({"path": "/r", "switch": "chroot"}), "/rootfs/switch",
	  "\"chroot\" is for plans without \"mount\" in namespaces" },
	/* without a mount namespace */
	{ CHROOT("rootfs": {"path": "/r", "switch": "pivot"}),
	  "/rootfs/switch", "\"pivot\" needs \"mount\" in namespaces" },
	{ CHROOT("rootfs": {"path": "/r", "switch": "move"}),
	  "/rootfs/switch", "\"move\" needs \"mount\" in namespaces" },
	{ CHROOT("rootfs": {"path": "/r", "readonly": true}),
	  "/rootfs/readonly", "or it changes the host's mounts" },
	{ CHROOT("rootfs": {"path": "/r", "propagation": "rslave"}),
	  "/rootfs/propagation", "or it changes the host's mounts" },
	{ CHROOT("rootfs": {"path": "/r"},
		 "mounts": [{"destination": "/a", "type": "tmpfs"}]),
	  "/mounts", "needs \"mount\" in namespaces" },
	{ CHROOT("rootfs": {"path": "/r"}, "maskedPaths": ["/a"]),
	  "/maskedPaths", "needs \"mount\" in namespaces" },
	{ CHROOT("rootfs": {"path": "/r"}, "readonlyPaths": ["/a"]),
	  "/readonlyPaths", "needs \"mount\" in namespaces" },
	/* namespaces */
	{ PLAN("x-": 1, "namespaces": []), "/namespaces", "duplicate key" },
	{ CHROOT("rootfs": {"path": "/r"}, "namespaces": ["mnt"]),
	  "/namespaces/0", "must be one of mount, pid, network, ipc, uts, "
	  "user, cgroup, time, is \"mnt\"" },
	{ CHROOT("rootfs": {"path": "/r"}, "namespaces": ["pid", "pid"]),
	  "/namespaces/1", "must be there once only" },
	{ CHROOT("rootfs": {"path": "/r"}, "namespaces": [{"type": "pid"}]),
	  "/namespaces/0", "must be a string, is an object" },
	{ CHROOT("rootfs": {"path": "/r"}, "namespaces": "pid"),
	  "/namespaces", "must be a list, is a string" },
	/* lists of paths, labels, names */
	{ PLAN("maskedPaths": ["/a", "proc"]), "/maskedPaths/1",
	  "must be an absolute path" },
	{ PLAN("maskedPaths": ["/"]), "/maskedPaths/0",
	  "must not be the root itself" },
	{ PLAN("readonlyPaths": [""]), "/readonlyPaths/0",
	  "must be an absolute path, is empty" },
	{ PLAN("mountLabel": ""), "/mountLabel", "must not be empty" },
	{ PLAN("hostname": ""), "/hostname", "must not be empty" },
	{ PLAN("domainname":
	"01234567890123456789012345678901234567890123456789012345678901234"),
	  "/domainname", "must have at most 64 bytes" },
	{ CHROOT("rootfs": {"path": "/r"}, "hostname": "a"), "/hostname",
	  "needs \"uts\" in namespaces" },
	{ CHROOT("rootfs": {"path": "/r"}, "domainname": "a"),
	  "/domainname", "needs \"uts\" in namespaces" },
	/* devices */
	{ PLAN("devices": [{"type": "p"}]), "/devices/0",
	  "lacks \"path\"" },
	{ PLAN("devices": [{"path": "/dev/a"}]), "/devices/0",
	  "lacks \"type\"" },
	{ PLAN("devices": [{"path": "dev/a", "type": "p"}]),
	  "/devices/0/path", "must be an absolute path" },
	{ PLAN("devices": [{"path": "/", "type": "p"}]),
	  "/devices/0/path", "must not be the root itself" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "d"}]),
	  "/devices/0/type", "must be one of c, u, b, p, is \"d\"" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "c", "minor": 1}]),
	  "/devices/0", "lacks \"major\"" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "b", "major": 1}]),
	  "/devices/0", "lacks \"minor\"" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "c", "major": 4096,
			    "minor": 0}]), "/devices/0/major",
	  "must be from 0 to 4095, is 4096" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "c", "major": 0,
			    "minor": 1048576}]), "/devices/0/minor",
	  "must be from 0 to 1048575, is 1048576" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "p",
			    "fileMode": 4096}]), "/devices/0/fileMode",
	  "must be from 0 to 4095, is 4096" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "p", "uid": -1}]),
	  "/devices/0/uid", "must be from 0 to 4294967294, is -1" },
	{ PLAN("devices": [{"path": "/dev/a", "type": "p"},
			   {"path": "/dev/b", "type": "p"},
			   {"path": "/dev/a", "type": "p"}]), "/devices/2",
	  "must be there once only, its path was there before" },
	/* sysctl */
	{ PLAN("sysctl": []), "/sysctl", "must be an object, is a list" },
	{ PLAN("sysctl": {"net.core.somaxconn": 256}),
	  "/sysctl/net.core.somaxconn", "must be a string, is a number" },
	{ PLAN("sysctl": {"vm.swappiness": "1"}), "/sysctl/vm.swappiness",
	  "\"vm.swappiness\" is the host's: no namespace isolates it" },
	{ PLAN("sysctl": {"kernel/hostname": "a"}),
	  "/sysctl/kernel~1hostname",
	  "\"kernel/hostname\" is set by \"hostname\"" },
	{ PLAN("sysctl": {"kernel.msgmaxx": "1"}), "/sysctl/kernel.msgmaxx",
	  "no namespace isolates it" },
	{ PLAN("sysctl": {"user.max_user_namespaces": "1"}),
	  "/sysctl/user.max_user_namespaces", "no namespace isolates it" },
	{ PLAN("sysctl": {"network.a": "1"}), "/sysctl/network.a",
	  "no namespace isolates it" },
	{ CHROOT("rootfs": {"path": "/r"}, "sysctl": {"kernel.sem": "1"}),
	  "/sysctl/kernel.sem", "\"kernel.sem\" needs \"ipc\"" },
	{ CHROOT("rootfs": {"path": "/r"}, "sysctl": {"net.a": "1"}),
	  "/sysctl/net.a", "\"net.a\" needs \"network\"" },
	{ CHROOT("rootfs": {"path": "/r"},
		 "sysctl": {"kernel.domainname": "a"}),
	  "/sysctl/kernel.domainname", "needs \"uts\"" },
	{ PLAN("sysctl": {"": "1"}), "/sysctl/", "must not be empty" },
	{ PLAN("sysctl": {"net..a": "1"}), "/sysctl/net..a",
	  "must name a file below /proc/sys" },
	{ PLAN("sysctl": {"net.a.": "1"}), "/sysctl/net.a.",
	  "must name a file below /proc/sys" },
	{ PLAN("sysctl": {"/net/a": "1"}), "/sysctl/~1net~1a",
	  "must name a file below /proc/sys" },
	{ PLAN("sysctl": {"net/../vm/swappiness": "1"}),
	  "/sysctl/net~1..~1vm~1swappiness",
	  "must name a file below /proc/sys" },
	{ PLAN("sysctl": {"net.//.vm.swappiness": "1"}),
	  "/sysctl/net.~1~1.vm.swappiness",
	  "must name a file below /proc/sys" },
	{ PLAN("sysctl": {"net.core.somaxconn": "1",
			  "net/core/somaxconn": "2"}),
	  "/sysctl/net~1core~1somaxconn",
	  "another name for it was there before" },
	/* hooks, state, sync */
	{ PLAN("hooks": {"prestart": []}), "/hooks/prestart",
	  "unknown key" },
	{ PLAN("hooks": {"createContainer": {}}), "/hooks/createContainer",
	  "must be a list, is an object" },
	{ PLAN("hooks": {"createContainer": [{"path": "true"}]}),
	  "/hooks/createContainer/0/path", "must be an absolute path" },
	{ PLAN("hooks": {"startContainer": [{"path": "/a", "args": []}]}),
	  "/hooks/startContainer/0/args", "must not be empty" },
	{ PLAN("hooks": {"startContainer": [{"path": "/a", "env": ["A"]}]}),
	  "/hooks/startContainer/0/env/0", "must be KEY=value" },
	{ PLAN("hooks": {"startContainer": [{"path": "/a", "dir": "b"}]}),
	  "/hooks/startContainer/0/dir", "must be an absolute path" },
	{ PLAN("hooks": {"startContainer": [{"path": "/a", "timeout": 0}]}),
	  "/hooks/startContainer/0/timeout",
	  "must be from 1 to 2147483647, is 0" },
	{ PLAN("state": {"status": "created"}), "/state/status",
	  "unknown key" },
	{ PLAN("state": {"pid": -1}), "/state/pid", "must be from 0" },
	{ PLAN("state": {"id": ""}), "/state/id", "must not be empty" },
	{ PLAN("state": {"annotations": {"a": 1}}), "/state/annotations/a",
	  "must be a string, is a number" },
	{ PLAN("state": {"annotations": {"x-a": 1.5}}),
	  "/state/annotations/x-a", "must be a string, is a number" },
	{ PLAN("sync": {"hooks": 1}), "/sync/hooks",
	  "must be true or false" },
	{ PLAN("sync": true), "/sync", "must be an object, is a boolean" },
};

static void a_bad_plan_is_blamed(void **state)
{
	const struct reading *reading;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		reading = reading_of(bad[i].text);
		if (reading->faults.count != 1 ||
		    strcmp(reading->pointer, bad[i].pointer) != 0 ||
		    !strstr(reading->message, bad[i].message))
			fail_msg("%s\nis told: %s", bad[i].text,
				 reading->told);
	}
}

static void all_faults_are_told_at_once(void **state)
{
	(void)state;
	assert_string_equal(reading_of(JSON(
		{"version": 3, "rootfs": {"path": "r", "fd": "x"},
		 "namespaces": ["mount", "net"],
		 "mounts": [{}, {"destination": "/a", "type": "tmpfs"}],
		 "devices": [{"path": "/a", "type": "c", "major": 1}],
		 "hooks": {"createContainer": [{}]}, "foo": 1,
		 "sysctl": {"vm.swappiness": "1"}, "hostname": "a"}))->told,
		"/version: must be 1, is 3\n"
		"/rootfs/path: must be an absolute path, is \"r\"\n"
		"/rootfs/fd: must be a number, is a string\n"
		"/rootfs: has both \"path\" and \"fd\"\n"
		"/namespaces/1: must be one of mount, pid, network, ipc, "
		"uts, user, cgroup, time, is \"net\"\n"
		"/mounts/0: lacks \"destination\"\n"
		"/mounts/0: lacks \"type\", or \"source\" for a bind\n"
		"/devices/0: lacks \"minor\"\n"
		"/hooks/createContainer/0: lacks \"path\"\n"
		"/foo: unknown key\n"
		": lacks \"process\"\n");
}

static void what_depends_on_something_faulty_is_not_told(void **state)
{
	(void)state;
	assert_string_equal(reading_of(JSON(
		{"version": 1, "rootfs": {"path": "/r", "switch": "pivot"},
		 "namespaces": "mount", "hostname": "a",
		 "sysctl": {"net.a": "1"}, "process": {"args": ["a"]},
		 "mounts": [{"destination": "/a", "type": "tmpfs"}]}))->told,
		"/namespaces: must be a list, is a string\n");
}

static void a_duplicate_and_a_wrong_value_are_both_told(void **state)
{
	(void)state;
	assert_string_equal(reading_of(PLAN(
		"hostname": 1, "hostname": "a"))->told,
		"/hostname: must be there once only, is a duplicate key\n"
		"/hostname: must be a string, is a number\n");
}

/* A path of length bytes, with components of so many at most. */
static const char *path_of(size_t length, size_t component)
{
	static char path[8192];
	size_t i;

	for (i = 0; i < length; i++)
		path[i] = i % (component + 1) ? 'a' : '/';
	path[length] = '\0';
	return path;
}

static const char *told_of_path(const char *path)
{
	char text[16384];

	snprintf(text, sizeof(text),
		 MOUNTS({"destination": "%s", "type": "tmpfs"}), path);
	return reading_of(text)->told;
}

static void paths_have_limits(void **state)
{
	(void)state;
	assert_string_equal(told_of_path(path_of(256, 255)), "");
	assert_string_equal(told_of_path(path_of(4095, 255)), "");
	assert_non_null(strstr(told_of_path(path_of(257, 256)),
		"/mounts/0/destination: must have components of at most 255 "
		"bytes, is \"/aaa"));
	assert_non_null(strstr(told_of_path(path_of(4096, 255)),
		"/mounts/0/destination: must be a path of at most 4095 "
		"bytes, is \"/aaa"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_plan_is_blamed),
		cmocka_unit_test(all_faults_are_told_at_once),
		cmocka_unit_test(what_depends_on_something_faulty_is_not_told),
		cmocka_unit_test(a_duplicate_and_a_wrong_value_are_both_told),
		cmocka_unit_test(paths_have_limits),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
