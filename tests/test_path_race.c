/*
 * path: nothing outside is found or made while others rename what is on the
 * way, from the outside of the container.
 *
 * Each race has a control, which finds the file as one does who does not know
 * better, and must lose: where that never happens the race was none.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "seek.h"

#define NR_RENAME_EXCHANGE 2
#define LOST_ENOUGH 5		/* races that the control loses */
#define TRIES 4000
#define SECONDS 5		/* of trying, on a machine that is busy */

/* Rename in a loop until killed; from time to time, wait. */
static pid_t start_racer(void (*rename_once)(void))
{
	pid_t pid = fork();
	unsigned turn;

	assert_true(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (turn = 0;; turn++) {
		rename_once();
		if (turn % 64 == 0)
			usleep(20);
	}
}

static void stop_racer(pid_t racer)
{
	kill(racer, SIGKILL);
	assert_int_equal(waitpid(racer, NULL, 0), racer);
}

static void exchange(void)
{
	syscall(SYS_renameat2, AT_FDCWD, BOX_ROOTFS "/dir", AT_FDCWD,
		BOX_ROOTFS "/link", NR_RENAME_EXCHANGE);
}

/* The directory leaves the rootfs, and comes back. */
static void move_out_and_back(void)
{
	rename(BOX_ROOTFS "/dir/below", BOX_OUTSIDE "/below");
	rename(BOX_OUTSIDE "/below", BOX_ROOTFS "/dir/below");
}

static bool is_outside(int fd)
{
	struct stat found, outside;

	return fd >= 0 && fstat(fd, &found) == 0 &&
	       stat(BOX_OUTSIDE "/file", &outside) == 0 &&
	       found.st_ino == outside.st_ino &&
	       found.st_dev == outside.st_dev;
}

static bool is_late(time_t start)
{
	return time(NULL) - start > SECONDS;
}

/* As the kernel follows a path. */
static int open_whole(const char *path)
{
	char whole[256];

	snprintf(whole, sizeof(whole), BOX_ROOTFS "%s", path);
	return open(whole, O_PATH | O_CLOEXEC);
}

/* By descriptor, but trusting ".." to stay inside. */
static int open_stepwise(const char *path)
{
	const char *climbing = strstr(path, "..");
	char above[256];
	autoclose int dir = -1;

	snprintf(above, sizeof(above), BOX_ROOTFS "%.*s",
		 (int)(climbing - path), path);
	dir = open(above, O_PATH | O_CLOEXEC);
	return dir < 0 ? -1 : openat(dir, climbing, O_PATH | O_CLOEXEC);
}

static bool loses(int (*control)(const char *path), const char *path)
{
	time_t start = time(NULL);
	int lost = 0;

	while (lost < LOST_ENOUGH && !is_late(start)) {
		autoclose int fd = control(path);

		lost += is_outside(fd);
	}
	return lost == LOST_ENOUGH;
}

static void race(struct box *box, void (*rename_once)(void),
		 int (*control)(const char *path), const char *path)
{
	pid_t racer = start_racer(rename_once);
	bool raced = loses(control, path);
	time_t start = time(NULL);
	int outside = 0, found = 0, i;

	for (i = 0; (i < TRIES || !found) && !is_late(start); i++) {
		autoclose int fd = seek(box, path, PATH_FOLLOW, 0);

		outside += is_outside(fd);
		found += fd >= 0;
	}
	stop_racer(racer);
	assert_int_equal(outside, 0);
	assert_true(found > 0);
	if (!raced)
		box_skip("the control did not lose the race");
}

static void directory_that_becomes_an_absolute_link(void **state)
{
	struct box *box = *state;

	box_file(box, "/dir/file", "inside");
	box_symlink(box, "/link", BOX_OUTSIDE);

	race(box, exchange, open_whole, "/dir/file");
}

static void directory_that_becomes_a_relative_link(void **state)
{
	struct box *box = *state;

	box_file(box, "/dir/file", "inside");
	box_symlink(box, "/link", "../outside");

	race(box, exchange, open_whole, "/dir/file");
}

static void directory_above_that_becomes_a_link(void **state)
{
	struct box *box = *state;

	/* dir/deep/file inside is outside/deep/file there */
	box_file(box, "/dir/deep/file", "inside");
	box_symlink(box, "/link", BOX_OUTSIDE);
	assert_int_equal(symlink(".", BOX_OUTSIDE "/deep"), 0);

	race(box, exchange, open_whole, "/dir/deep/file");
}

static void directory_that_is_moved_out_while_dots_are_walked(void **state)
{
	struct box *box = *state;

	box_file(box, "/dir/file", "inside");
	box_dir(box, "/dir/below", 0755);

	race(box, move_out_and_back, open_stepwise,
	     "/dir/below/../file");
}

/* Directories and files are made as well, and none outside. */
static void nothing_is_made_outside(void **state)
{
	struct box *box = *state;
	char *before = box_digest(BOX_OUTSIDE), *after;
	pid_t racer;
	char path[64];
	int made = 0, i;

	box_dir(box, "/dir", 0755);
	box_symlink(box, "/link", BOX_OUTSIDE);
	racer = start_racer(exchange);
	for (i = 0; i < TRIES; i++) {
		snprintf(path, sizeof(path), "/dir/a%d/%s", i / 2,
			 i % 2 ? "file" : "dir");
		autoclose int fd = seek(box, path, PATH_FOLLOW, i % 2 ?
					S_IFREG | 0644 : S_IFDIR | 0755);

		made += fd >= 0 && search.made;
	}
	stop_racer(racer);
	after = box_digest(BOX_OUTSIDE);

	assert_string_equal(after, before);
	assert_true(made > 0);
	free(before);
	free(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEEK_BOTH(directory_that_becomes_an_absolute_link),
		SEEK_BOTH(directory_that_becomes_a_relative_link),
		SEEK_BOTH(directory_above_that_becomes_a_link),
		SEEK_BOTH(directory_that_is_moved_out_while_dots_are_walked),
		SEEK_BOTH(nothing_is_made_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
