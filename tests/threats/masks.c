/* masks: what covers and what is trusted, when the image has another one */

#include "threats.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "control.h"
#include "fd.h"
#include "racer.h"

#define CONTROL_SECONDS 1.0

static bool is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

static void look_at_masks(struct scene *scene, int count)
{
	char path[64];
	struct stat st;
	int n;

	for (n = 0; n < count; n++) {
		snprintf(path, sizeof(path), "/mask%d", n);
		st = box_stat(scene->box, path);
		if (!is_null_device(&st))
			scene_escaped(scene, "a mask is no null device");
	}
	for (n = 0; n <= 2; n++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d",
			 scene->box->pid, n);
		if (stat(path, &st) == 0 && !is_null_device(&st))
			scene_escaped(scene, "a stream is no null device");
	}
}

static void mask_four(struct scene *scene, const char *more)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), n;

	for (n = 0; n <= 2; n++)
		scene->box->stdio[n] = null;
	scene_run(scene, "\"maskedPaths\": [\"/mask0\", \"/mask1\", "
		  "\"/mask2\", \"/mask3\"]%s", more);
	for (n = 0; n <= 2; n++)
		scene->box->stdio[n] = -1;
	close(null);
	if (scene_worked(scene))
		look_at_masks(scene, 4);
}

static void make_masked(struct box *box)
{
	static const char *const paths[] = {
		"/mask0", "/mask1", "/mask2", "/mask3", "/race/evil",
	};
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		box_file(box, paths[i], "evil");
}

/* D01, D04: the null device, and a file, whichever is there. */
static void null_that_is_another(struct scene *scene)
{
	static const unsigned pauses[] = { 0, 20, 50, 500 };
	static const int runs[] = { 4, 25, 250 };
	struct tally *tally = scene->tally;
	long lost = 0;
	size_t i;
	int n;

	make_masked(scene->box);
	box_node(scene->box, "/dev/null", S_IFCHR | 0666, makedev(1, 3));
	for (i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		racer_start(&shapes[SHAPE_NULL], pauses[i]);
		racer_go();
		if (!lost)
			lost = control_run(&step_mask, "", "mask0",
					   CONTROL_SECONDS);
		racer_hold();
		for (n = 0; n < runs[scene->length]; n++)
			mask_four(scene, "");
		racer_stop();
	}
	tally->control += lost;
	tally->races++;
	tally->lost += lost > 0;
}

/* D03, D04: whatever an image may have in the place of a device. */
static void other_things_for_devices(struct scene *scene)
{
	static const char *const names[] = { "null", "zero", "full", "tty" };
	struct box *box = scene->box;
	char path[64], whole[128];
	size_t i;

	make_masked(box);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/dev/%s", names[i]);
		snprintf(whole, sizeof(whole), BOX_ROOTFS "%s", path);
		unlink(whole);
		box_node(box, path, S_IFBLK | 0666, makedev(1, 3));
		mask_four(scene, "");
		unlink(whole);
		box_node(box, path, S_IFCHR | 0666, makedev(1, 9));
		mask_four(scene, "");
		unlink(whole);
		box_symlink(box, path, BOX_OUTSIDE "/device");
		mask_four(scene, "");
		mask_four(scene, ", \"devices\": []");
		unlink(whole);
		box_file(box, path, "evil");
		mask_four(scene, "");
		mask_four(scene, ", \"devices\": []");
		unlink(whole);
	}
}

/* D07: what a bind's source has stays, whatever is asked for. */
static void attributes_of_the_source(struct scene *scene)
{
	static const char *const asked[] = {
		"\"ro\"", "\"rro\"", "\"ro\", \"noexec\"", "\"rbind\"",
	};
	struct box *box = scene->box;
	size_t i;

	box_dir(box, "/tmp/source", 0755);
	box_mount(box, "source", "/tmp/source", "tmpfs",
		  2 | 4 | 8 /* MS_NOSUID, MS_NODEV, MS_NOEXEC */, NULL);
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		scene_run(scene, JSON("mounts": [
			{"type": "bind", "source": "/tmp/source",
			 "destination": "/data", "options": [%s]}]), asked[i]);
		scene_must_work(scene);
		if (!box_has(box_mount_options(box, "/data"), "nosuid") ||
		    !box_has(box_mount_options(box, "/data"), "nodev") ||
		    !box_has(box_mount_options(box, "/data"), "noexec"))
			scene_escaped(scene, "an attribute was taken away");
	}
	if (!box->owner)
		return;
	/* the host's mount is locked in a user namespace: the kernel says no */
	scene_run(scene, JSON("mounts": [
		{"type": "bind", "source": "/tmp/source",
		 "destination": "/data", "options": ["suid"]}]));
	scene_must_refuse(scene, "/data");
}

/* D13: streams and devices of the host are not given to the user. */
static void owners_of_what_is_shared(struct scene *scene)
{
	struct box *box = scene->box;
	struct stat before, after;
	int file = open(BOX_OUTSIDE "/file", O_RDONLY | O_CLOEXEC);

	assert_int_equal(stat("/dev/null", &before), 0);
	box->stdio[0] = file;
	scene_run(scene, JSON("process": {
		"args": ["/bin/pause"], "user": {"uid": 7, "gid": 8}}));
	box->stdio[0] = -1;
	close(file);
	scene_must_work(scene);
	assert_int_equal(stat("/dev/null", &after), 0);
	if (before.st_uid != after.st_uid || before.st_mode != after.st_mode)
		scene_escaped(scene, "the host's null device was given away");
}

const struct threat mask_threats[] = {
	{ "D01", "masks from a null device that is another",
	  null_that_is_another, "test_masks:mask_is_no_file_of_the_image" },
	{ "D03", "other things in the place of devices",
	  other_things_for_devices,
	  "test_devices:other_device_in_its_place_is_refused" },
	{ "D04", "streams, reopened as a null device that is another",
	  null_that_is_another, "test_stdstreams:file_of_the_image_is_refused" },
	{ "D07", "attributes that a bind would lose", attributes_of_the_source,
	  "test_bind:attributes_not_named_come_from_the_source" },
	{ "D13", "owners of what is shared", owners_of_what_is_shared,
	  "test_devices:default_devices_are_the_hosts_in_a_user_namespace" },
	{ .row = NULL },
};
