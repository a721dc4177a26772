/* copyup: trees that are large, deep, growing, or more than we may have */

#include "mounts/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "field.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, field_open, field_close)

static int counted;

static int count(const char *path, const struct stat *st, int type,
		 struct FTW *where)
{
	(void)path, (void)st, (void)type, (void)where;
	counted++;
	return 0;
}

static int count_all(const struct field *field, const char *name)
{
	counted = 0;
	must(nftw(field_path(field, name), count, 64, FTW_PHYS));
	return counted - 1;
}

static void ten_thousand_files_are_copied_in_seconds(void **state)
{
	struct field *field = field_of(state);
	struct timespec before, after;
	char name[32];
	int i;

	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "from/some-file-%d", i);
		field_file(field, name, "text", 0644);
	}
	clock_gettime(CLOCK_MONOTONIC, &before);
	field_copy(field);
	clock_gettime(CLOCK_MONOTONIC, &after);

	assert_string_equal(field->error, "");
	assert_int_equal(count_all(field, "to"), 10000);
	assert_true(after.tv_sec - before.tv_sec < 5);
}

static void ten_thousand_directories_are_copied(void **state)
{
	struct field *field = field_of(state);
	char name[32];
	int i;

	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "from/%d", i);
		field_dir(field, name, 0755);
	}
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(count_all(field, "to"), 10000);
}

static void many_hard_links_are_found_again(void **state)
{
	struct field *field = field_of(state);
	char one[32], two[32];
	int i;

	field_dir(field, "from/a", 0755);
	field_dir(field, "from/b", 0755);
	for (i = 0; i < 5000; i++) {
		snprintf(one, sizeof(one), "from/a/%d", i);
		snprintf(two, sizeof(two), "from/b/%d", i);
		field_file(field, one, "text", 0644);
		must(link(field_path(field, one), field_path(field, two)));
	}
	field_copy(field);

	assert_string_equal(field->error, "");
	for (i = 0; i < 5000; i++) {
		snprintf(one, sizeof(one), "to/a/%d", i);
		snprintf(two, sizeof(two), "to/b/%d", i);
		assert_int_equal(field_stat(field, one).st_nlink, 2);
		assert_true(field_stat(field, one).st_ino ==
			    field_stat(field, two).st_ino);
	}
}

static rlim_t limit(int what, rlim_t soft)
{
	struct rlimit now;
	rlim_t before;

	must(getrlimit(what, &now));
	before = now.rlim_cur;
	now.rlim_cur = soft;
	must(setrlimit(what, &now));
	return before;
}

/* As deep as a path can say: two thousand levels. */
static void deepest_tree_needs_few_descriptors_and_little_stack(void **state)
{
	struct field *field = field_of(state);
	rlim_t files, stack;
	int levels;

	field_deep(field, "from", 2040);
	files = limit(RLIMIT_NOFILE, 50);
	stack = limit(RLIMIT_STACK, 3 << 20);
	field_copy(field);
	limit(RLIMIT_STACK, stack);
	limit(RLIMIT_NOFILE, files);

	assert_string_equal(field->error, "");
	fd_close(&(int){ field_deepest(field, "to", &levels) });
	assert_int_equal(levels, 2040);
}

/* What lies beside a directory is found again after it, deep down too. */
static void wide_directory_deep_down_is_whole(void **state)
{
	struct field *field = field_of(state);

	field_deep(field, "from", 40);
	field_wide(field, "from");
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(count_all(field, "to"), count_all(field, "from"));
}

static void deeper_than_a_path_can_say_is_refused(void **state)
{
	struct field *field = field_of(state);

	field_deep(field, "from", 3000);
	field_copy(field);

	assert_int_equal(field->why.error, ENAMETOOLONG);
	assert_non_null(strstr(field->error, "cannot mount /run: openat: "
			       "Filename too long: copying d/d/d/"));
}

static void other_mounts_are_not_entered(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0700);
	field_file(field, "from/dir/own", "own", 0644);
	field_file(field, "from/file", "own", 0644);
	must(mount(field_path(field, "secret"), field_path(field, "from/dir"),
		   NULL, MS_BIND, NULL));
	must(mount(field_path(field, "secret/file"),
		   field_path(field, "from/file"), NULL, MS_BIND, NULL));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_string_equal(field_text(field, "to/dir/own"), "own");
	assert_string_equal(field_text(field, "to/file"), "own");
	assert_int_equal(count_all(field, "to"), 3);
}

