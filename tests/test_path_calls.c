/*
 * path_calls: which paths the shim has the kernel look up, from where, and how
 * confined; by watching each call of whole runs.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "calls.h"
#include "kernel/abi.h"
#include "lacking.h"
#include "path_rules.h"

static struct calls calls = { .look = path_rules_look };

static int tracer_open(void **state)
{
	(void)state;
	return calls_open(&calls);
}

static int tracer_close(void **state)
{
	(void)state;
	calls_close(&calls);
	return 0;
}

static void be_watched(struct box *box)
{
	(void)box;
	calls_begin(&calls);
}

static void be_watched_without_openat2(struct box *box)
{
	be_watched(box);
	if (!lacking(NR_OPENAT2, ENOSYS))
		_exit(1);
}

/* All that has to do with paths, and links wherever one can be. */
static void make_rootfs(struct box *box)
{
	box_dir(box, "/proc", 0755);
	box_dir(box, "/sys", 0755);
	box_dir(box, "/real", 0755);
	box_file(box, "/real/file", "text");
	box_symlink(box, "/absolute", "/real");
	box_symlink(box, "/relative", "../real/../real");
	box_symlink(box, "/dangling", "/missing/deep");
	box_symlink(box, "/dev", "real/dev");
	box_dir(box, "/copied/dir", 0700);
	box_file(box, "/copied/dir/file", "text");
	box_symlink(box, "/copied/link", "/absolute");
}

static void run_watched(struct box *box, void (*before)(struct box *box))
{
	long counted;

	make_rootfs(box);
	box->before = before;
	box_run(box, JSON(
		"hostname": "watched",
		"mounts": [
			{"destination": "/proc", "type": "proc"},
			{"destination": "/dev", "type": "tmpfs",
			 "options": ["mode=755", "ro"]},
			{"destination": "/dev/shm", "type": "tmpfs"},
			{"destination": "/absolute/new", "type": "bind",
			 "source": "/tmp/outside/dir", "options": ["ro"]},
			{"destination": "/relative/../relative/new/file",
			 "source": "/tmp/outside/file", "type": "bind"},
			{"destination": "/dangling", "type": "tmpfs"},
			{"destination": "/copied", "type": "tmpfs",
			 "options": ["tmpcopyup"]}],
		"devices": [
			{"path": "/dev/null", "type": "c", "major": 1,
			 "minor": 3},
			{"path": "/dev/pipe", "type": "p", "uid": 1,
			 "gid": 2}],
		"maskedPaths": ["/absolute/file", "/relative", "/missing/no"],
		"readonlyPaths": ["/copied/link", "/proc/sys"],
		"process": {"args": ["pause"], "env": ["PATH=/sbin:/bin"],
			    "cwd": "/copied/new/cwd"}));
	assert_string_equal(box->error, "");

	counted = calls_counted(&calls);
	if (counted < 0 && errno == EPERM)
		box_skip("ptrace(2) is refused");
	assert_true(counted > 0);
}

static void paths_begin_at_descriptors_and_stay_inside(void **state)
{
	run_watched(*state, be_watched);

	assert_string_equal(calls.finding, "");
}

static void without_openat2_they_are_names_of_directories_held(void **state)
{
	run_watched(*state, be_watched_without_openat2);

	assert_string_equal(calls.finding, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(paths_begin_at_descriptors_and_stay_inside),
		BOX_TEST_BOTH(without_openat2_they_are_names_of_directories_held),
	};

	return cmocka_run_group_tests_name("path_calls", tests, tracer_open,
					   tracer_close);
}
