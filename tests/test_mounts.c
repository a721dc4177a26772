/* mounts: each kind stands as the plan has it, in the plan's order */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "box.h"
#include "own_root.h"

static void mounts_are_attached_in_order(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a", "options": ["mode=711"]},
		{"type": "tmpfs", "destination": "/a/b",
		 "options": ["mode=701"]},
		{"source": "/tmp/outside/file", "destination": "/a/b/file"},
		{"type": "tmpfs", "destination": "/c", "options": ["size=64k"]},
		{"type": "tmpfs", "destination": "/c",
		 "options": ["size=128k"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/a/b/file"), "the file outside");
	assert_int_equal(box_mode(box, "/a"), 0711);
	assert_int_equal(box_mode(box, "/a/b"), 0701);
	/* the last one covers */
	assert_true(box_has(box_super_options(box, "/c"), "size=128k"));
	assert_int_equal(box_count(box, "tmpfs"), 6);
}

/*
 * What is made beside the last is not looked up from the root again.  However
 * the directory above is mounted over in between, it is the new one that the
 * next mount goes to.
 */
static void mount_goes_where_the_last_one_covered(void **state)
{
	static const char *const spellings[] = {
		"/dir", "/dir/", "/dir/.", "/./dir", "/other/../dir",
		"/dir/self", "/dir/back", "/link", "/above",
	};
	struct box *box = *state;
	size_t i;

	box_dir(box, "/other", 0755);
	box_dir(box, "/dir", 0755);
	box_symlink(box, "/dir/self", ".");
	box_symlink(box, "/dir/back", "/dir");
	box_symlink(box, "/link", "dir");
	box_symlink(box, "/above", "/other/../dir");
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		box_run(box, JSON("mounts": [
			{"type": "tmpfs", "destination": "/dir/before"},
			{"type": "ramfs", "destination": "%s"},
			{"type": "tmpfs", "destination": "/dir/after"}]),
			spellings[i]);

		assert_string_equal(box->error, "");
		assert_string_equal(box_fstype(box, "/dir"), "ramfs");
		assert_string_equal(box_list(box, "/dir"), "after");
		assert_string_equal(box_fstype(box, "/dir/after"), "tmpfs");
		box_end(box);
		assert_int_equal(rmdir(BOX_ROOTFS "/dir/before"), 0);
	}
}

static void mount_goes_where_a_command_covered(void **state)
{
	struct box *box = *state;

	box_dir(box, "/dir", 0755);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dir/before",
		 "postCommands": [
			{"path": "/bin/sh",
			 "args": ["sh", "-c", "%s"],
			 "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]}]},
		{"type": "tmpfs", "destination": "/dir/after"}]),
		"mount -t ramfs ram /tmp/rootfs/dir");

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/dir"), "ramfs");
	assert_string_equal(box_list(box, "/dir"), "after");
}

static void proc_shows_the_containers_processes(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "proc", "source": "proc", "destination": "/proc",
		 "options": ["nosuid", "noexec", "nodev"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/proc"), "proc");
	assert_string_equal(box_source(box, "/proc"), "proc");
	assert_string_equal(box_mount_options(box, "/proc"),
			    "rw,nosuid,nodev,noexec,relatime");
	assert_string_equal(box_read(box, "/proc/1/comm"), "pause\n");
	assert_int_equal(box_mode(box, "/proc"), 0555);
	/* what is covered was made for it */
	box_end(box);
	assert_int_equal(box_mode(box, "/proc"), 0755);
}

static void proc_options_reach_the_filesystem(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/proc",
		 "options": ["hidepid=invisible", "subset=pid"]}]));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_super_options(box, "/proc"),
			    "hidepid=invisible"));
	assert_true(box_has(box_super_options(box, "/proc"), "subset=pid"));
	assert_false(box_exists(box, "/proc/cpuinfo"));
}

