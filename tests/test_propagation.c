/* propagation: as planned inside, and nothing of it reaches the host */

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(each_word_is_seen_from_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
