/* filesystem: others than the kinds, overlay's long lists among them */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "box.h"

static void unknown_filesystem_is_said_to_be_unknown(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "nosuchfs", "destination": "/data"}]));

	assert_string_equal(box->error, "cannot mount /data: mount: No such "
		"device: this kernel has no filesystem \"nosuchfs\" (plan item "
		"/mounts/0)");
	assert_string_equal(box->errno_name, "ENODEV");
}

static void unknown_filesystem_is_said_to_be_so_detached(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "nosuchfs", "destination": "/data",
		 "options": ["private"]}]));

	box_refused(box, "cannot mount /data: CALL: No such device: this "
		"kernel has no filesystem \"nosuchfs\" (plan item /mounts/0)",
		"fsopen", "mount");
}

/* The kernel tells its own log which one, and nobody else. */
static void missing_layer_is_an_error(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "overlay", "destination": "/data",
		 "options": ["lowerdir=/tmp/outside:/tmp/none"]}]));

	assert_string_equal(box->error, "cannot mount /data: mount: No such "
		"file or directory (plan item /mounts/0)");
}

/* Layers /tmp/layers/0 ... each with a file of its own; their list. */
static char *make_layers(struct box *box, const char *name, size_t count)
{
	char path[512], *text = NULL;
	size_t length, i;
	FILE *to = open_memstream(&text, &length);

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/tmp/layers/%zu%s/file%zu", i,
			 name, i);
		box_file(box, path, "of a layer");
		fprintf(to, "%s/tmp/layers/%zu%s", i ? ":" : "", i, name);
	}
	fclose(to);
	return text;
}

static void overlay(struct box *box, const char *layers)
{
	box_dir(box, "/tmp/upper", 0755);
	box_dir(box, "/tmp/work", 0755);

	box_run(box, JSON("mounts": [
		{"type": "overlay", "source": "overlay", "destination": "/data",
		 "options": ["nodev", "lowerdir=%s", "upperdir=/tmp/upper",
			     "workdir=/tmp/work"]}]), layers);

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/data"), "overlay");
	assert_string_equal(box_mount_options(box, "/data"),
			    "rw,nodev,relatime");
	assert_string_equal(box_read(box, "/data/file0"), "of a layer");
}

static void overlay_is_mounted(void **state)
{
	struct box *box = *state;
	char *layers = make_layers(box, "", 2);

	overlay(box, layers);
	free(layers);

	assert_string_equal(box_list(box, "/data"), "file0 file1");
}

/* Longer than fsconfig(2) takes a value, not than mount(2) does. */
static void list_of_layers_over_255_bytes(void **state)
{
	struct box *box = *state;
	char *layers = make_layers(box, "-with-a-name-of-some-length", 20);

	assert_true(strlen(layers) > 255);
	overlay(box, layers);
	free(layers);

	assert_string_equal(box_read(box, "/data/file19"), "of a layer");
}

static void list_of_layers_over_a_page(void **state)
{
	struct box *box = *state;
	char *layers = make_layers(box, "-with-a-name-of-some-length-that-"
				   "makes-the-list-long", 80);

	box_need("fsopen", "mount(2) takes neither a comma nor more than a page");
	assert_true(strlen(layers) > 4096);
	overlay(box, layers);
	free(layers);

	assert_string_equal(box_read(box, "/data/file79"), "of a layer");
}

/* A comma or a colon in a name: mount(2) would take it for the end of one. */
static void layers_with_odd_names(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "mount(2) takes neither a comma nor more than a page");
	box_file(box, "/tmp/layers/a,b/file0", "of a layer");
	box_file(box, "/tmp/layers/c:d/file1", "of a layer");

	overlay(box, "/tmp/layers/a,b:/tmp/layers/c\\\\:d");

	assert_string_equal(box_list(box, "/data"), "file0 file1");
}

static void layers_with_odd_names_in_a_long_list(void **state)
{
	struct box *box = *state;
	char *layers = make_layers(box, "-with,commas-and-so-on", 30);
	char all[4096];

	box_need("fsopen", "mount(2) takes neither a comma nor more than a page");
	box_file(box, "/tmp/layers/c:d/colon", "of a layer");
	snprintf(all, sizeof(all), "%s:/tmp/layers/c\\\\:d", layers);
	free(layers);

	overlay(box, all);

	assert_string_equal(box_read(box, "/data/colon"), "of a layer");
	assert_string_equal(box_read(box, "/data/file29"), "of a layer");
}

