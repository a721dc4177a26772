/* options: what each mount option does, row by row */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "kernel/abi.h"
#include "plan/options.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

#define RDONLY MOUNT_ATTR_RDONLY
#define NOSUID MOUNT_ATTR_NOSUID
#define NODEV MOUNT_ATTR_NODEV
#define NOEXEC MOUNT_ATTR_NOEXEC
#define NODIRATIME MOUNT_ATTR_NODIRATIME
#define NOSYMFOLLOW MOUNT_ATTR_NOSYMFOLLOW
#define ATIME MOUNT_ATTR__ATIME
#define NOATIME MOUNT_ATTR_NOATIME
#define STRICTATIME MOUNT_ATTR_STRICTATIME

/* A mount after these options, in this order; ends with a NULL. */
static struct mount mount_with(const char *const *names)
{
	const struct mount_option *option;
	struct mount m = {0};

	for (; *names; names++) {
		option = mount_option_find(*names);
		assert_non_null(option);
		mount_option_apply(&m, option);
	}
	return m;
}

#define MOUNT_WITH(...) mount_with((const char *const[]){ __VA_ARGS__, NULL })

static const struct {
	const char *name;
	struct mount then;
} rows[] = {
	{ "Z", { .flags = MOUNT_RELABEL_PRIVATE } },
	{ "async", {0} },
	{ "atime", { .attr_clear = ATIME } },
	{ "bind", { .flags = MOUNT_BIND } },
	{ "copy-symlink", { .flags = MOUNT_COPY_SYMLINK } },
	{ "defaults", {0} },
	{ "dest-nofollow", { .flags = MOUNT_DESTINATION_NOFOLLOW } },
	{ "dev", { .attr_clear = NODEV } },
	{ "diratime", { .attr_clear = NODIRATIME } },
	{ "dirsync", { .super_flags = MS_DIRSYNC } },
	{ "exec", { .attr_clear = NOEXEC } },
	{ "idmap", { .flags = MOUNT_IDMAP } },
	{ "iversion", { .super_flags = MS_I_VERSION } },
	{ "lazytime", { .super_flags = MS_LAZYTIME } },
	{ "loud", {0} },
	{ "mand", { .super_flags = MS_MANDLOCK } },
	{ "noatime", { .attr_set = NOATIME, .attr_clear = ATIME } },
	{ "nodev", { .attr_set = NODEV } },
	{ "nodiratime", { .attr_set = NODIRATIME } },
	{ "noexec", { .attr_set = NOEXEC } },
	{ "noiversion", {0} },
	{ "nolazytime", {0} },
	{ "nomand", {0} },
	{ "norelatime", {0} },
	{ "nostrictatime", { .attr_clear = ATIME } },
	{ "nosuid", { .attr_set = NOSUID } },
	{ "nosymfollow", { .attr_set = NOSYMFOLLOW } },
	{ "private", { .propagation = MS_PRIVATE } },
	{ "ratime", { .all_clear = ATIME } },
	{ "rbind", { .flags = MOUNT_BIND | MOUNT_RECURSIVE } },
	{ "rdev", { .all_clear = NODEV } },
	{ "rdiratime", { .all_clear = NODIRATIME } },
	{ "relatime", { .attr_clear = ATIME } },
	{ "remount", { .flags = MOUNT_REMOUNT } },
	{ "rexec", { .all_clear = NOEXEC } },
	{ "ridmap", { .flags = MOUNT_IDMAP | MOUNT_IDMAP_RECURSIVE } },
	{ "rnoatime", { .all_set = NOATIME, .all_clear = ATIME } },
	{ "rnodev", { .all_set = NODEV } },
	{ "rnodiratime", { .all_set = NODIRATIME } },
	{ "rnoexec", { .all_set = NOEXEC } },
	{ "rnorelatime", {0} },
	{ "rnostrictatime", { .all_clear = ATIME } },
	{ "rnosuid", { .all_set = NOSUID } },
	{ "rnosymfollow", { .all_set = NOSYMFOLLOW } },
	{ "ro", { .attr_set = RDONLY } },
	{ "rprivate", { .propagation = MS_PRIVATE | MS_REC } },
	{ "rrelatime", { .all_clear = ATIME } },
	{ "rro", { .all_set = RDONLY } },
	{ "rrw", { .all_clear = RDONLY } },
	{ "rshared", { .propagation = MS_SHARED | MS_REC } },
	{ "rslave", { .propagation = MS_SLAVE | MS_REC } },
	{ "rstrictatime", { .all_set = STRICTATIME, .all_clear = ATIME } },
	{ "rsuid", { .all_clear = NOSUID } },
	{ "rsymfollow", { .all_clear = NOSYMFOLLOW } },
	{ "runbindable", { .propagation = MS_UNBINDABLE | MS_REC } },
	{ "rw", { .attr_clear = RDONLY } },
	{ "shared", { .propagation = MS_SHARED } },
	{ "silent", { .super_flags = MS_SILENT } },
	{ "slave", { .propagation = MS_SLAVE } },
	{ "src-nofollow", { .flags = MOUNT_SOURCE_NOFOLLOW } },
	{ "strictatime", { .attr_set = STRICTATIME, .attr_clear = ATIME } },
	{ "suid", { .attr_clear = NOSUID } },
	{ "symfollow", { .attr_clear = NOSYMFOLLOW } },
	{ "sync", { .super_flags = MS_SYNCHRONOUS } },
	{ "tmpcopyup", { .flags = MOUNT_COPY_UP } },
	{ "unbindable", { .propagation = MS_UNBINDABLE } },
	{ "z", { .flags = MOUNT_RELABEL_SHARED } },
};

