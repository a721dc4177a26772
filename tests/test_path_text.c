/* path: what is told from its spelling, and the short ways to open one */

#include "kernel/path.h"

#include <errno.h>
#include <fcntl.h>

#include "box.h"
#include "fd.h"

static void path_is_split_at_its_last_component(void **state)
{
	char parent[PATH_MAX];

	(void)state;
	assert_string_equal(path_split("/a/b/c", parent), "c");
	assert_string_equal(parent, "/a/b");
	assert_string_equal(path_split("/c", parent), "c");
	assert_string_equal(parent, ".");
	assert_string_equal(path_split("c", parent), "c");
	assert_string_equal(parent, ".");
	assert_string_equal(path_split("/a//c", parent), "c");
	assert_string_equal(parent, "/a/");
	assert_string_equal(path_split("/a/..c", parent), "..c");
}

static void path_without_a_last_name_is_not_split(void **state)
{
	static const char *const paths[] = {
		"/", "", "/a/", "/a/.", "/a/..", ".", "..", "//",
	};
	char parent[PATH_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_null(path_split(paths[i], parent));
}

static void slashes_and_dots_make_no_difference(void **state)
{
	(void)state;
	assert_int_equal(path_compare("/proc", "proc"), PATH_SAME);
	assert_int_equal(path_compare("//proc/", "proc"), PATH_SAME);
	assert_int_equal(path_compare("/./proc/.", "proc"), PATH_SAME);
	assert_int_equal(path_compare("/proc//net/./dev", "proc/net/dev"),
			 PATH_SAME);

	assert_int_equal(path_compare("/proc2", "proc"), PATH_ELSEWHERE);
	assert_int_equal(path_compare("/xproc", "proc"), PATH_ELSEWHERE);
	assert_int_equal(path_compare("/proc/x", "proc"), PATH_BELOW);
	assert_int_equal(path_compare("/a/../proc", "proc"), PATH_ELSEWHERE);
	assert_int_equal(path_compare("/proc/..", "proc"), PATH_BELOW);
	assert_int_equal(path_compare("/", "proc"), PATH_ELSEWHERE);
	assert_int_equal(path_compare("/..proc", "proc"), PATH_ELSEWHERE);
}

static void climbing_is_a_component_of_two_dots(void **state)
{
	(void)state;
	assert_true(path_climbs(".."));
	assert_true(path_climbs("/.."));
	assert_true(path_climbs("/a/../b"));
	assert_true(path_climbs("../a"));
	assert_true(path_climbs("/a..b/.."));

	assert_false(path_climbs("/a..b"));
	assert_false(path_climbs("/..a/b"));
	assert_false(path_climbs("/a../b"));
	assert_false(path_climbs("/a/.../b"));
	assert_false(path_climbs("/a/./b"));
	assert_false(path_climbs("/"));
}

static void what_must_exist_is_opened(void **state)
{
	struct box *box = *state;
	autoclose int root = box_open_path(box, "/", O_PATH);
	autoclose int file = -1, through = -1, dir = -1;
	struct failure why = {0};

	box_file(box, "/run/file", "");
	box_symlink(box, "/var/run", "/run");
	file = path_open(root, "/run/file", 0, &why);
	through = path_open(root, "/var/run/file", 0, &why);
	dir = path_open(root, "/var/run", O_DIRECTORY, &why);

	assert_true(file >= 0 && through >= 0 && dir >= 0);
	assert_int_equal(path_open(root, "/run/none", 0, &why), -1);
	assert_int_equal(why.error, ENOENT);
	assert_false(box_exists(box, "/run/none"));
}

static void directory_that_is_asked_for_must_be_one(void **state)
{
	struct box *box = *state;
	autoclose int root = box_open_path(box, "/", O_PATH);
	struct failure why = {0};

	box_file(box, "/run/file", "");
	box_symlink(box, "/link", "/run/file");

	assert_int_equal(path_open(root, "/run/file", O_DIRECTORY, &why), -1);
	assert_int_equal(why.error, ENOTDIR);
	assert_int_equal(path_open(root, "/link", O_DIRECTORY, &why), -1);
	assert_int_equal(why.error, ENOTDIR);
	assert_int_equal(path_make_dir(root, "/link", 0755, &why), -1);
	assert_int_equal(why.error, ENOTDIR);
}

static void directory_is_made_where_it_is_missing(void **state)
{
	struct box *box = *state;
	autoclose int root = box_open_path(box, "/", O_PATH);
	struct failure why = {0};
	autoclose int made = path_make_dir(root, "/a/b", 0700, &why);
	autoclose int again = path_make_dir(root, "/a/b", 0755, &why);

	assert_true(made >= 0 && again >= 0);
	assert_int_equal(box_mode(box, "/a"), 0755);
	assert_int_equal(box_mode(box, "/a/b"), 0700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_is_split_at_its_last_component),
		cmocka_unit_test(path_without_a_last_name_is_not_split),
		cmocka_unit_test(slashes_and_dots_make_no_difference),
		cmocka_unit_test(climbing_is_a_component_of_two_dots),
		BOX_TEST(what_must_exist_is_opened),
		BOX_TEST(directory_that_is_asked_for_must_be_one),
		BOX_TEST(directory_is_made_where_it_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
