/* plan_mounts: what one entry of mounts becomes */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/mount.h>

#include "kernel/abi.h"
#include "plan_text.h"

/* The only mount of a plan that is right. */
static const struct mount *mount_of(const char *text)
{
	const struct plan *plan = plan_of(text);

	assert_int_equal(plan->mount_count, 1);
	return plan->mounts;
}

static void a_filesystem_has_its_options_apart(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/dev", "type": "tmpfs", "source": "dev",
		 "options": ["nosuid", "strictatime", "mode=755", "sync",
			     "size=64k", "rprivate", "tmpcopyup"]}));

	(void)state;
	assert_string_equal(m->destination, "/dev");
	assert_string_equal(m->type, "tmpfs");
	assert_string_equal(m->source, "dev");
	assert_int_equal(m->attr_set,
			 MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME);
	assert_int_equal(m->attr_clear, MOUNT_ATTR__ATIME);
	assert_int_equal(m->super_flags, MS_SYNCHRONOUS);
	assert_int_equal(m->propagation, MS_PRIVATE | MS_REC);
	assert_int_equal(m->flags, MOUNT_COPY_UP);
	assert_string_equal(m->data[0], "mode=755");
	assert_string_equal(m->data[1], "size=64k");
	assert_null(m->data[2]);
	assert_null(m->extra);
	assert_int_equal(m->source_fd, -1);
}

static void without_options_there_is_no_data(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/proc", "type": "proc", "options": []}));

	(void)state;
	assert_null(m->data);
	assert_null(m->source);
	assert_int_equal(m->flags, 0);
	assert_int_equal(m->attr_set, 0);
	assert_int_equal(m->attr_clear, 0);
}

static void options_may_come_before_the_type(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"options": ["tmpcopyup", "size=1m"], "type": "tmpfs",
		 "destination": "/a"}));

	(void)state;
	assert_string_equal(m->data[0], "size=1m");
}

static void a_bind_is_told_by_type_or_option_or_by_no_type(void **state)
{
	static const char *const texts[] = {
		MOUNTS({"destination": "/a", "type": "bind", "source": "/b"}),
		MOUNTS({"destination": "/a", "type": "none", "source": "/b"}),
		MOUNTS({"destination": "/a", "source": "/b"}),
		MOUNTS({"destination": "/a", "source": "/b",
		       "options": ["bind"]}),
		MOUNTS({"destination": "/a", "type": "none", "source": "/b",
		       "options": ["bind"]}),
		MOUNTS({"destination": "/a", "type": "tmpfs", "source": "/b",
		       "options": ["bind"]}),
		MOUNTS({"options": ["bind"], "source": "/b", "type": "ext4",
		       "destination": "/a"}),
	};
	const struct mount *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		m = mount_of(texts[i]);
		assert_string_equal(m->type, "bind");
		assert_int_equal(m->flags, MOUNT_BIND);
		assert_string_equal(m->source, "/b");
	}
}

static void a_bind_has_its_flags(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/a", "source": "/b", "options":
		 ["rbind", "ro", "rro", "z", "src-nofollow", "dest-nofollow",
		  "copy-symlink"], "optional": true, "mountpoint": "require"}));

	(void)state;
	assert_int_equal(m->flags,
			 MOUNT_BIND | MOUNT_RECURSIVE | MOUNT_OPTIONAL |
			 MOUNT_REQUIRE | MOUNT_RELABEL_SHARED |
			 MOUNT_SOURCE_NOFOLLOW | MOUNT_DESTINATION_NOFOLLOW |
			 MOUNT_COPY_SYMLINK);
	assert_int_equal(m->all_set, MOUNT_ATTR_RDONLY);
}

static void what_is_the_default_may_be_said(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/a", "source": "/b", "optional": false,
		 "mountpoint": "create", "preCommands": [],
		 "postCommands": [], "uidMappings": [],
		 "gidMappings": []}));

	(void)state;
	assert_int_equal(m->flags, MOUNT_BIND);
	assert_null(m->extra);
}

static void a_bind_may_have_a_descriptor_as_source(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/a", "sourceFd": 7}));

	(void)state;
	assert_int_equal(m->source_fd, 7);
	assert_null(m->source);
}

static void a_remount_needs_no_source(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/a", "options": ["remount", "bind", "ro"]}));

	(void)state;
	assert_int_equal(m->flags, MOUNT_BIND | MOUNT_REMOUNT);
}

static void commands_around_a_mount_are_kept_apart(void **state)
{
	const struct mount *m = mount_of(MOUNTS(
		{"destination": "/a", "type": "tmpfs",
		 "preCommands": [{"path": "/bin/a"}],
		 "postCommands": [{"path": "/bin/b"}, {"path": "/bin/c"}]}));

	(void)state;
	assert_non_null(m->extra);
	assert_int_equal(m->extra->pre.count, 1);
	assert_string_equal(m->extra->pre.items[0].path, "/bin/a");
	assert_int_equal(m->extra->post.count, 2);
	assert_string_equal(m->extra->post.items[1].path, "/bin/c");
}

static void one_kind_of_commands_is_enough(void **state)
{
	const struct plan *plan = plan_of(MOUNTS(
		{"destination": "/a", "type": "tmpfs",
		 "preCommands": [{"path": "/bin/a"}]},
		{"destination": "/b", "type": "tmpfs",
		 "postCommands": [{"path": "/bin/b"}]}));

	(void)state;
	assert_int_equal(plan->mounts[0].extra->pre.count, 1);
	assert_int_equal(plan->mounts[0].extra->post.count, 0);
	assert_int_equal(plan->mounts[1].extra->pre.count, 0);
	assert_int_equal(plan->mounts[1].extra->post.count, 1);
}

static void mounts_keep_their_order_and_types(void **state)
{
	const struct plan *plan = plan_of(MOUNTS(
		{"destination": "/a", "type": "tmpfs"},
		{"destination": "/b", "type": "proc"},
		{"destination": "/c", "type": "tmpfs"},
		{"destination": "/d", "source": "/x"}));

	(void)state;
	assert_int_equal(plan->mount_count, 4);
	assert_string_equal(plan->mounts[0].type, "tmpfs");
	assert_string_equal(plan->mounts[1].type, "proc");
	assert_string_equal(plan->mounts[2].type, "tmpfs");
	assert_string_equal(plan->mounts[3].type, "bind");
	assert_string_equal(plan->mounts[3].destination, "/d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filesystem_has_its_options_apart),
		cmocka_unit_test(without_options_there_is_no_data),
		cmocka_unit_test(options_may_come_before_the_type),
		cmocka_unit_test(
			a_bind_is_told_by_type_or_option_or_by_no_type),
		cmocka_unit_test(a_bind_has_its_flags),
		cmocka_unit_test(what_is_the_default_may_be_said),
		cmocka_unit_test(a_bind_may_have_a_descriptor_as_source),
		cmocka_unit_test(a_remount_needs_no_source),
		cmocka_unit_test(commands_around_a_mount_are_kept_apart),
		cmocka_unit_test(one_kind_of_commands_is_enough),
		cmocka_unit_test(mounts_keep_their_order_and_types),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
