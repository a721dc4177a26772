/* errors: one of each stage, whole, as parent and person are told it */

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"

/* On stderr it is the same sentence, one line, once. */
static void assert_told(struct box *box)
{
	char line[sizeof(box->error) + 32];

	snprintf(line, sizeof(line), "init-shim: %s\n", box->error);
	assert_string_equal(box->output, line);
}

static void plan_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a"},
		{"type": "tmpfs", "destination": "run"}]));

	assert_string_equal(box->error, "cannot accept the plan: must be an "
		"absolute path, is \"run\" (plan item /mounts/1/destination)");
	assert_string_equal(box->stage, "plan");
	assert_string_equal(box->pointer, "/mounts/1/destination");
	assert_string_equal(box->operation, "");
	assert_string_equal(box->errno_name, "");
	assert_int_equal(box->status, 125);
	assert_told(box);
	assert_string_equal(box_list(box, "/"), "bin");
}

static void root_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("rootfs": {"path": "/tmp/none"}));

	assert_string_equal(box->error, "cannot open the rootfs /tmp/none: "
		"openat: No such file or directory (plan item /rootfs)");
	assert_string_equal(box->stage, "root");
	assert_string_equal(box->pointer, "/rootfs");
	assert_string_equal(box->operation, "openat");
	assert_string_equal(box->path, "/tmp/none");
	assert_string_equal(box->errno_name, "ENOENT");
	assert_int_equal(box->status, 125);
	assert_told(box);
}

static void mount_is_blamed(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "the words are those of a newer mount call");
	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a"},
		{"type": "tmpfs", "destination": "/b",
		 "options": ["size=much"]}]));

	assert_string_equal(box->error, "cannot mount /b: mount: Invalid "
		"argument: tmpfs: Bad value for 'size' (plan item /mounts/1)");
	assert_string_equal(box->stage, "mounts");
	assert_string_equal(box->pointer, "/mounts/1");
	assert_string_equal(box->operation, "mount");
	assert_string_equal(box->path, "/b");
	assert_string_equal(box->errno_name, "EINVAL");
	assert_string_equal(box->kernel, "tmpfs: Bad value for 'size'");
	assert_string_equal(box->hint, "");
	assert_told(box);
}

static void device_is_blamed(void **state)
{
	struct box *box = *state;

	box_dir(box, "/dev/null", 0755);

	box_run(box, "%s", "");

	assert_string_equal(box->error, "cannot make the device /dev/null: "
		"mknodat: File exists: what is there is not the device of the "
		"plan (plan item /devices/0)");
	assert_string_equal(box->stage, "devices");
	assert_told(box);
}

static void hook_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("hooks": {"createContainer": [
		{"path": "/bin/true"},
		{"path": "/bin/sh", "args": ["sh", "-c",
			"cat >/dev/null; echo no network; exit 4"],
		 "env": ["PATH=/usr/bin:/bin"]}]}));

	assert_string_equal(box->stage, "hooks");
	assert_string_equal(box->pointer, "/hooks/createContainer/1");
	assert_non_null(strstr(box->error, "/bin/sh"));
	assert_non_null(strstr(box->error, "exited with 4: no network"));
	assert_int_equal(box->status, 125);
	assert_told(box);
}

static void finalize_is_blamed(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/loop", "loop");

	box_run(box, JSON("maskedPaths": ["/none", "/loop"]));

	assert_string_equal(box->error, "cannot mask /loop: openat: Symbolic "
		"link loop: loop is a symbolic link (plan item "
		"/maskedPaths/1)");
	assert_string_equal(box->stage, "finalize");
	assert_told(box);
}

static void process_is_blamed(void **state)
{
	struct box *box = *state;

	box_file(box, "/file", "");

	box_run(box, JSON("process": {"args": ["/bin/pause"],
				      "cwd": "/file"}));

	assert_string_equal(box->stage, "process");
	assert_string_equal(box->pointer, "/process/cwd");
	assert_string_equal(box->errno_name, "ENOTDIR");
	assert_int_equal(box->status, 125);
	assert_told(box);
}

static void missing_target_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("process": {"args": ["/bin/none"]}));

	assert_string_equal(box->stage, "exec");
	assert_string_equal(box->errno_name, "ENOENT");
	assert_int_equal(box->status, 127);
	assert_told(box);
}

static void target_that_is_no_program_is_blamed(void **state)
{
	struct box *box = *state;

	box_file(box, "/bin/text", "no program");

	box_run(box, JSON("process": {"args": ["/bin/text"]}));

	assert_string_equal(box->stage, "exec");
	assert_string_equal(box->errno_name, "EACCES");
	assert_int_equal(box->status, 126);
	assert_told(box);
}

/* Where the parent lied about the user namespace, or wrote no map. */
static void leave_ids_unmapped(struct box *box)
{
	(void)box;
	if (unshare(CLONE_NEWUSER) < 0)
		_exit(1);
}

static void ids_that_are_not_mapped_are_explained(void **state)
{
	struct box *box = *state;

	box->before = leave_ids_unmapped;
	box_run(box, "%s", "");

	assert_string_equal(box->error, "cannot become root in the user "
		"namespace: setresgid: Invalid argument; write its uid_map and "
		"gid_map before the plan is sent, and before the shim is "
		"executed, or it has no privileges there (plan item "
		"/namespaces)");
	assert_string_equal(box->stage, "root");
}

static void lose_privileges(struct box *box)
{
	(void)box;
	if (setresgid(1000, 1000, 1000) < 0 || setresuid(1000, 1000, 1000) < 0)
		_exit(1);
}

static void missing_privileges_are_blamed(void **state)
{
	struct box *box = *state;

	box->before = lose_privileges;
	box_run(box, "%s", "");

	assert_string_equal(box->error, "cannot set the propagation of /: "
		"mount: Operation not permitted (plan item "
		"/rootfs/propagation)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(plan_is_blamed),
		BOX_TEST(root_is_blamed),
		BOX_TEST_ALL(mount_is_blamed),
		BOX_TEST(device_is_blamed),
		BOX_TEST(hook_is_blamed),
		BOX_TEST(finalize_is_blamed),
		BOX_TEST(process_is_blamed),
		BOX_TEST(missing_target_is_blamed),
		BOX_TEST(target_that_is_no_program_is_blamed),
		BOX_TEST_IN_USERNS(ids_that_are_not_mapped_are_explained),
		BOX_TEST(missing_privileges_are_blamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
