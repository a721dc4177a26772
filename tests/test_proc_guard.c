/* guard: nothing on or under /proc, however it is spelled, but a few files */

#include <stdio.h>
#include <string.h>

#include "box.h"

#define RULE "only a proc filesystem on /proc itself, and a few files of it, " \
	     "may be mounted over"

#define ON "on /proc"
#define BELOW "below /proc"

/*
 * By the plan's reader, where the spelling alone tells; else when the place is
 * found.  A bind on /proc may be one of a procfs.
 */
static const char *refusing_stage(const char *type, const char *destination,
				  const char *where)
{
	if (strstr(destination, "..") || !strstr(destination, "proc") ||
	    (strcmp(type, "bind") == 0 && strcmp(where, ON) == 0))
		return "mounts";
	return "plan";
}

/* A mount there is refused, with a proc in place and without. */
static void refuse(struct box *box, const char *type, const char *destination,
		   const char *where)
{
	const char *stage = refusing_stage(type, destination, where);
	char sentence[1024];
	int with_proc;

	if (strcmp(stage, "plan") == 0)
		snprintf(sentence, sizeof(sentence), "cannot accept the plan: "
			 "is %s: " RULE " (plan item /mounts/1/destination)",
			 where);
	else
		snprintf(sentence, sizeof(sentence), "cannot mount %s: the "
			 "destination is %s; " RULE " (plan item /mounts/1)",
			 destination, where);
	for (with_proc = 0; with_proc <= 1; with_proc++) {
		box_run(box, JSON("mounts": [
			{"type": "%s", "destination": "%s"},
			{"type": "%s", "source": "/tmp/outside",
			 "destination": "%s"}]),
			with_proc ? "proc" : "tmpfs",
			with_proc ? "/proc" : "/other", type, destination);

		assert_string_equal(box->error, sentence);
		assert_int_equal(box->status, 125);
		assert_string_equal(box->stage, stage);
	}
}

static void nothing_is_mounted_on_proc(void **state)
{
	static const char *const spellings[] = {
		"/proc", "//proc", "/proc/", "/./proc/.", "/a/../proc",
		"/../proc", "/proc/../proc",
	};
	struct box *box = *state;
	size_t i;

	box_dir(box, "/a", 0755);
	box_dir(box, "/proc", 0755);
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		refuse(box, "tmpfs", spellings[i], ON);
		refuse(box, "bind", spellings[i], ON);
	}
	refuse(box, "sysfs", "/proc", ON);
	refuse(box, "mqueue", "/proc", ON);
	refuse(box, "devpts", "/proc", ON);
	refuse(box, "cgroup", "/proc", ON);
	refuse(box, "cgroup2", "/proc", ON);
	refuse(box, "overlay", "/proc", ON);
}

static void nothing_is_mounted_below_proc(void **state)
{
	static const char *const spellings[] = {
		"/proc/sys", "//proc//sys", "/proc/../proc/sys",
		"/proc/./sys/", "/a/../proc/sys",
	};
	struct box *box = *state;
	size_t i;

	box_dir(box, "/a", 0755);
	box_dir(box, "/proc/sys", 0755);
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		refuse(box, "tmpfs", spellings[i], BELOW);
		refuse(box, "bind", spellings[i], BELOW);
		refuse(box, "proc", spellings[i], BELOW);
	}
	box_dir(box, "/proc/sys/kernel", 0755);
	refuse(box, "sysfs", "/proc/sys/kernel", BELOW);
}

static void links_to_proc_are_no_way_around(void **state)
{
	struct box *box = *state;

	box_dir(box, "/proc/sys", 0755);
	box_symlink(box, "/absolute", "/proc");
	box_symlink(box, "/deep/relative", "../proc/sys");
	box_symlink(box, "/twice", "absolute/../absolute/sys");
	box_symlink(box, "/climbing", "../../../../proc/sys");

	refuse(box, "tmpfs", "/absolute", ON);
	refuse(box, "bind", "/absolute", ON);
	refuse(box, "tmpfs", "/absolute/sys", BELOW);
	refuse(box, "bind", "/deep/relative", BELOW);
	refuse(box, "tmpfs", "/deep/relative", BELOW);
	refuse(box, "tmpfs", "/twice", BELOW);
	refuse(box, "bind", "/climbing", BELOW);
}

