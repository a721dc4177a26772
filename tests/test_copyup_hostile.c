/* copyup: trees that are large, deep, growing, or more than we may have */

#include "mounts/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
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
	must(nftw(field_path(field, name), count, 16, FTW_PHYS));
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

/* Faster than it can be copied, up to 256 MiB. */
static void append_for_long(const char *path)
{
	static const char block[1 << 20];
	int fd = open(path, O_WRONLY | O_APPEND);
	int left = 256;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (left-- > 0 && write(fd, block, sizeof(block)) > 0)
		;
	_exit(0);
}

static void a_file_that_grows_has_an_end(void **state)
{
	struct field *field = field_of(state);
	pid_t writer;
	int status;

	field_file(field, "from/log", "start", 0644);
	writer = (pid_t)must(fork());
	if (writer == 0)
		append_for_long(field_path(field, "from/log"));
	while (field_stat(field, "from/log").st_size < 1 << 20)
		usleep(100);
	field_copy(field);
	kill(writer, SIGKILL);
	must(waitpid(writer, &status, 0));

	assert_string_equal(field->error, "");
	/* not chased to where the writer stopped on its own */
	assert_true(WIFSIGNALED(status));
	assert_true(field_stat(field, "to/log").st_size >= 1 << 20);
}

static void a_full_tmpfs_is_named(void **state)
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
		TEST(deeper_than_a_path_can_say_is_refused),
		TEST(other_mounts_are_not_entered),
		TEST(a_file_that_grows_has_an_end),
		TEST(a_full_tmpfs_is_named),
		TEST(device_in_a_user_namespace_is_named),
		TEST(owner_without_an_id_is_named),
		TEST(copy_works_in_a_user_namespace),
		TEST(mounts_that_may_not_be_uncovered_are_named),
	};

	return cmocka_run_group_tests_name("copyup_hostile", tests, NULL, NULL);
}