static void proc_of_another_pid_namespace_is_refused(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("namespaces": ["mount", "user"],
			  "mounts": [{"type": "proc",
				      "destination": "/proc"}]));

	assert_string_equal(box->error, "cannot mount /proc: mount: Operation "
		"not permitted; in a user namespace the kernel gives a procfs "
		"only with a pid namespace of its own, and where nothing "
		"covers parts of the one outside (plan item /mounts/0)");
	assert_string_equal(box->errno_name, "EPERM");
}

/* The kernel shows nothing that is hidden outside: mount_too_revealing(). */
static void covers_of_the_procfs_outside_are_named(void **state)
{
	struct box *box = *state;

	if (own_root_was_made)
		box_skip("around this chroot is a procfs that shows all");
	assert_int_equal(mount("/dev/null", "/proc/cpuinfo", NULL, MS_BIND,
			       NULL), 0);
	assert_int_equal(mount("tmpfs", "/proc/fs", "tmpfs", 0, NULL), 0);

	box_run(box, JSON("mounts": [{"type": "proc",
				      "destination": "/proc"}]));

	assert_string_equal(box->error, "cannot mount /proc: mount: Operation "
		"not permitted: covered outside: /proc/cpuinfo, /proc/fs; in a "
		"user namespace the kernel gives a procfs only with a pid "
		"namespace of its own, and where nothing covers parts of the "
		"one outside (plan item /mounts/0)");
}