static void what_only_begins_like_proc_is_free(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/proc2"},
		{"type": "tmpfs", "destination": "/process/sys"},
		{"type": "tmpfs", "destination": "/a/proc"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/proc2"), "tmpfs");
	assert_string_equal(box_fstype(box, "/process/sys"), "tmpfs");
	assert_string_equal(box_fstype(box, "/a/proc"), "tmpfs");
}

static void allowed_files_are_mounted_over(void **state)
{
	static const char *const files[] = {
		"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",
		"/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
		"/proc/net/dev",
	};
	struct box *box = *state;
	size_t i;

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/proc"},
		{"source": "/tmp/outside/file", "destination": "/proc/cpuinfo"},
		{"source": "/tmp/outside/file",
		 "destination": "/proc/diskstats"},
		{"source": "/tmp/outside/file", "destination": "/proc/meminfo"},
		{"source": "/tmp/outside/file", "destination": "/proc/stat"},
		{"source": "/tmp/outside/file", "destination": "/proc/swaps"},
		{"source": "/tmp/outside/file", "destination": "/proc//uptime"},
		{"source": "/tmp/outside/file",
		 "destination": "//proc/./loadavg"}]));

	assert_string_equal(box->error, "");
	for (i = 0; i + 1 < sizeof(files) / sizeof(files[0]); i++)
		assert_string_equal(box_read(box, files[i]),
				    "the file outside");
}

/*
 * "net" is a link to self/net.  The table tells, for who looks the file up
 * makes the kernel forget the mount: proc_net_d_revalidate, Linux 4.20.
 */
static void net_dev_is_mounted_over(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/proc"},
		{"source": "/tmp/outside/file",
		 "destination": "/proc/net/dev"}]));

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box_mountinfo(box, box->pid),
			       " /outside/file /proc/1/net/dev "));
}

static void allowed_file_by_another_way_is_not(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/a", "/proc");
	box_file(box, "/proc/uptime", "");
	box_dir(box, "/proc/sys", 0755);

	refuse(box, "bind", "/a/uptime", BELOW);
	refuse(box, "bind", "/proc/sys/../uptime", BELOW);
}

static void bind_of_a_procfs_on_proc_is_allowed(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "proc", "/tmp/volume", "proc", 0, NULL);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/proc",
		 "options": ["bind"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/proc"), "proc");
}

static void bind_of_a_part_of_a_procfs_on_proc_is_not(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "proc", "/tmp/volume", "proc", 0, NULL);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume/sys", "destination": "/proc"}]));

	assert_string_equal(box->error, "cannot mount /proc: the destination "
			    "is " ON "; " RULE " (plan item /mounts/0)");
}

static void proc_by_a_link_is_refused(void **state)
{
	struct box *box = *state;

	box_dir(box, "/real", 0755);
	box_symlink(box, "/proc", "/real");

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/proc"}]));

	assert_string_equal(box->error, "cannot mount /proc: openat: Symbolic "
		"link loop: proc is a symbolic link (plan item /mounts/0)");
	assert_string_equal(box_list(box, "/real"), "");
}

static void sys_by_a_link_is_refused(void **state)
{
	struct box *box = *state;

	box_dir(box, "/real", 0755);
	box_symlink(box, "/sys", "real");

	box_run(box, JSON("mounts": [
		{"type": "sysfs", "destination": "/sys"}]));

	assert_string_equal(box->error, "cannot mount /sys: openat: Symbolic "
		"link loop: sys is a symbolic link (plan item /mounts/0)");
}

static void proc_on_a_file_is_refused(void **state)
{
	struct box *box = *state;

	box_file(box, "/proc", "");

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/proc"}]));

	assert_string_equal(box->error, "cannot mount /proc: fchdir: Not a "
			    "directory (plan item /mounts/0)");
}

static void proc_elsewhere_is_a_mount_as_any(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/other/proc"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/other/proc"), "proc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(nothing_is_mounted_on_proc),
		BOX_TEST_BOTH(nothing_is_mounted_below_proc),
		BOX_TEST_ALL(links_to_proc_are_no_way_around),
		BOX_TEST_ALL(what_only_begins_like_proc_is_free),
		BOX_TEST_BOTH(allowed_files_are_mounted_over),
		BOX_TEST_BOTH(net_dev_is_mounted_over),
		BOX_TEST_BOTH(allowed_file_by_another_way_is_not),
		BOX_TEST_BOTH(bind_of_a_procfs_on_proc_is_allowed),
		BOX_TEST_BOTH(bind_of_a_part_of_a_procfs_on_proc_is_not),
		BOX_TEST_ALL(proc_by_a_link_is_refused),
		BOX_TEST_BOTH(sys_by_a_link_is_refused),
		BOX_TEST_BOTH(proc_on_a_file_is_refused),
		BOX_TEST_BOTH(proc_elsewhere_is_a_mount_as_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