/* Between fstat(2) and this, the library's own, a file gets another size. */
static const char *changing;
static off_t changed_size;

ssize_t pread(int fd, void *buffer, size_t size, off_t at)
{
	const struct iovec all = { buffer, size };

	if (changing)
		must(truncate(changing, changed_size));
	return preadv(fd, &all, 1, at);
}

static void copy_while_size_becomes(struct field *field, off_t size)
{
	field_file(field, "from/log", "start", 0644);
	changing = field_path(field, "from/log");
	changed_size = size;
	field_copy(field);
	changing = NULL;
}

static void file_that_grows_is_copied_to_the_size_it_had(void **state)
{
	struct field *field = field_of(state);

	copy_while_size_becomes(field, 1 << 20);

	assert_string_equal(field->error, "");
	assert_string_equal(field_text(field, "to/log"), "start");
	assert_int_equal(field_stat(field, "to/log").st_size, 5);
}

static void file_that_shrinks_is_copied_to_its_end(void **state)
{
	struct field *field = field_of(state);

	copy_while_size_becomes(field, 2);

	assert_string_equal(field->error, "");
	assert_string_equal(field_text(field, "to/log"), "st");
}

static void full_tmpfs_is_named(void **state)
{
	static const char block[1 << 20];
	struct field *field = field_of(state);
	autoclose int fd = -1;

	field_dir(field, "from/dir", 0755);
	fd = (int)must(open(field_path(field, "from/dir/large"),
			    O_WRONLY | O_CREAT, 0644));
	must(write(fd, block, sizeof(block)));
	field->option = "size=512k";
	field_copy(field);

	assert_string_equal(field->error, "cannot mount /run: pwrite: "
		"No space left on device: copying dir/large "
		"(plan item /mounts/0)");
}

static void device_in_a_user_namespace_is_named(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0755);
	must(mknod(field_path(field, "from/dir/null"), S_IFCHR | 0666,
		   makedev(1, 3)));
	field_copy_in_user_namespace(field);

	assert_string_equal(field->error, "cannot mount /run: mknodat: "
		"Operation not permitted: copying dir/null, which is the "
		"device 1:3; a user namespace cannot make devices "
		"(plan item /mounts/0)");
}

static void owner_without_an_id_is_named(void **state)
{
	struct field *field = field_of(state);

	field_file(field, "from/mine", "text", 0644);
	field_file(field, "from/theirs", "text", 0644);
	must(chown(field_path(field, "from/theirs"), 5, 5));
	field_copy_in_user_namespace(field);

	assert_string_equal(field->error, "cannot mount /run: fchownat: "
		"Invalid argument: copying theirs, whose owner 65534:65534 "
		"has no id in this user namespace (plan item /mounts/0)");
}

static void copy_works_in_a_user_namespace(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/dir/file", "text", 04755);
	must(symlink("text", field_path(field, "from/dir/link")));
	must(mknod(field_path(field, "from/dir/fifo"), S_IFIFO | 0644, 0));
	field_copy_in_user_namespace(field);

	assert_string_equal(field->error, "");
}

static void mounts_that_may_not_be_uncovered_are_named(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0755);
	must(mount("field", field_path(field, "from/dir"), "tmpfs", 0, NULL));
	field_copy_in_user_namespace(field);

	assert_string_equal(field->error, "cannot mount /run: open_tree: "
		"Invalid argument: it has mounts below that must not be "
		"uncovered here, or is unbindable (plan item /mounts/0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ten_thousand_files_are_copied_in_seconds),
		TEST(ten_thousand_directories_are_copied),
		TEST(many_hard_links_are_found_again),
		TEST(deepest_tree_needs_few_descriptors_and_little_stack),
		TEST(wide_directory_deep_down_is_whole),
		TEST(deeper_than_a_path_can_say_is_refused),
		TEST(other_mounts_are_not_entered),
		TEST(file_that_grows_is_copied_to_the_size_it_had),
		TEST(file_that_shrinks_is_copied_to_its_end),
		TEST(full_tmpfs_is_named),
		TEST(device_in_a_user_namespace_is_named),
		TEST(owner_without_an_id_is_named),
		TEST(copy_works_in_a_user_namespace),
		TEST(mounts_that_may_not_be_uncovered_are_named),
	};

	return cmocka_run_group_tests_name("copyup_hostile", tests, NULL, NULL);
}
