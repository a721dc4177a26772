/* propagation: as planned inside, and nothing of it reaches the host */

#include <stdio.h>

#include "box.h"

/* The plan's word, and what the container's mounts are then. */
static const struct {
	const char *word;
	const char *root;
	const char *below;	/* of a mount that was in the rootfs before */
	const char *made;	/* of a mount of the plan, on "/" */
} words[] = {
	{ "private", "private", "shared", "private" },
	{ "rprivate", "private", "private", "private" },
	{ "slave", "private", "shared", "private" },
	{ "rslave", "slave", "slave", "private" },
	{ "shared", "shared", "shared", "private" },
	{ "rshared", "shared", "shared", "shared" },
	{ "unbindable", "unbindable", "shared", "private" },
	{ "runbindable", "unbindable", "unbindable", "unbindable" },
};

static void each_word_is_seen_from_inside(void **state)
{
	struct box *box = *state;
	char seen[512], wanted[512];
	size_t i;

	box_dir(box, "/volume", 0755);
	box_mount(box, "volume", BOX_ROOTFS "/volume", "tmpfs", 0, NULL);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		box_run(box, JSON(
			"rootfs": {"path": "/tmp/rootfs", "propagation": "%s"},
			"mounts": [{"type": "tmpfs", "destination": "/made"}]),
			words[i].word);

		assert_string_equal(box->error, "");
		snprintf(seen, sizeof(seen), "%s: %s %s %s", words[i].word,
			 box_propagation(box, "/"),
			 box_propagation(box, "/volume"),
			 box_propagation(box, "/made"));
		snprintf(wanted, sizeof(wanted), "%s: %s %s %s", words[i].word,
			 words[i].root, words[i].below, words[i].made);
		assert_string_equal(seen, wanted);
		box_end(box);
	}
}

/* What the host mounts later, in a volume that the container has, arrives. */
static void mount_of_the_host_arrives_where_it_is_slave(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/disk", 0755);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/data",
		 "options": ["rbind"]},
		{"source": "/tmp/volume", "destination": "/apart",
		 "options": ["rbind", "rprivate"]}]));
	box_mount(box, "disk", "/tmp/volume/disk", "ramfs", 0, NULL);

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/data/disk"), "ramfs");
	assert_string_equal(box_fstype(box, "/apart/disk"), "");
}

/* However the bind is made: with attributes it is detached at first. */
static void slave_sees_what_is_mounted_later(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/disk", 0755);

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "propagation": "rslave"},
		"mounts": [
			{"source": "/tmp/volume", "destination": "/a",
			 "options": ["rbind", "rslave"]},
			{"source": "/tmp/volume", "destination": "/b",
			 "options": ["bind", "slave"]},
			{"source": "/tmp/volume", "destination": "/c",
			 "options": ["rbind", "ro", "nosuid", "rslave"]},
			{"source": "/tmp/volume", "destination": "/d",
			 "options": ["rbind", "rro"]}]));
	box_mount(box, "disk", "/tmp/volume/disk", "ramfs", 0, NULL);

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/a/disk"), "ramfs");
	assert_string_equal(box_fstype(box, "/b/disk"), "ramfs");
	assert_string_equal(box_fstype(box, "/c/disk"), "ramfs");
	assert_string_equal(box_fstype(box, "/d/disk"), "ramfs");
}

static void mount_of_the_host_does_not_arrive_where_it_is_private(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/disk", 0755);

	box_run(box, JSON(
		"rootfs": {"path": "/tmp/rootfs", "propagation": "rprivate"},
		"mounts": [
			{"source": "/tmp/volume", "destination": "/data",
			 "options": ["rbind"]}]));
	box_mount(box, "disk", "/tmp/volume/disk", "ramfs", 0, NULL);

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/data/disk"), "");
}

/* With each word a plan that mounts, masks and binds; box_run() compares. */
static void nothing_reaches_the_host_with_any_word(void **state)
{
	struct box *box = *state;
	size_t i;

	box_file(box, "/etc/shadow", "");
	box_dir(box, "/etc/ssl", 0755);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		box_run(box, JSON(
			"rootfs": {"path": "/tmp/rootfs", "readonly": true,
				   "propagation": "%s"},
			"mounts": [
				{"type": "proc", "destination": "/proc"},
				{"type": "tmpfs", "destination": "/dev"},
				{"source": "/tmp/outside",
				 "destination": "/data",
				 "options": ["rbind", "ro"]},
				{"type": "tmpfs", "destination": "/run",
				 "options": ["rshared"]},
				{"type": "tmpfs", "destination": "/run/lock"}],
			"maskedPaths": ["/etc/shadow", "/etc/ssl"],
			"readonlyPaths": ["/proc/sys"]), words[i].word);

		assert_string_equal(box->error, "");
		box_end(box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(each_word_is_seen_from_inside),
		BOX_TEST_ALL(mount_of_the_host_arrives_where_it_is_slave),
		BOX_TEST_ALL(slave_sees_what_is_mounted_later),
		BOX_TEST(mount_of_the_host_does_not_arrive_where_it_is_private),
		BOX_TEST_ALL(nothing_reaches_the_host_with_any_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
