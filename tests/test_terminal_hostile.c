/* terminal_hostile: an image that has laid something in the way */

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "console.h"

#define assert_value(said, key, value) \
	assert_string_equal(console_value(said, key), value)

/* The image's /dev is the container's: no mount covers it. */
static const char *run_in_the_image(struct box *box)
{
	return console_run(box, JSON({"type": "proc",
				      "destination": "/proc"}), "", "");
}

static void assert_covered(struct box *box, const char *said)
{
	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "console", "ours");
	assert_value(said, "console_opens", "yes");
}

#define REFUSED \
	"cannot bind the terminal to /dev/console: move_mount: File exists: " \
	"a link or a directory is in its place (plan item /process/terminal)"

static void link_at_the_console_is_not_followed(void **state)
{
	static const char *const targets[] = {
		"/tmp/outside/file", "../../tmp/outside/file", "nowhere",
		"/tmp/outside/new", "pts/ptmx", "/proc/self/exe",
	};
	struct box *box = *state;
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		box_symlink(box, "/dev/console", targets[i]);
		run_in_the_image(box);
		assert_string_equal(box->error, REFUSED);
		box_end(box);
		unlink(BOX_ROOTFS "/dev/console");
	}
}

static void directory_at_the_console_is_refused(void **state)
{
	struct box *box = *state;

	box_dir(box, "/dev/console", 0755);
	run_in_the_image(box);

	assert_string_equal(box->error, REFUSED);
}

static void file_at_the_console_is_covered_and_keeps_its_text(void **state)
{
	struct box *box = *state;

	box_file(box, "/dev/console", "of the image");
	assert_covered(box, run_in_the_image(box));

	assert_string_equal(box_read(box, "/dev/console"), "of the image");
}

static void fifo_at_the_console_holds_nobody(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/console", S_IFIFO | 0666, 0);
	assert_covered(box, run_in_the_image(box));

	assert_string_equal(box_type(box, "/dev/console"), "fifo");
}

static void device_at_the_console_is_covered(void **state)
{
	struct box *box = *state;

	box_node(box, "/dev/console", S_IFCHR | 0666, makedev(5, 1));
	assert_covered(box, run_in_the_image(box));
}

static void link_for_dev_stays_inside(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/outside", 0755);
	box_symlink(box, "/dev", "/../../tmp/outside");
	assert_covered(box, run_in_the_image(box));

	assert_string_equal(box_type(box, "/tmp/outside/console"), "");
}

static void link_at_pts_is_no_devpts(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/dev/pts", "/tmp/outside/dir");
	assert_covered(box, run_in_the_image(box));
}

static void file_at_pts_is_no_devpts(void **state)
{
	struct box *box = *state;

	box_file(box, "/dev/pts", "no directory");
	assert_covered(box, run_in_the_image(box));
}

/* A name like the real one, and nobody opens it. */
static void ptmx_of_the_image_is_not_opened(void **state)
{
	static const mode_t types[] = { S_IFIFO, S_IFCHR };
	struct box *box = *state;
	size_t i;

	box_file(box, "/dev/pts/0", "no terminal");
	for (i = 0; i < 2; i++) {
		box_node(box, "/dev/pts/ptmx", types[i] | 0666, makedev(1, 5));
		assert_covered(box, run_in_the_image(box));
		unlink(BOX_ROOTFS "/dev/pts/ptmx");
	}
}

/* The plan's devpts lands where the link leads, inside, and is found there. */
static void devpts_behind_a_link_is_the_one(void **state)
{
	struct box *box = *state;
	const char *said;

	box_dir(box, "/srv/pts", 0755);
	box_symlink(box, "/dev/pts", "/srv/pts");
	said = console_run(box, JSON({"type": "proc",
		"destination": "/proc"}, ) DEVPTS, "", "");

	assert_covered(box, said);
	assert_value(said, "fd 0", "tty 136 0:5 0620");
}

/* What covers the ptmx of a devpts is not opened for it. */
static void covered_ptmx_is_refused(void **state)
{
	struct box *box = *state;

	box_node(box, "/tmp/fake", S_IFIFO | 0666, 0);
	console_run(box, USUAL JSON(, {"type": "bind", "source": "/tmp/fake",
				       "destination": "/dev/pts/ptmx"}), "", "");

	assert_string_equal(box->error, "cannot make the terminal: openat2: "
		"Cross-device link: ptmx of its devpts "
		"(plan item /process/terminal)");
}

static const struct CMUnitTest tests[] = {
	BOX_TEST_BOTH(link_at_the_console_is_not_followed),
	BOX_TEST_BOTH(directory_at_the_console_is_refused),
	BOX_TEST_BOTH(file_at_the_console_is_covered_and_keeps_its_text),
	BOX_TEST_BOTH(fifo_at_the_console_holds_nobody),
	BOX_TEST(device_at_the_console_is_covered),
	BOX_TEST_BOTH(link_for_dev_stays_inside),
	BOX_TEST_BOTH(link_at_pts_is_no_devpts),
	BOX_TEST_BOTH(file_at_pts_is_no_devpts),
	BOX_TEST(ptmx_of_the_image_is_not_opened),
	BOX_TEST_BOTH(devpts_behind_a_link_is_the_one),
	BOX_TEST_BOTH(covered_ptmx_is_refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("terminal_hostile", tests, NULL,
					   NULL);
}
