/* tmpfs: the mode of what it covers, and its options */

#include "box.h"

static void tmpfs_keeps_the_mode_of_what_it_covers(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run", 01770);

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/run"}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_fstype(box, "/run"), "tmpfs");
	assert_int_equal(box_mode(box, "/run"), 01770);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(tmpfs_keeps_the_mode_of_what_it_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
