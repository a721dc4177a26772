/* stdstreams: the host's /dev/null becomes the container's own */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "box.h"

/* A descriptor of the target: what it is open on, and how. */
static struct stat stat_of(struct box *box, int fd)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", box->pid, fd);
	assert_int_equal(stat(path, &st), 0);
	return st;
}

static long mode_of(struct box *box, int fd)
{
	char name[64];
	const char *flags;
	long mode = -1;

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	flags = strstr(box_proc(box, name), "flags:");
	assert_non_null(flags);
	assert_int_equal(sscanf(flags, "flags: %lo", &mode), 1);
	return mode & O_ACCMODE;
}

/* Is it the very inode that the container has at /dev/null? */
static bool is_own_null(struct box *box, int fd)
{
	struct stat st = stat_of(box, fd), own = box_stat(box, "/dev/null");

	return st.st_dev == own.st_dev && st.st_ino == own.st_ino;
}

static void null_is_opened_anew_with_its_access_mode(void **state)
{
	struct box *box = *state;

	box->stdio[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	box->stdio[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	box->stdio[2] = open("/dev/null", O_RDWR | O_CLOEXEC);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev"}]));

	assert_string_equal(box->error, "");
	assert_true(is_own_null(box, 0));
	assert_true(is_own_null(box, 1));
	assert_true(is_own_null(box, 2));
	assert_int_equal(mode_of(box, 0), O_RDONLY);
	assert_int_equal(mode_of(box, 1), O_WRONLY);
	assert_int_equal(mode_of(box, 2), O_RDWR);
}

static void other_streams_stay(void **state)
{
	struct box *box = *state;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	box->stdio[0] = ends[0];
	box->stdio[1] = open("/dev/zero", O_RDWR | O_CLOEXEC);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev"}]));

	assert_string_equal(box->error, "");
	assert_true(S_ISFIFO(stat_of(box, 0).st_mode));
	assert_int_equal(stat_of(box, 1).st_rdev, makedev(1, 5));
	assert_false(is_own_null(box, 1));
	assert_true(S_ISREG(stat_of(box, 2).st_mode));
	close(ends[0]);
	close(ends[1]);
}

/* Nothing that the image has may take its place (D04). */
static void file_of_the_image_is_refused(void **state)
{
	struct box *box = *state;

	box_file(box, "/dev/null", "of the image");

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "cannot reopen /dev/null: it is not "
			    "the character device 1:3");
	assert_string_equal(box->stage, "finalize");
}

static void link_of_the_image_is_refused(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/dev/null", "/etc/passwd");

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "cannot reopen /dev/null: openat: "
			    "Symbolic link loop");
}

/* Opened without waiting for a writer. */
static void fifo_of_the_image_is_refused(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/null", S_IFIFO | 0666, 0);

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "cannot reopen /dev/null: it is not "
			    "the character device 1:3");
}

static void stream_stays_where_there_is_no_null(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
	assert_int_equal(stat_of(box, 0).st_rdev, makedev(1, 3));
}

static void stream_stays_where_dev_is_bound(void **state)
{
	struct box *box = *state;

	box_file(box, "/tmp/prepared/null", "of the parent");

	box_run(box, JSON("mounts": [
		{"source": "/tmp/prepared", "destination": "/dev"}]));

	assert_string_equal(box->error, "");
	assert_int_equal(stat_of(box, 0).st_rdev, makedev(1, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(null_is_opened_anew_with_its_access_mode),
		BOX_TEST_BOTH(other_streams_stay),
		BOX_TEST_ALL(file_of_the_image_is_refused),
		BOX_TEST_BOTH(link_of_the_image_is_refused),
		BOX_TEST_BOTH(fifo_of_the_image_is_refused),
		BOX_TEST_BOTH(stream_stays_where_there_is_no_null),
		BOX_TEST_BOTH(stream_stays_where_dev_is_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
