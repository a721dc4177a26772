/* relabel: the tree, all of it, and nothing else */

#include "mounts/relabel.h"

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
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "field.h"
#include "kernel/mount.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, field_open, field_close)

#define KEY "security.selinux"
#define LABEL "system_u:object_r:container_file_t:s0:c1,c2"
#define SHARED "system_u:object_r:container_file_t:s0"
#define NONE "No data available"

#define assert_label(field, name, label) \
	assert_string_equal(field_xattr(field, name, KEY), label)

/* Where SELinux is on, its policy says which labels there are. */
static struct field *label_field(void **state)
{
	if (access("/sys/fs/selinux/enforce", F_OK) == 0) {
		print_message("needs a kernel where SELinux is off\n");
		skip();
	}
	return field_of(state);
}

static void everything_below_is_labelled(void **state)
{
	struct field *field = label_field(state);

	field_dir(field, "from/dir", 0755);
	field_dir(field, "from/dir/dir", 0755);
	field_file(field, "from/dir/dir/file", "text", 0);
	must(mknod(field_path(field, "from/fifo"), S_IFIFO | 0644, 0));
	must(mknod(field_path(field, "from/null"), S_IFCHR, makedev(1, 3)));
	field_relabel(field, "from", LABEL, false);

	assert_string_equal(field->error, "");
	assert_label(field, "from", LABEL);
	assert_label(field, "from/dir", LABEL);
	assert_label(field, "from/dir/dir", LABEL);
	assert_label(field, "from/dir/dir/file", LABEL);
	assert_label(field, "from/fifo", LABEL);
	assert_label(field, "from/null", LABEL);
	assert_label(field, "secret", NONE);
}

static void one_file_is_labelled_alone(void **state)
{
	struct field *field = label_field(state);

	field_file(field, "from/file", "text", 0);
	field_file(field, "from/other", "text", 0);
	field_relabel(field, "from/file", LABEL, false);

	assert_string_equal(field->error, "");
	assert_label(field, "from/file", LABEL);
	assert_label(field, "from/other", NONE);
	assert_label(field, "from", NONE);
}

static void symlinks_are_labelled_and_not_followed(void **state)
{
	struct field *field = label_field(state);

	must(symlink("../secret", field_path(field, "from/dir")));
	must(symlink(field_path(field, "secret/file"),
		     field_path(field, "from/file")));
	must(symlink("nowhere", field_path(field, "from/dangling")));
	field_relabel(field, "from", LABEL, false);

	assert_string_equal(field->error, "");
	assert_label(field, "from/dir", LABEL);
	assert_label(field, "from/file", LABEL);
	assert_label(field, "from/dangling", LABEL);
	assert_label(field, "secret", NONE);
	assert_label(field, "secret/file", NONE);
	assert_label(field, "secret/dir/file", NONE);
}

static void other_mounts_are_not_entered(void **state)
{
	struct field *field = label_field(state);

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/file", "text", 0644);
	field_file(field, "from/last", "text", 0644);
	must(mount(field_path(field, "secret"), field_path(field, "from/dir"),
		   NULL, MS_BIND, NULL));
	must(mount(field_path(field, "secret/file"),
		   field_path(field, "from/file"), NULL, MS_BIND, NULL));
	field_relabel(field, "from", LABEL, false);

	assert_string_equal(field->error, "");
	assert_label(field, "from/last", LABEL);
	assert_label(field, "secret", NONE);
	assert_label(field, "secret/dir", NONE);
	assert_label(field, "secret/file", NONE);
}

/* As bind.c has it: a tree that is attached nowhere yet. */
static void detached_tree_is_labelled_without_what_is_mounted_in_it(
	void **state)
{
	struct field *field = label_field(state);
	autoclose int tree = -1;

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/file", "text", 0644);
	must(mount(field_path(field, "secret"), field_path(field, "from/dir"),
		   NULL, MS_BIND, NULL));
	tree = (int)must(tree_clone(field->from, "", 0, TREE_WHOLE,
				    &field->why));

	assert_int_equal(relabel(field->outside, tree, LABEL, false,
				 &field->why), 0);
	assert_label(field, "from", LABEL);
	assert_label(field, "from/file", LABEL);
	assert_label(field, "secret", NONE);
	assert_label(field, "secret/file", NONE);
}

