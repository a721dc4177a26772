/* path: what is missing is made inside the root, by either way */

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "seek.h"

static void directories_are_made_on_the_way(void **state)
{
	struct box *box = *state;
	autoclose int made = seek(box, "/a/b/c", PATH_FOLLOW, S_IFDIR | 0700);
	autoclose int again = -1;

	assert_true(made >= 0 && search.made);
	assert_string_equal(search.resolved, "a/b/c");
	assert_int_equal(box_mode(box, "/a"), 0755);
	assert_int_equal(box_mode(box, "/a/b"), 0755);
	assert_int_equal(box_mode(box, "/a/b/c"), 0700);

	again = seek(box, "/a/b/c", PATH_FOLLOW, S_IFDIR | 0755);

	assert_true(again >= 0 && !search.made);
	assert_int_equal(box_mode(box, "/a/b/c"), 0700);
}

static void dots_after_what_was_made_were_there_before(void **state)
{
	struct box *box = *state;
	autoclose int found = seek(box, "/a/new/..", PATH_FOLLOW,
				   S_IFDIR | 0700);

	assert_true(found >= 0 && !search.made);
	assert_string_equal(search.resolved, "a");
	assert_int_equal(box_mode(box, "/a/new"), 0755);
}

static void file_is_made(void **state)
{
	struct box *box = *state;
	autoclose int made = -1, beside = -1, there = -1;

	box_file(box, "/there", "as it was");
	made = seek(box, "/a/file", PATH_FOLLOW, S_IFREG | 0640);

	assert_true(made >= 0 && search.made);
	assert_int_equal(box_mode(box, "/a"), 0755);
	assert_string_equal(box_type(box, "/a/file"), "file");
	assert_int_equal(box_mode(box, "/a/file"), 0640);

	beside = seek(box, "/a/beside", PATH_FOLLOW, S_IFREG | 0640);
	assert_true(beside >= 0 && search.made);

	there = seek(box, "/there", PATH_FOLLOW, S_IFREG | 0640);
	assert_true(there >= 0 && !search.made);
	assert_string_equal(box_read(box, "/there"), "as it was");
	assert_int_equal(box_mode(box, "/there"), 0644);
}

static void what_is_in_the_way_stays_as_it_is(void **state)
{
	struct box *box = *state;
	autoclose int found = -1;

	box_file(box, "/file", "as it was");
	found = seek(box, "/file", PATH_FOLLOW, S_IFDIR | 0755);

	assert_true(found >= 0 && !search.made);
	assert_string_equal(box_type(box, "/file"), "file");
	assert_int_equal(seek(box, "/file/dir", PATH_FOLLOW, S_IFDIR | 0755),
			 -1);
	assert_int_equal(search_failure.error, ENOTDIR);
}

static void what_a_dangling_link_names_is_made_inside(void **state)
{
	struct box *box = *state;
	autoclose int absolute = -1, climbing = -1;

	box_symlink(box, "/absolute", BOX_OUTSIDE "/new");
	box_symlink(box, "/climbing", "../../../other/new");
	absolute = seek(box, "/absolute/dir", PATH_FOLLOW, S_IFDIR | 0755);
	climbing = seek(box, "/climbing", PATH_FOLLOW, S_IFREG | 0644);

	assert_true(absolute >= 0 && climbing >= 0);
	assert_int_equal(access(BOX_OUTSIDE "/new", F_OK), -1);
	assert_int_equal(access(BOX_ROOTFS "/tmp/outside/new/dir", F_OK), 0);
	assert_string_equal(box_type(box, "/other/new"), "file");
}

static void last_link_that_is_kept_is_nothing_to_make(void **state)
{
	struct box *box = *state;
	autoclose int found = -1;

	box_symlink(box, "/dangling", "/new");
	found = seek(box, "/dangling", PATH_KEEP_LAST, S_IFREG | 0644);

	assert_true(found >= 0 && !search.made);
	assert_false(box_exists(box, "/new"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEEK_BOTH(directories_are_made_on_the_way),
		SEEK_BOTH(dots_after_what_was_made_were_there_before),
		SEEK_BOTH(file_is_made),
		SEEK_BOTH(what_is_in_the_way_stays_as_it_is),
		SEEK_BOTH(what_a_dangling_link_names_is_made_inside),
		SEEK_BOTH(last_link_that_is_kept_is_nothing_to_make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
