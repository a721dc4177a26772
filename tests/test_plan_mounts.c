/* plan_mounts: one entry of mounts, and every way to get it wrong */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

/* Each is a mount with one fault, at a pointer below /mounts/0. */
static const struct bad {
	const char *text;
	const char *pointer;
	const char *message;
} bad[] = {
	{ MOUNTS({"type": "tmpfs"}), "", "lacks \"destination\"" },
	{ MOUNTS(1), "", "must be an object, is a number" },
	{ MOUNTS([]), "", "must be an object, is a list" },
	{ MOUNTS({"destination": 1, "type": "tmpfs"}), "/destination",
	  "must be a string, is a number" },
	{ MOUNTS({"destination": "", "type": "tmpfs"}), "/destination",
	  "must be an absolute path, is empty" },
	{ MOUNTS({"destination": "a/b", "type": "tmpfs"}), "/destination",
	  "must be an absolute path, is \"a/b\"" },
	{ MOUNTS({"destination": "/", "type": "tmpfs"}), "/destination",
	  "must not be the root itself, is \"/\"" },
	{ MOUNTS({"destination": "//", "type": "tmpfs"}), "/destination",
	  "must not be the root itself" },
	{ MOUNTS({"destination": "/.", "type": "tmpfs"}), "/destination",
	  "must not be the root itself" },
	{ MOUNTS({"destination": "/.././/..", "type": "tmpfs"}),
	  "/destination", "must not be the root itself" },
	{ MOUNTS({"destination": "/a", "type": ""}), "/type",
	  "must not be empty" },
	{ MOUNTS({"destination": "/a", "type": null}), "/type",
	  "must be a string, is null" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "source": ""}),
	  "/source", "must not be empty" },
	{ MOUNTS({"destination": "/a"}), "",
	  "lacks \"type\", or \"source\" for a bind" },
	{ MOUNTS({"destination": "/a", "type": "bind"}), "",
	  "lacks \"source\"" },
	{ MOUNTS({"destination": "/a", "type": "none",
		 "options": ["rshared"]}), "", "lacks \"source\"" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "options": ["bind"]}), "", "lacks \"source\"" },
	{ MOUNTS({"destination": "/a", "source": "b"}), "/source",
	  "must be an absolute path, is \"b\"" },
	{ MOUNTS({"destination": "/a", "source": "/b", "sourceFd": 3}), "",
	  "has both \"source\" and \"sourceFd\"" },
	{ MOUNTS({"destination": "/a", "sourceFd": -1}), "/sourceFd",
	  "must be from 0 to 2147483647, is -1" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "sourceFd": 3}),
	  "/sourceFd", "is for a bind only" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "options": "ro"}),
	  "/options", "must be a list, is a string" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "options": ["ro", 1]}), "/options/1",
	  "must be a string, is a number" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "options": [""]}),
	  "/options/0", "must not be empty" },
	{ MOUNTS({"destination": "/a", "source": "/b",
		 "options": ["ro", "size=1m"]}), "/options/1",
	  "\"size=1m\" is no option of a bind" },
	{ MOUNTS({"destination": "/a", "source": "/b",
		 "options": ["tmpcopyup"]}), "/options/0",
	  "\"tmpcopyup\" is for a tmpfs only" },
	{ MOUNTS({"destination": "/a", "type": "proc",
		 "options": ["tmpcopyup"]}), "/options/0",
	  "\"tmpcopyup\" is for a tmpfs only" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "options": ["ro", "z"]}), "/options/1",
	  "\"z\" is for a bind only" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "options": ["Z"]}),
	  "/options/0", "\"Z\" is for a bind only" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "options": ["src-nofollow"]}), "/options/0",
	  "\"src-nofollow\" is for a bind only" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "options": ["dest-nofollow"]}), "/options/0",
	  "\"dest-nofollow\" is for a bind only" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "options": ["copy-symlink"]}), "/options/0",
	  "\"copy-symlink\" is for a bind only" },
	{ MOUNTS({"destination": "/a", "source": "/b",
		 "options": ["ro", "idmap"]}), "/options/1",
	  "\"idmap\" is not supported yet" },
	{ MOUNTS({"destination": "/a", "source": "/b",
		 "options": ["ridmap"]}), "/options/0",
	  "\"ridmap\" is not supported yet" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "optional": 1}),
	  "/optional", "must be true or false, is a number" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "mountpoint": "make"}), "/mountpoint",
	  "must be one of create, require, is \"make\"" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "preCommands": {}}),
	  "/preCommands", "must be a list, is an object" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs",
		 "postCommands": [{"path": "/a"}, {}]}), "/postCommands/1",
	  "lacks \"path\"" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "foo": 1}), "/foo",
	  "unknown key" },
	{ MOUNTS({"Destination": "/a", "destination": "/a",
		 "type": "tmpfs"}), "/Destination",
	  "unknown key, did you mean \"destination\"?" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "option": []}),
	  "/option", "unknown key, did you mean \"options\"?" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "tyPe": "x"}),
	  "/tyPe", "unknown key, did you mean \"type\"?" },
	{ MOUNTS({"destination": "/a", "type": "tmpfs", "sourcefd": 3}),
	  "/sourcefd", "unknown key, did you mean \"sourceFd\"?" },
};