static void shared_label_has_no_categories(void **state)
{
	static const char *const labels[][2] = {
		{ LABEL, SHARED },
		{ "u:r:t:s0-s0:c0.c1023", "u:r:t:s0" },
		{ "u:r:t:s15", "u:r:t:s0" },
		{ "u:r:t:", "u:r:t:s0" },
		{ "u:r:t", "u:r:t" },
	};
	struct field *field = label_field(state);
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		field_relabel(field, "from", labels[i][0], true);

		assert_string_equal(field->error, "");
		assert_label(field, "from", labels[i][1]);
	}
}

static void private_label_is_taken_as_it_is(void **state)
{
	struct field *field = label_field(state);

	field_relabel(field, "from", LABEL, false);
	assert_label(field, "from", LABEL);
}

/* By a read-only clone: should it not be refused, nothing happens to it. */
static void relabel_host(struct field *field, const char *path)
{
	const struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	autoclose int tree = (int)must(tree_clone(field->outside, path, 0,
						  TREE_ONE, &field->why));
	int done;

	must(mount_change(tree, TREE_ONE, &readonly, &field->why));
	attempt(&field->why, "/mounts", 0, "mount", "/data");
	done = relabel(field->outside, tree, LABEL, false, &field->why);
	assert_int_equal(done, -1);
	failure_sentence(&field->why, field->error, sizeof(field->error));
}

static void system_directories_are_refused(void **state)
{
	static const char *const names[] = { "", "usr", "etc", "home", "var",
					     "boot", "root", "etc/passwd" };
	struct field *field = label_field(state);
	char expected[128];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(expected, sizeof(expected), "/%s", names[i]);
		relabel_host(field, expected);

		snprintf(expected, sizeof(expected), "cannot mount /data: the "
			 "host's /%s must not be relabelled "
			 "(plan item /mounts/0)", names[i]);
		assert_string_equal(field->error, expected);
	}
}

static void system_directory_is_known_by_its_inode(void **state)
{
	struct field *field = label_field(state);

	field_dir(field, "etc", 0755);
	must(mount("/etc", field_path(field, "etc"), NULL, MS_BIND, NULL));
	relabel_host(field, field_path(field, "etc"));

	assert_non_null(strstr(field->error, "the host's /etc must not be"));
}

static void filesystem_without_labels_is_named(void **state)
{
	struct field *field = label_field(state);

	must(mount("field", field_path(field, "from"), "ramfs", 0, NULL));
	field_relabel(field, "from", LABEL, false);

	assert_string_equal(field->error, "cannot mount /data: setxattr: "
		"Not supported: labelling the directory itself, whose "
		"filesystem has no labels (plan item /mounts/0)");
}

static void deep_tree_is_labelled_to_its_end(void **state)
{
	struct field *field = label_field(state);
	autoclose int deepest = -1;
	struct rlimit files, few;
	int levels;

	field_deep(field, "from", 500);
	must(getrlimit(RLIMIT_NOFILE, &files));
	few = files;
	few.rlim_cur = 64;
	must(setrlimit(RLIMIT_NOFILE, &few));
	field_relabel(field, "from", LABEL, false);
	must(setrlimit(RLIMIT_NOFILE, &files));

	assert_string_equal(field->error, "");
	deepest = field_deepest(field, "from", &levels);
	assert_int_equal(levels, 500);
	assert_int_equal(fgetxattr(deepest, KEY, NULL, 0), strlen(LABEL));
}

static int unlabelled_count;