static void every_row_does_what_it_says(void **state)
{
	struct mount m;
	size_t i;

	(void)state;
	assert_int_equal(COUNT(rows), mount_option_count);
	for (i = 0; i < COUNT(rows); i++) {
		m = MOUNT_WITH(rows[i].name);
		if (memcmp(&m, &rows[i].then, sizeof(m)) != 0)
			fail_msg("%s does something else", rows[i].name);
	}
}

static void the_table_is_sorted(void **state)
{
	size_t i;

	(void)state;
	for (i = 1; i < mount_option_count; i++)
		assert_true(strcmp(mount_options[i - 1].name,
				   mount_options[i].name) < 0);
}

static void what_is_no_option_is_for_the_filesystem(void **state)
{
	static const char *const others[] = {
		"", "RO", "r", "roo", "ro ", " ro", "size=64k", "mode=755",
		"acl", "noacl", "lowerdir=/a:/b", "zz", "\x7f", "\xff",
		"ro=", "idmap=uids=0-1-10",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(others); i++)
		assert_null(mount_option_find(others[i]));
}

static void the_last_of_two_wins(void **state)
{
	static const struct {
		const char *with, *without;
		uint32_t bit;
	} pairs[] = {
		{ "ro", "rw", RDONLY }, { "nosuid", "suid", NOSUID },
		{ "nodev", "dev", NODEV }, { "noexec", "exec", NOEXEC },
		{ "nodiratime", "diratime", NODIRATIME },
		{ "nosymfollow", "symfollow", NOSYMFOLLOW },
	};
	struct mount m;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pairs); i++) {
		m = MOUNT_WITH(pairs[i].with, pairs[i].without);
		assert_int_equal(m.attr_set, 0);
		assert_int_equal(m.attr_clear, pairs[i].bit);

		m = MOUNT_WITH(pairs[i].without, pairs[i].with);
		assert_int_equal(m.attr_set, pairs[i].bit);
		assert_int_equal(m.attr_clear, 0);
	}
}

static void the_last_of_two_filesystem_flags_wins(void **state)
{
	(void)state;
	assert_int_equal(MOUNT_WITH("sync", "async").super_flags, 0);
	assert_int_equal(MOUNT_WITH("async", "sync").super_flags,
			 MS_SYNCHRONOUS);
	assert_int_equal(MOUNT_WITH("mand", "nomand").super_flags, 0);
	assert_int_equal(MOUNT_WITH("silent", "loud").super_flags, 0);
	assert_int_equal(MOUNT_WITH("iversion", "noiversion").super_flags, 0);
	assert_int_equal(MOUNT_WITH("lazytime", "nolazytime").super_flags, 0);
	assert_int_equal(MOUNT_WITH("sync", "dirsync", "nomand").super_flags,
			 MS_SYNCHRONOUS | MS_DIRSYNC);
}

static void the_last_propagation_wins(void **state)
{
	(void)state;
	assert_int_equal(MOUNT_WITH("rshared", "private").propagation,
			 MS_PRIVATE);
	assert_int_equal(MOUNT_WITH("private", "rshared").propagation,
			 MS_SHARED | MS_REC);
}

static void the_last_atime_mode_wins(void **state)
{
	struct mount m;

	(void)state;
	m = MOUNT_WITH("noatime", "strictatime");
	assert_int_equal(m.attr_set, STRICTATIME);
	assert_int_equal(m.attr_clear, ATIME);

	m = MOUNT_WITH("strictatime", "noatime");
	assert_int_equal(m.attr_set, NOATIME);

	m = MOUNT_WITH("strictatime", "relatime");
	assert_int_equal(m.attr_set, 0);
	assert_int_equal(m.attr_clear, ATIME);
}

