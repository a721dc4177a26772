/* libinit-shim: a plan that is built member by member */

#include "daemon.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int open_plan(void **state)
{
	*state = init_shim_plan_new();
	return *state ? 0 : -1;
}

static int close_plan(void **state)
{
	init_shim_plan_free(*state);
	return 0;
}

#define PLAN_TEST(function) \
	cmocka_unit_test_setup_teardown(function, open_plan, close_plan)

static void assert_wrong(struct init_shim_plan *plan, const char *sentence)
{
	struct init_shim_error *error = NULL;

	assert_null(init_shim_plan_text(plan, &error));
	assert_string_equal(error->message, sentence);
	init_shim_error_free(error);
}

static void values_are_separated_and_levels_closed(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_number(plan, "version", 1);
	init_shim_plan_object(plan, "rootfs");
	init_shim_plan_string(plan, "path", "/srv/rootfs");
	init_shim_plan_bool(plan, "readonly", 1);
	init_shim_plan_end(plan);
	init_shim_plan_list(plan, "namespaces");
	init_shim_plan_string(plan, NULL, "mount");
	init_shim_plan_string(plan, NULL, "pid");
	init_shim_plan_end(plan);
	init_shim_plan_list(plan, "mounts");
	init_shim_plan_object(plan, NULL);
	init_shim_plan_end(plan);
	init_shim_plan_object(plan, NULL);
	init_shim_plan_list(plan, "options");
	init_shim_plan_number(plan, NULL, -1);
	init_shim_plan_bool(plan, NULL, 0);

	assert_string_equal(init_shim_plan_text(plan, NULL),
			    "{\"version\":1,\"rootfs\":{\"path\":"
			    "\"/srv/rootfs\",\"readonly\":true},"
			    "\"namespaces\":[\"mount\",\"pid\"],"
			    "\"mounts\":[{},{\"options\":[-1,false]}]}");
}

static void strings_are_escaped(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_string(plan, "a\"b", "\\\n\xc3\xa4\x01\"");

	assert_string_equal(init_shim_plan_text(plan, NULL),
			    "{\"a\\\"b\":\"\\\\\\u000a\xc3\xa4\\u0001\\\"\"}");
}

/* Not silently another path than the daemon meant. */
static void what_is_no_utf8_is_refused(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_string(plan, "path", "/\xff");

	assert_wrong(plan, "cannot build the plan: a string is no UTF-8");
}

static void keys_belong_to_objects(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_list(plan, "args");
	init_shim_plan_string(plan, "key", "value");

	assert_wrong(plan,
		     "cannot build the plan: a value of a list has a key");
}

static void members_have_keys(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_string(plan, NULL, "value");

	assert_wrong(plan, "cannot build the plan: a member has no key");
}

static void what_is_ended_too_often_is_refused(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_end(plan);
	init_shim_plan_end(plan);

	assert_wrong(plan,
		     "cannot build the plan: more ends than begins in it");
}

static void nothing_follows_the_end(void **state)
{
	struct init_shim_plan *plan = *state;

	init_shim_plan_end(plan);
	init_shim_plan_number(plan, "version", 1);

	assert_wrong(plan, "cannot build the plan: something follows its end");
}

static void depth_is_limited(void **state)
{
	struct init_shim_plan *plan = *state;
	int i;

	for (i = 0; i < 40; i++)
		init_shim_plan_object(plan, "x-a");

	assert_wrong(plan, "cannot build the plan: it is too deep");
}

static void large_ones_grow(void **state)
{
	struct init_shim_plan *plan = *state;
	int i;

	init_shim_plan_list(plan, "x-many");
	for (i = 0; i < 20000; i++)
		init_shim_plan_string(plan, NULL, "0123456789");

	assert_int_equal(strlen(init_shim_plan_text(plan, NULL)),
			 20000 * 13 - 1 + strlen("{\"x-many\":[]}"));
}

static void shim_understands_it(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_plan *plan = init_shim_plan_new();

	init_shim_plan_number(plan, "version", 1);
	init_shim_plan_object(plan, "rootfs");
	init_shim_plan_string(plan, "path", BOX_ROOTFS);
	init_shim_plan_end(plan);
	init_shim_plan_list(plan, "namespaces");
	init_shim_plan_string(plan, NULL, "mount");
	init_shim_plan_end(plan);
	init_shim_plan_object(plan, "process");
	init_shim_plan_list(plan, "args");
	init_shim_plan_string(plan, NULL, "/bin/show");
	init_shim_plan_string(plan, NULL, "ids");
	daemon_spawn_text(daemon, init_shim_plan_text(plan, NULL));
	init_shim_plan_free(plan);

	assert_string_equal(daemon_error(daemon), "");
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAN_TEST(values_are_separated_and_levels_closed),
		PLAN_TEST(strings_are_escaped),
		PLAN_TEST(what_is_no_utf8_is_refused),
		PLAN_TEST(keys_belong_to_objects),
		PLAN_TEST(members_have_keys),
		PLAN_TEST(what_is_ended_too_often_is_refused),
		PLAN_TEST(nothing_follows_the_end),
		PLAN_TEST(depth_is_limited),
		PLAN_TEST(large_ones_grow),
		DAEMON_TEST(shim_understands_it),
	};

	return cmocka_run_group_tests_name("spawn_build", tests, NULL, NULL);
}