static void sysfs_is_mounted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"namespaces": ["mount", "pid", "network"],
		"mounts": [
			{"type": "sysfs", "source": "sysfs",
			 "destination": "/sys",
			 "options": ["nosuid", "noexec", "nodev", "ro"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/sys"), "sysfs");
	assert_string_equal(box_mount_options(box, "/sys"),
			    "ro,nosuid,nodev,noexec,relatime");
	assert_string_equal(box_list(box, "/sys/class/net/lo/queues"),
			    "rx-0 tx-0");
	/* a fresh one: nothing of the host's /sys is mounted in it */
	assert_string_equal(box_list(box, "/sys/fs/cgroup"), "");
}

static void sysfs_of_a_foreign_network_is_the_hosts(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "sysfs", "destination": "/sys",
		 "options": ["nosuid", "noexec", "nodev", "ro"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/sys"), "sysfs");
	assert_string_equal(box_mount_options(box, "/sys"),
			    "ro,nosuid,nodev,noexec,relatime");
}

/* What is mounted below comes along, and is restricted as well (D10). */
static void hosts_sysfs_is_read_only_all_the_way_down(void **state)
{
	struct box *box = *state;
	const char *line;
	size_t below = 0;

	box_run(box, JSON("mounts": [
		{"type": "sysfs", "destination": "/sys",
		 "options": ["nosuid", "noexec", "nodev", "ro"]}]));

	assert_string_equal(box->error, "");
	line = box_mountinfo(box, box->pid);
	while ((line = strstr(line, " /sys"))) {
		line += strcspn(line + 1, " ") + 2;
		assert_int_equal(strncmp(line, "ro,nosuid,nodev,noexec", 22),
				 0);
		below++;
	}
	if (below < 2)
		box_skip("nothing is mounted below this host's /sys");
}

static void mqueue_is_mounted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "mqueue", "source": "mqueue",
		 "destination": "/dev/mqueue",
		 "options": ["nosuid", "noexec", "nodev"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/dev/mqueue"), "mqueue");
	assert_string_equal(box_mount_options(box, "/dev/mqueue"),
			    "rw,nosuid,nodev,noexec,relatime");
	/* not that of the directory it covers */
	assert_int_equal(box_mode(box, "/dev/mqueue"), 01777);
}

/* That is for a tmpfs alone: theirs is the kernel's. */
static void what_is_covered_gives_them_no_mode(void **state)
{
	struct box *box = *state;

	box_dir(box, "/proc", 0700);
	box_dir(box, "/sys", 0700);
	box_dir(box, "/dev/mqueue", 0700);

	box_run(box, JSON("mounts": [
		{"type": "proc", "destination": "/proc"},
		{"type": "sysfs", "destination": "/sys", "options": ["ro"]},
		{"type": "mqueue", "destination": "/dev/mqueue"}]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_mode(box, "/proc"), 0555);
	assert_int_equal(box_mode(box, "/sys"), 0555);
	assert_int_equal(box_mode(box, "/dev/mqueue"), 01777);
}

static void devpts_is_an_instance_of_its_own(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev",
		 "options": ["mode=755"]},
		{"type": "devpts", "source": "devpts",
		 "destination": "/dev/pts",
		 "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666",
			     "mode=0620", "gid=5"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/dev/pts"), "devpts");
	assert_string_equal(box_mount_options(box, "/dev/pts"),
			    "rw,nosuid,noexec,relatime");
	assert_string_equal(box_list(box, "/dev/pts"), "ptmx");
	assert_string_equal(box_type(box, "/dev/pts/ptmx"), "char 5:2");
	assert_int_equal(box_mode(box, "/dev/pts/ptmx"), 0666);
}

static void any_other_type_is_mounted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "ramfs", "source": "some", "destination": "/ram",
		 "options": ["nosuid", "mode=711"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/ram"), "ramfs");
	assert_string_equal(box_source(box, "/ram"), "some");
	assert_int_equal(box_mode(box, "/ram"), 0711);
}

static void mounts_without_a_source_have_none(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_source(box, "/a"), "none");
}

static void allow_few_descriptors(struct box *box)
{
	const struct rlimit few = { 256, 256 };

	(void)box;
	if (setrlimit(RLIMIT_NOFILE, &few) < 0)
		_exit(1);
}

static char *many_mounts(size_t count)
{
	char *text = NULL;
	size_t length, i;
	FILE *to = open_memstream(&text, &length);

	fprintf(to, "\"mounts\": [");
	for (i = 0; i < count; i++)
		fprintf(to, "%s{\"source\": \"/tmp/outside/%s\", "
			"\"destination\": \"/many/%zu/there\", "
			"\"options\": [\"%s\"]}", i ? ", " : "",
			i % 2 ? "dir" : "file", i, i % 3 ? "bind" : "ro");
	fprintf(to, "]");
	fclose(to);
	return text;
}

static void two_thousand_mounts_need_few_descriptors(void **state)
{
	struct box *box = *state;
	char *mounts = many_mounts(2000);

	box->before = allow_few_descriptors;
	box_run(box, "%s", mounts);
	free(mounts);

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/many/1998/there"),
			    "the file outside");
	assert_string_equal(box_list(box, "/many/1999/there"), "file");
	assert_string_equal(box_mount_options(box, "/many/1998/there"),
			    "ro,relatime");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(mounts_are_attached_in_order),
		BOX_TEST_ALL(mount_goes_where_the_last_one_covered),
		BOX_TEST(mount_goes_where_a_command_covered),
		BOX_TEST_ALL(proc_shows_the_containers_processes),
		BOX_TEST(proc_options_reach_the_filesystem),
		BOX_TEST_IN_USERNS(proc_of_another_pid_namespace_is_refused),
		BOX_TEST_IN_USERNS(covers_of_the_procfs_outside_are_named),
		BOX_TEST_ALL(sysfs_is_mounted),
		BOX_TEST_IN_USERNS(sysfs_of_a_foreign_network_is_the_hosts),
		BOX_TEST_WITH_ONE_ID(sysfs_of_a_foreign_network_is_the_hosts),
		BOX_TEST_IN_USERNS(hosts_sysfs_is_read_only_all_the_way_down),
		BOX_TEST_ALL(mqueue_is_mounted),
		BOX_TEST_ALL(what_is_covered_gives_them_no_mode),
		BOX_TEST_BOTH(devpts_is_an_instance_of_its_own),
		BOX_TEST(any_other_type_is_mounted),
		BOX_TEST_ALL(mounts_without_a_source_have_none),
		BOX_TEST_ALL(two_thousand_mounts_need_few_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
