/* userns: all that engines ask for, as root, with many ids and with one */

#include <string.h>

#include "box.h"

/* Without gid=5 of devpts, which is mapped for few. */
#define MOUNTS_OF_ENGINES \
	{"destination": "/proc", "type": "proc", "source": "proc", \
	 "options": ["nosuid", "noexec", "nodev"]}, \
	{"destination": "/dev", "type": "tmpfs", "source": "tmpfs", \
	 "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]}, \
	{"destination": "/dev/pts", "type": "devpts", "source": "devpts", \
	 "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", \
		     "mode=0620"]}, \
	{"destination": "/dev/shm", "type": "tmpfs", "source": "shm", \
	 "options": ["nosuid", "noexec", "nodev", "mode=1777"]}, \
	{"destination": "/dev/mqueue", "type": "mqueue", \
	 "source": "mqueue", "options": ["nosuid", "noexec", "nodev"]}, \
	{"destination": "/sys", "type": "sysfs", "source": "sysfs", \
	 "options": ["nosuid", "noexec", "nodev", "ro"]}, \
	{"destination": "/sys/fs/cgroup", "type": "cgroup", \
	 "source": "cgroup", \
	 "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}

#define LISTED(...) #__VA_ARGS__
#define TEXT(...) LISTED(__VA_ARGS__)

static void run_engines_plan(struct box *box, const char *namespaces)
{
	box_run(box, "%s %s, %s [" TEXT(MOUNTS_OF_ENGINES) "]",
		"\"namespaces\":", namespaces, JSON(
		"rootfs": {"path": "/tmp/rootfs", "readonly": true},
		"hostname": "sample",
		"maskedPaths": ["/proc/keys", "/proc/scsi", "/sys/firmware",
				"/proc/timer_list", "/proc/kcore"],
		"readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/sys"],
		"process": {"args": ["/bin/pause"], "cwd": "/work",
			    "noNewPrivileges": true, "terminal": true,
			    "capabilities": {"bounding": ["CAP_KILL"],
					     "permitted": ["CAP_KILL"],
					     "effective": ["CAP_KILL"]},
			    "rlimits": [{"type": "RLIMIT_NOFILE",
					 "soft": 512, "hard": 512}]},
		"mounts":));
}

static void assert_engines_container(struct box *box)
{
	assert_string_equal(box->error, "");
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
	assert_string_equal(box_type(box, "/dev/tty"), "char 5:0");
	assert_string_equal(box_readlink(box, "/dev/ptmx"), "pts/ptmx");
	assert_string_equal(box_fstype(box, "/dev/pts"), "devpts");
	assert_string_equal(box_fstype(box, "/dev/console"), "devpts");
	assert_string_equal(box_fstype(box, "/dev/mqueue"), "mqueue");
	assert_string_equal(box_read(box, "/proc/keys"), "");
	assert_string_equal(box_read(box, "/proc/1/comm"), "pause\n");
	assert_true(box_has(box_mount_options(box, "/proc/sys"), "ro"));
	assert_true(box_has(box_mount_options(box, "/sys"), "ro"));
	assert_true(box_has(box_mount_options(box, "/sys/fs/cgroup"), "ro"));
	assert_true(box_has(box_mount_options(box, "/"), "ro"));
	/* of its own user namespace all is root's */
	assert_int_equal(box_stat(box, "/dev/shm").st_uid, box->owner);
	assert_int_equal(box_stat(box, "/work").st_uid, box->owner);
	assert_non_null(strstr(box_proc(box, "status"),
			       "CapEff:\t0000000000000020\n"));
	assert_non_null(strstr(box_proc(box, "status"), "Groups:\t \n"));
}

static void plan_of_the_engines_runs(void **state)
{
	struct box *box = *state;

	run_engines_plan(box, box->owner ?
			 JSON(["mount", "pid", "network", "ipc", "uts", "user",
			       "cgroup"]) :
			 JSON(["mount", "pid", "network", "ipc", "uts",
			       "cgroup"]));

	assert_engines_container(box);
}

/* No sysfs and no cgroup of one's own: binds of the host's, read-only. */
static void it_runs_on_the_hosts_network_and_cgroups(void **state)
{
	struct box *box = *state;

	run_engines_plan(box, box->owner ?
			 JSON(["mount", "pid", "ipc", "uts", "user"]) :
			 JSON(["mount", "pid", "ipc", "uts"]));

	assert_engines_container(box);
}

static void id_of_another_is_explained(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "the words are those of a newer mount call");
	box_run(box, JSON("mounts": [
		{"destination": "/dev", "type": "tmpfs"},
		{"destination": "/dev/pts", "type": "devpts",
		 "options": ["newinstance", "gid=5"]}]));

	assert_string_equal(box->error, "cannot mount /dev/pts: mount: "
		"Invalid argument: devpts: Invalid gid '5' (plan item "
		"/mounts/1)");

	box_run(box, JSON("process": {"args": ["/bin/pause"],
				      "user": {"uid": 0, "gid": 7}}));

	assert_string_equal(box->error, "cannot become the group: setresgid: "
		"Invalid argument: gid 7 is not mapped in this user namespace "
		"(plan item /process/user/gid)");
}

/* A group that is asked for and cannot be had is an error (I13). */
static void groups_are_denied_in_words(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("process": {"args": ["/bin/pause"],
				      "user": {"uid": 0, "gid": 0,
					       "additionalGids": [5]}}));

	assert_string_equal(box->pointer, "/process/user/additionalGids");
	assert_string_equal(box->operation, "setgroups");
	assert_string_equal(box->errno_name, "EPERM");
	assert_int_equal(box->status, 125);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(plan_of_the_engines_runs),
		BOX_TEST_ALL(it_runs_on_the_hosts_network_and_cgroups),
		BOX_TEST_WITH_ONE_ID(id_of_another_is_explained),
		BOX_TEST_WITH_ONE_ID(groups_are_denied_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