static void overlay_without_an_upper_layer_is_read_only(void **state)
{
	struct box *box = *state;
	char *layers = make_layers(box, "", 2);

	box_run(box, JSON("mounts": [
		{"type": "overlay", "destination": "/data",
		 "options": ["ro", "lowerdir=%s"]}]), layers);
	free(layers);

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/data"), "ro,relatime");
	assert_string_equal(box_read(box, "/data/file1"), "of a layer");
}

static void label_is_for_the_filesystem_that_takes_one(void **state)
{
	struct box *box = *state;

	box_need("fsopen", "the words are those of a newer mount call");
	box_run(box, JSON(
		"mountLabel": "system_u:object_r:container_file_t:s0:c1,c2",
		"mounts": [
			{"type": "proc", "destination": "/proc"},
			{"type": "tmpfs", "destination": "/data"}]));

	if (strstr(box_mountinfo(box, 0), " /sys/fs/selinux "))
		box_skip("this host has SELinux, which knows labels");
	/* without SELinux no filesystem knows the option, and it is said */
	assert_string_equal(box->error, "cannot mount /data: mount: Invalid "
		"argument: tmpfs: Unknown parameter 'context' (plan item "
		"/mounts/1)");
}

/* The kernel refuses the option, so the label is tried on what is mounted. */
static void label_of_mqueue_is_set_after_the_mount(void **state)
{
	struct box *box = *state;

	box_run(box, JSON(
		"mountLabel": "system_u:object_r:container_file_t:s0:c1,c2",
		"mounts": [{"type": "mqueue", "destination": "/dev/mqueue"}]));

	if (strstr(box_mountinfo(box, 0), " /sys/fs/selinux "))
		box_skip("this host has SELinux, which knows labels");
	/* and refused again, where nothing knows labels */
	assert_string_equal(box->error, "cannot mount /dev/mqueue: fsetxattr: "
		"Not supported: label "
		"system_u:object_r:container_file_t:s0:c1,c2 (plan item "
		"/mounts/0)");
}

static void filesystem_is_remounted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data",
		 "options": ["nosuid", "size=64k", "mode=755"]},
		{"type": "tmpfs", "destination": "/data",
		 "options": ["remount", "noexec", "size=128k"]}]));

	assert_string_equal(box->error, "");
	/* what it had stays, though mount(2) sets all anew */
	assert_string_equal(box_mount_options(box, "/data"),
			    "rw,nosuid,noexec,relatime");
	assert_true(box_has(box_super_options(box, "/data"), "size=128k"));
	assert_int_equal(box_count(box, "tmpfs"), 2);
}

static void one_mount_is_remounted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/outside", "destination": "/data",
		 "options": ["nosuid"]},
		{"destination": "/data", "options": ["remount", "bind",
						     "ro"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/data"),
			    "ro,nosuid,relatime");
}

static void remount_of_what_is_no_mount_is_refused(void **state)
{
	struct box *box = *state;

	box_dir(box, "/data", 0755);

	box_run(box, JSON("mounts": [
		{"destination": "/data", "options": ["remount", "bind",
						     "ro"]}]));

	box_refused(box, "cannot remount /data: CALL: Invalid argument (plan "
		"item /mounts/0)", "mount_setattr", "mount");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(unknown_filesystem_is_said_to_be_unknown),
		BOX_TEST(unknown_filesystem_is_said_to_be_so_detached),
		BOX_TEST(missing_layer_is_an_error),
		BOX_TEST_ALL(overlay_is_mounted),
		BOX_TEST(list_of_layers_over_255_bytes),
		BOX_TEST(list_of_layers_over_a_page),
		BOX_TEST(layers_with_odd_names),
		BOX_TEST(layers_with_odd_names_in_a_long_list),
		BOX_TEST(overlay_without_an_upper_layer_is_read_only),
		BOX_TEST(label_is_for_the_filesystem_that_takes_one),
		BOX_TEST(label_of_mqueue_is_set_after_the_mount),
		BOX_TEST_ALL(filesystem_is_remounted),
		BOX_TEST_ALL(one_mount_is_remounted),
		BOX_TEST(remount_of_what_is_no_mount_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
