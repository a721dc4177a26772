/*
 * stage: what is done instead of detached mounts leaves no trace, is seen by
 * nobody, and reaches every mount of a tree.  On the kernels of meson.build;
 * on one that lacks nothing these hold by themselves.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "box.h"

/* A plan that needs whatever a stage is for. */
#define ALL_OF_IT JSON( \
	"mounts": [ \
		{"type": "proc", "destination": "/proc"}, \
		{"type": "tmpfs", "destination": "/dev"}, \
		{"type": "tmpfs", "destination": "/etc", \
		 "options": ["tmpcopyup", "ro"]}, \
		{"source": "/tmp", "destination": "/host", \
		 "options": ["rbind", "ro"]}, \
		{"source": "/tmp/outside/file", "destination": "/file", \
		 "options": ["bind", "ro", "private"]}], \
	"maskedPaths": ["/secret", "/secrets", "/proc/kcore"], \
	"readonlyPaths": ["/readonly", "/proc/sys"])

static void prepare(struct box *box)
{
	box_file(box, "/etc/file", "of the image");
	box_file(box, "/secret", "secret");
	box_dir(box, "/secrets", 0755);
	box_dir(box, "/readonly", 0755);
}

static void nothing_of_it_is_left(void **state)
{
	struct box *box = *state;

	prepare(box);

	box_run(box, ALL_OF_IT);

	assert_string_equal(box->error, "");
	assert_null(strstr(box_mountinfo(box, box->pid), " stage "));
	assert_string_equal(box_fstype(box, "/"), box_fstype(box, "/readonly"));
	assert_string_equal(box_read(box, "/etc/file"), "of the image");
	assert_string_equal(box_read(box, "/secret"), "");
	assert_string_equal(box_list(box, "/secrets"), "");
	assert_int_equal(box_write(box, "/file", "text"), EROFS);
}

static void nothing_of_it_is_left_after_a_move(void **state)
{
	struct box *box = *state;

	prepare(box);

	box_run(box, JSON("rootfs": {"path": "/tmp/rootfs", "switch": "move"},
			  "readonlyPaths": ["/readonly"],
			  "maskedPaths": ["/secret"]));

	assert_string_equal(box->error, "");
	assert_null(strstr(box_mountinfo(box, box->pid), " stage "));
	assert_int_equal(box_write(box, "/readonly", ""), EISDIR);
	assert_true(box_has(box_mount_options(box, "/readonly"), "ro"));
	assert_string_equal(box_read(box, "/secret"), "");
}

/* By its path, as hooks of the parent do that mount something in. */
static void look_by_path(struct box *box)
{
	char path[64], text[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/root/tmp/rootfs/etc/file",
		 box->pid);
	file = fopen(path, "re");
	if (file && fgets(text, sizeof(text), file))
		fclose(file);
	*(bool *)box->context = strcmp(text, "of the image") == 0;
}

static void hooks_find_the_rootfs_in_its_place(void **state)
{
	struct box *box = *state;
	bool found = false;

	prepare(box);
	box->hooks = look_by_path;
	box->context = &found;

	box_run(box, ALL_OF_IT);

	assert_string_equal(box->error, "");
	assert_true(found);
}

/* Deep, behind a name with a space, on a file, covered, covering. */
static void every_mount_of_a_tree_is_reached(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "a", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/deep down/here", 0755);
	box_file(box, "/tmp/volume/file", "");
	box_mount(box, "b", "/tmp/volume/deep down", "tmpfs", MS_NOEXEC, NULL);
	box_dir(box, "/tmp/volume/deep down/here", 0755);
	box_mount(box, "c", "/tmp/volume/deep down/here", "tmpfs", 0, NULL);
	box_mount(box, BOX_OUTSIDE "/file", "/tmp/volume/file", NULL, MS_BIND,
		  NULL);
	box_dir(box, "/tmp/volume/twice/below", 0755);
	box_mount(box, "d", "/tmp/volume/twice/below", "tmpfs", 0, NULL);
	box_mount(box, "e", "/tmp/volume/twice", "tmpfs", 0, NULL);
	box_mount(box, "f", "/tmp/volume/twice", "tmpfs", 0, NULL);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/data",
		 "options": ["rbind", "rro", "rnosuid"]}]));

	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/data/file", "text"), EROFS);
	assert_string_equal(box_mount_options(box, "/data"),
			    "ro,nosuid,relatime");
	assert_string_equal(box_mount_options(box, "/data/deep down"),
			    "ro,nosuid,noexec,relatime");
	assert_string_equal(box_mount_options(box, "/data/deep down/here"),
			    "ro,nosuid,relatime");
	assert_string_equal(box_source(box, "/data/twice"), "f");
	assert_string_equal(box_mount_options(box, "/data/twice"),
			    "ro,nosuid,relatime");
}

/* A host has them: /var/lib/docker, /root, the runtime directories of users. */
static void mounts_out_of_reach_are_not_in_the_way(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/private/mount", 0755);
	box_mount(box, "private", "/tmp/private/mount", "tmpfs", 0, NULL);
	box_chmod(box, "/tmp/private", 0700);
	box_chown(box, "/tmp/private", 0, 0);
	prepare(box);

	box_run(box, JSON("readonlyPaths": ["/readonly"]));

	assert_string_equal(box->error, "");
	assert_true(box_has(box_mount_options(box, "/readonly"), "ro"));
}

static void allow_few_descriptors(struct box *box)
{
	struct rlimit few = { 64, 64 };

	(void)box;
	if (setrlimit(RLIMIT_NOFILE, &few) < 0)
		_exit(1);
}

static void many_mounts_need_no_more_than_one(void **state)
{
	struct box *box = *state;
	char *plan;
	size_t length, i;
	FILE *to = open_memstream(&plan, &length);

	for (i = 0; i < 300; i++)
		fprintf(to, "%s{\"source\": \"/tmp/outside/dir\", "
			"\"destination\": \"/%zu\", \"options\": [\"bind\", "
			"\"ro\"]}", i ? ", " : "", i);
	fclose(to);
	box->before = allow_few_descriptors;

	box_run(box, "\"mounts\": [%s]", plan);
	free(plan);

	assert_string_equal(box->error, "");
	assert_int_equal(box_write(box, "/299/file", "text"), EROFS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(nothing_of_it_is_left),
		BOX_TEST(nothing_of_it_is_left_after_a_move),
		BOX_TEST_BOTH(hooks_find_the_rootfs_in_its_place),
		BOX_TEST(every_mount_of_a_tree_is_reached),
		BOX_TEST_IN_USERNS(mounts_out_of_reach_are_not_in_the_way),
		BOX_TEST(many_mounts_need_no_more_than_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