static void a_bad_mount_is_blamed(void **state)
{
	const struct reading *reading;
	char pointer[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reading = reading_of(bad[i].text);
		snprintf(pointer, sizeof(pointer), "/mounts/0%s",
			 bad[i].pointer);
		if (reading->faults.count != 1 ||
		    strcmp(reading->pointer, pointer) != 0 ||
		    !strstr(reading->message, bad[i].message))
			fail_msg("%s\nis told: %s", bad[i].text,
				 reading->told);
	}
}

static void mappings_are_validated_and_not_supported_yet(void **state)
{
	(void)state;
	assert_string_equal(reading_of(MOUNTS(
		{"destination": "/a", "source": "/b", "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 1000,
				  "size": 1}],
		 "gidMappings": [{"containerID": 0, "hostID": 4294967295,
				  "size": 0}, {"foo": 1}]}))->told,
		"/mounts/0/options/0: \"idmap\" is not supported yet\n"
		"/mounts/0/uidMappings: is not supported yet\n"
		"/mounts/0/gidMappings/0/hostID: must be from 0 to "
		"4294967294, is 4294967295\n"
		"/mounts/0/gidMappings/0/size: must be from 1 to 4294967295, "
		"is 0\n"
		"/mounts/0/gidMappings/1/foo: unknown key\n"
		"/mounts/0/gidMappings/1: lacks \"containerID\"\n"
		"/mounts/0/gidMappings/1: lacks \"hostID\"\n"
		"/mounts/0/gidMappings/1: lacks \"size\"\n");
}

static void mappings_need_the_option(void **state)
{
	const struct reading *reading = reading_of(MOUNTS(
		{"destination": "/a", "source": "/b",
		 "uidMappings": [{"containerID": 0, "hostID": 0,
				  "size": 1}]}));

	(void)state;
	assert_non_null(strstr(reading->told,
		"/mounts/0/uidMappings: needs the option \"idmap\" or "
		"\"ridmap\"\n"));
}

static void every_fault_of_every_mount_is_told(void **state)
{
	(void)state;
	assert_string_equal(reading_of(MOUNTS(
		{"destination": "a", "type": "bind", "foo": 1},
		{"destination": "/ok", "type": "tmpfs"},
		{"type": 1, "options": [1, 2]},
		"/x"))->told,
		"/mounts/0/destination: must be an absolute path, is \"a\"\n"
		"/mounts/0/foo: unknown key\n"
		"/mounts/0: lacks \"source\"\n"
		"/mounts/2/type: must be a string, is a number\n"
		"/mounts/2/options/0: must be a string, is a number\n"
		"/mounts/2/options/1: must be a string, is a number\n"
		"/mounts/2: lacks \"destination\"\n"
		"/mounts/3: must be an object, is a string\n");
}

static void mounts_that_are_no_list_are_refused(void **state)
{
	(void)state;
	assert_string_equal(reading_of(PLAN("mounts": {}))->told,
			    "/mounts: must be a list, is an object\n");
	assert_string_equal(reading_of(PLAN("mounts": null))->told,
			    "/mounts: must be a list, is null\n");
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
		cmocka_unit_test(a_bad_mount_is_blamed),
		cmocka_unit_test(mappings_are_validated_and_not_supported_yet),
		cmocka_unit_test(mappings_need_the_option),
		cmocka_unit_test(every_fault_of_every_mount_is_told),
		cmocka_unit_test(mounts_that_are_no_list_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
