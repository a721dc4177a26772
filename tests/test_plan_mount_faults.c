/* plan_mount_faults: every way to get an entry of mounts wrong */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan_text.h"

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
		 "options": ["ro", "idmap"]}), "",
	  "lacks \"uidMappings\" and \"gidMappings\", or \"user\" in "
	  "namespaces, for the ids of \"idmap\"" },
	{ MOUNTS({"destination": "/a", "source": "/b",
		 "options": ["remount", "bind", "ridmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 1, "size": 1}],
		 "gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}]}),
	  "/options/2", "\"ridmap\" is for a new mount only" },
	{ MOUNTS({"destination": "/a", "source": "/b", "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 1, "size": 1}],
		 "gidMappings": [{"containerID": 5, "hostID": 5, "size": 10},
				 {"containerID": 14, "hostID": 20,
				  "size": 1}]}),
	  "/gidMappings/1", "overlaps with one before it" },
	{ MOUNTS({"destination": "/a", "source": "/b", "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 5, "size": 2},
				 {"containerID": 9, "hostID": 4, "size": 2}],
		 "gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}]}),
	  "/uidMappings/1", "overlaps with one before it" },
	{ MOUNTS({"destination": "/a", "source": "/b", "options": ["idmap"],
		 "uidMappings": [{"containerID": 9, "hostID": 4294967294,
				  "size": 2}],
		 "gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}]}),
	  "/uidMappings/0", "ends behind the last id" },
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

static void mappings_are_validated(void **state)
{
	(void)state;
	assert_string_equal(reading_of(MOUNTS(
		{"destination": "/a", "source": "/b", "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 1000,
				  "size": 1}],
		 "gidMappings": [{"containerID": 0, "hostID": 4294967295,
				  "size": 0}, {"foo": 1}]}))->told,
		"/mounts/0/gidMappings/0/hostID: must be from 0 to "
		"4294967294, is 4294967295\n"
		"/mounts/0/gidMappings/0/size: must be from 1 to 4294967295, "
		"is 0\n"
		"/mounts/0/gidMappings/1/foo: unknown key\n"
		"/mounts/0/gidMappings/1: lacks \"containerID\"\n"
		"/mounts/0/gidMappings/1: lacks \"hostID\"\n"
		"/mounts/0/gidMappings/1: lacks \"size\"\n");
}

static void mappings_go_together_and_with_the_option(void **state)
{
	(void)state;
	assert_string_equal(reading_of(MOUNTS(
		{"destination": "/a", "source": "/b", "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 0,
				  "size": 1}]},
		{"destination": "/a", "source": "/b", "options": ["ridmap"],
		 "gidMappings": [{"containerID": 0, "hostID": 0,
				  "size": 1}], "uidMappings": []},
		{"destination": "/a", "source": "/b",
		 "uidMappings": [{"containerID": 0, "hostID": 0,
				  "size": 1}],
		 "gidMappings": [{"containerID": 0, "hostID": 0,
				  "size": 1}]}))->told,
		"/mounts/0: lacks \"gidMappings\", which goes with "
		"\"uidMappings\"\n"
		"/mounts/1: lacks \"uidMappings\", which goes with "
		"\"gidMappings\"\n"
		"/mounts/2/uidMappings: needs the option \"idmap\" or "
		"\"ridmap\"\n");
}

static void a_map_may_have_340_ranges(void **state)
{
	static const char range[] =
		"{\"containerID\": %d, \"hostID\": %d, \"size\": 1}%s";
	char text[65536], one[128];
	size_t length;
	int count, i;

	(void)state;
	for (count = 340; count <= 341; count++) {
		length = (size_t)sprintf(text, "%s", PLAN_BEGINNING
			"\"mounts\": [{\"destination\": \"/a\", \"source\": "
			"\"/b\", \"options\": [\"idmap\"], \"gidMappings\": [");
		sprintf(one, range, 0, 0, "");
		length += (size_t)sprintf(text + length,
					  "%s], \"uidMappings\": [", one);
		for (i = 0; i < count; i++)
			length += (size_t)sprintf(text + length, range, i, i,
						  i + 1 < count ? "," : "");
		sprintf(text + length, "]}]}");
		assert_string_equal(reading_of(text)->told, count == 340 ? "" :
			"/mounts/0/uidMappings: must have at most 340 ranges, "
			"has 341\n");
	}
}

static void the_container_has_ids_for_a_mount_that_has_none(void **state)
{
	(void)state;
	assert_string_equal(reading_of(
		"{\"version\": 1, \"rootfs\": {\"path\": \"/rootfs\"}, "
		JSON("namespaces": ["mount", "user"],
		     "process": {"args": ["/bin/true"]},
		     "mounts": [{"destination": "/a", "source": "/b",
				 "options": ["idmap"]}]) "}")->told, "");
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
		cmocka_unit_test(a_bad_mount_is_blamed),
		cmocka_unit_test(mappings_are_validated),
		cmocka_unit_test(mappings_go_together_and_with_the_option),
		cmocka_unit_test(a_map_may_have_340_ranges),
		cmocka_unit_test(
			the_container_has_ids_for_a_mount_that_has_none),
		cmocka_unit_test(every_fault_of_every_mount_is_told),
		cmocka_unit_test(mounts_that_are_no_list_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
