/* finalize: what becomes read-only at last, and names */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"

static void root_becomes_read_only(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/hosts", "");

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "readonly": true},
		"mounts": [{"type": "tmpfs", "destination": "/made/for/it"}]));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/"), "ro"));
	assert_int_equal(box_write(box, "/etc/hosts", "x"), EROFS);
	/* what is mounted is another matter, and what was needed was made */
	assert_string_equal(box_mount_options(box, "/made/for/it"),
			    "rw,relatime");
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
	/* the image itself is not */
	assert_int_equal(access(BOX_ROOTFS "/etc/hosts", W_OK), 0);
}

static void shared_root_becomes_read_only(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "readonly": true,
			   "propagation": "rshared"}));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/"), "ro"));
	assert_string_equal(box_propagation(box, "/"), "shared");
}

static void dev_becomes_read_only_with_its_nodes(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev",
		 "options": ["ro", "nosuid", "mode=755"]},
		{"type": "devpts", "destination": "/dev/pts"},
		{"type": "tmpfs", "destination": "/dev/shm"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/dev"),
			    "ro,nosuid,relatime");
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
	assert_string_equal(box_readlink(box, "/dev/ptmx"), "pts/ptmx");
	assert_string_equal(box_mount_options(box, "/dev/shm"),
			    "rw,relatime");
	/* a device is written to all the same */
	assert_int_equal(box_write(box, "/dev/null", "x"), 0);
}

static void dev_becomes_read_only_however_it_is_spelled(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "//dev/./",
		 "options": ["ro"]}]));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/dev"), "ro"));
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
}

static void dev_becomes_read_only_by_the_recursive_option(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev", "options": ["rro"]}]));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/dev"), "ro"));
	assert_string_equal(box_type(box, "/dev/null"), "char 1:3");
}

/* Through the mount that is the container's root by then. */
static int open_for_writing(struct box *box)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/root" BOX_ROOTFS "/etc/hosts",
		 box->pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void hold_open(struct box *box)
{
	int *held = box->context;

	*held = open_for_writing(box);
}

static void root_that_is_written_to_cannot_become_read_only(void **state)
{
	struct box *box = *state;
	autoclose int held = -1;

	box_file(box, "/etc/hosts", "");
	box->hooks = hold_open;
	box->context = &held;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "readonly": true}));

	box_refused(box, "cannot make read-only /: CALL: Resource busy (plan "
		"item /rootfs/readonly)", "mount_setattr", "mount");
	assert_string_equal(box->stage, "finalize");
}

/* As what a hook started and is about to end. */
static void hold_open_for_a_moment(struct box *box)
{
	int held = open_for_writing(box);

	if (fork() == 0) {
		usleep(250000);
		_exit(0);
	}
	close(held);
}

static void root_written_to_for_a_moment_becomes_read_only(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/hosts", "");
	box->hooks = hold_open_for_a_moment;

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "readonly": true}));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/"), "ro"));
}

static void names_are_set(void **state)
{
	struct box *box = *state;
	struct utsname before, after;

	box_program(box, "show");
	uname(&before);

	box_run(box, JSON("hostname": "box", "domainname": "example.org",
			  "process": {"args": ["/bin/show", "names"]}));
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box->output, "hostname box\n"));
	assert_non_null(strstr(box->output, "domainname example.org\n"));
	uname(&after);
	assert_string_equal(after.nodename, before.nodename);
	assert_string_equal(after.domainname, before.domainname);
}

static void name_that_the_plan_lacks_stays(void **state)
{
	struct box *box = *state;
	struct utsname host;
	char line[128];

	box_program(box, "show");
	uname(&host);
	snprintf(line, sizeof(line), "hostname %s\n", host.nodename);

	box_run(box, JSON("domainname": "example.org",
			  "process": {"args": ["/bin/show", "names"]}));
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box->output, line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(root_becomes_read_only),
		BOX_TEST_BOTH(shared_root_becomes_read_only),
		BOX_TEST_BOTH(root_that_is_written_to_cannot_become_read_only),
		BOX_TEST_BOTH(root_written_to_for_a_moment_becomes_read_only),
		BOX_TEST_ALL(dev_becomes_read_only_with_its_nodes),
		BOX_TEST_BOTH(dev_becomes_read_only_however_it_is_spelled),
		BOX_TEST_BOTH(dev_becomes_read_only_by_the_recursive_option),
		BOX_TEST_ALL(names_are_set),
		BOX_TEST_BOTH(name_that_the_plan_lacks_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