static int count_one(const char *path, const struct stat *st, int type,
		     struct FTW *where)
{
	(void)st, (void)type, (void)where;
	if (lgetxattr(path, KEY, NULL, 0) != (ssize_t)strlen(LABEL))
		unlabelled_count++;
	return 0;
}

static int count_unlabelled(const struct field *field, const char *name)
{
	unlabelled_count = 0;
	must(nftw(field_path(field, name), count_one, 64, FTW_PHYS));
	return unlabelled_count;
}

/* What lies beside a directory is found again after it, deep down too. */
static void wide_directory_deep_down_is_labelled(void **state)
{
	struct field *field = label_field(state);

	field_deep(field, "from", 40);
	field_wide(field, "from");
	field_relabel(field, "from", LABEL, false);

	assert_string_equal(field->error, "");
	assert_int_equal(count_unlabelled(field, "from"), 0);
}

static bool is_secret_labelled(const struct field *field)
{
	bool found = false;

	found |= strcmp(field_xattr(field, "secret", KEY), NONE) != 0;
	found |= strcmp(field_xattr(field, "secret/file", KEY), NONE) != 0;
	found |= strcmp(field_xattr(field, "secret/dir", KEY), NONE) != 0;
	found |= strcmp(field_xattr(field, "secret/dir/file", KEY), NONE) != 0;
	return found;
}

static int label_by_path(const char *path, const struct stat *st, int type,
			 struct FTW *where)
{
	(void)st, (void)type, (void)where;
	lsetxattr(path, KEY, LABEL, strlen(LABEL), 0);
	return 0;
}

/* The control: without it a race that nobody could lose would count. */
static bool loses_by_path(struct field *field, const char *one,
			  const char *other)
{
	pid_t racer = field_race(field, one, other, 50);
	int i;

	for (i = 0; i < 5000 && !is_secret_labelled(field); i++)
		nftw(field_path(field, "from"), label_by_path, 16, FTW_PHYS);
	field_race_over(racer);
	return is_secret_labelled(field);
}

static void forget_labels(const struct field *field)
{
	static const char *const names[] = { "secret", "secret/file",
					     "secret/dir", "secret/dir/file" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		removexattr(field_path(field, names[i]), KEY);
	assert_false(is_secret_labelled(field));
}

static void directory_swapped_with_a_link_leads_nowhere(void **state)
{
	static const unsigned pauses[] = { 0, 20, 50, 500 };
	struct field *field = label_field(state);
	size_t i;
	int n;

	field_dir(field, "from/dir", 0755);
	field_dir(field, "from/dir/dir", 0755);
	field_file(field, "from/dir/file", "text", 0644);
	field_file(field, "from/dir/dir/file", "text", 0644);
	must(symlink(field_path(field, "secret"),
		     field_path(field, "from/link")));
	assert_true(loses_by_path(field, "from/dir", "from/link"));
	forget_labels(field);

	for (i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		pid_t racer = field_race(field, "from/dir", "from/link",
					 pauses[i]);

		for (n = 0; n < 500; n++) {
			field_relabel(field, "from", LABEL, false);
			assert_string_equal(field->error, "");
		}
		field_race_over(racer);
		assert_false(is_secret_labelled(field));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_below_is_labelled),
		TEST(one_file_is_labelled_alone),
		TEST(symlinks_are_labelled_and_not_followed),
		TEST(other_mounts_are_not_entered),
		TEST(detached_tree_is_labelled_without_what_is_mounted_in_it),
		TEST(shared_label_has_no_categories),
		TEST(private_label_is_taken_as_it_is),
		TEST(system_directories_are_refused),
		TEST(system_directory_is_known_by_its_inode),
		TEST(filesystem_without_labels_is_named),
		TEST(deep_tree_is_labelled_to_its_end),
		TEST(wide_directory_deep_down_is_labelled),
		TEST(directory_swapped_with_a_link_leads_nowhere),
	};

	return cmocka_run_group_tests_name("relabel", tests, NULL, NULL);
}