/* atime is "not noatime", not "relatime": mount(8). */
static void a_mode_is_taken_back_only_if_it_was_that_one(void **state)
{
	struct mount m;

	(void)state;
	m = MOUNT_WITH("noatime", "atime");
	assert_int_equal(m.attr_set, 0);
	assert_int_equal(m.attr_clear, ATIME);

	m = MOUNT_WITH("strictatime", "atime");
	assert_int_equal(m.attr_set, STRICTATIME);
	assert_int_equal(m.attr_clear, ATIME);

	m = MOUNT_WITH("noatime", "nostrictatime");
	assert_int_equal(m.attr_set, NOATIME);

	m = MOUNT_WITH("strictatime", "nostrictatime");
	assert_int_equal(m.attr_set, 0);
	assert_int_equal(m.attr_clear, ATIME);

	m = MOUNT_WITH("relatime", "norelatime");
	assert_int_equal(m.attr_set | m.attr_clear, 0);

	m = MOUNT_WITH("noatime", "norelatime");
	assert_int_equal(m.attr_set, NOATIME);
}

static void the_other_attributes_stay_when_an_atime_mode_goes(void **state)
{
	struct mount m;

	(void)state;
	m = MOUNT_WITH("ro", "nodiratime", "noatime", "suid", "atime");

	assert_int_equal(m.attr_set, RDONLY | NODIRATIME);
	assert_int_equal(m.attr_clear, NOSUID | ATIME);
}

static void a_tree_and_its_mount_are_two_things(void **state)
{
	struct mount m;

	(void)state;
	m = MOUNT_WITH("rro", "rw");
	assert_int_equal(m.all_set, RDONLY);
	assert_int_equal(m.attr_clear, RDONLY);

	m = MOUNT_WITH("rro", "rrw");
	assert_int_equal(m.all_set, 0);
	assert_int_equal(m.all_clear, RDONLY);

	m = MOUNT_WITH("rnoatime", "ratime");
	assert_int_equal(m.all_set, 0);
	assert_int_equal(m.all_clear, ATIME);
}

/* all_set is applied first: what is left in attr_set came after it. */
static void what_is_named_for_the_tree_overrides_its_mount(void **state)
{
	struct mount m;

	(void)state;
	m = MOUNT_WITH("ro", "nosuid", "rrw");
	assert_int_equal(m.attr_set, NOSUID);
	assert_int_equal(m.all_clear, RDONLY);

	m = MOUNT_WITH("noatime", "rstrictatime");
	assert_int_equal(m.attr_set | m.attr_clear, 0);
	assert_int_equal(m.all_set, STRICTATIME);

	m = MOUNT_WITH("noatime", "ratime");
	assert_int_equal(m.attr_set | m.attr_clear, 0);
	assert_int_equal(m.all_clear, ATIME);

	m = MOUNT_WITH("strictatime", "ratime");
	assert_int_equal(m.attr_set, STRICTATIME);
}

static void the_last_of_two_labels_wins(void **state)
{
	(void)state;
	assert_int_equal(MOUNT_WITH("z", "Z").flags, MOUNT_RELABEL_PRIVATE);
	assert_int_equal(MOUNT_WITH("Z", "z").flags, MOUNT_RELABEL_SHARED);
}

static void bind_after_rbind_leaves_it_recursive(void **state)
{
	(void)state;
	assert_int_equal(MOUNT_WITH("rbind", "bind").flags,
			 MOUNT_BIND | MOUNT_RECURSIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_does_what_it_says),
		cmocka_unit_test(the_table_is_sorted),
		cmocka_unit_test(what_is_no_option_is_for_the_filesystem),
		cmocka_unit_test(the_last_of_two_wins),
		cmocka_unit_test(the_last_of_two_filesystem_flags_wins),
		cmocka_unit_test(the_last_propagation_wins),
		cmocka_unit_test(the_last_atime_mode_wins),
		cmocka_unit_test(a_mode_is_taken_back_only_if_it_was_that_one),
		cmocka_unit_test(
			the_other_attributes_stay_when_an_atime_mode_goes),
		cmocka_unit_test(a_tree_and_its_mount_are_two_things),
		cmocka_unit_test(
			what_is_named_for_the_tree_overrides_its_mount),
		cmocka_unit_test(the_last_of_two_labels_wins),
		cmocka_unit_test(bind_after_rbind_leaves_it_recursive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
