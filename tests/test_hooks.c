/* hooks: who is asked, who is run, in which order, and what they are told */

#include "hooks.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int null_fd;

static int set_up(void **state)
{
	(void)state;
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return null_fd < 0;
}

#define SHELL(line) { \
	.path = "/bin/sh", \
	.args = (char *[]){ "sh", "-c", line, NULL }, \
	.env = (char *[]){ "PATH=/usr/bin:/bin", NULL }, \
	.dir = "/", \
}

/* Says what its stdin was, by failing. */
static struct command tells[] = { SHELL("cat; exit 1") };

static const char *create(struct wire *wire, const struct plan *plan)
{
	int told = hooks_announce(plan, &wire->sync, &wire->why);

	if (told == 0)
		told = hooks_create(plan, &wire->sync, null_fd, &wire->why);
	return wire_error(wire, told);
}

static const char *start(struct wire *wire, const struct plan *plan)
{
	return wire_error(wire, hooks_start(plan, &wire->sync, null_fd,
					    &wire->why));
}

static void without_hooks_nothing_happens(void **state)
{
	struct wire *wire = *state;
	struct plan plan = { .sync.hooks = false };

	assert_string_equal(create(wire, &plan), "");
	assert_string_equal(start(wire, &plan), "");
	assert_string_equal(wire_hear(wire), "");
}

static void the_parent_comes_first(void **state)
{
	struct wire *wire = *state;
	struct plan plan = {
		.sync.hooks = true,
		.create_container = { tells, COUNT(tells) },
	};

	wire_say(wire, "{\"type\":\"abort\"}");

	assert_string_equal(create(wire, &plan),
			    "cannot wait for the parent's hooks: the parent "
			    "gave up (abort)");
	assert_string_equal(wire_hear(wire), "{\"type\":\"hooks\"}\n");
}

static void after_resume_the_commands_run(void **state)
{
	struct wire *wire = *state;
	struct command commands[] = { SHELL("exit 3") };
	struct plan plan = {
		.sync.hooks = true,
		.create_container = { commands, COUNT(commands) },
	};

	wire_say(wire, "{\"type\":\"resume\"}");

	assert_string_equal(create(wire, &plan),
			    "cannot run /bin/sh: exited with 3 "
			    "(plan item /hooks/createContainer/0)");
	assert_string_equal(wire->why.stage, "hooks");
}

static void commands_run_in_order_until_one_fails(void **state)
{
	struct wire *wire = *state;
	struct command commands[] = {
		SHELL("exit 0"), SHELL("exit 4"), SHELL("exit 5"),
	};
	struct plan plan = { .start_container = { commands, COUNT(commands) } };

	assert_string_equal(start(wire, &plan),
			    "cannot run /bin/sh: exited with 4 "
			    "(plan item /hooks/startContainer/1)");
	assert_string_equal(wire->why.stage, "hooks");
}

static void the_state_is_what_the_parent_knows(void **state)
{
	struct wire *wire = *state;
	struct annotation annotations[] = {
		{ "a.b/c", "\"1\"\n" }, { "\xc3\xa4", "" },
	};
	struct plan plan = {
		.state = {
			.oci_version = "1.3.0",
			.id = "box-1",
			.bundle = "/b",
			.pid = 4711,
			.annotations = annotations,
			.annotation_count = COUNT(annotations),
		},
		.create_container = { tells, COUNT(tells) },
	};

	assert_string_equal(create(wire, &plan),
			    "cannot run /bin/sh: exited with 1: "
			    "{\"ociVersion\":\"1.3.0\",\"id\":\"box-1\","
			    "\"status\":\"creating\",\"pid\":4711,"
			    "\"bundle\":\"/b\",\"annotations\":{"
			    "\"a.b/c\":\"\\\"1\\\"\\u000a\",\"\xc3\xa4\":\"\"}}"
			    " (plan item /hooks/createContainer/0)");
}

static void where_the_parent_is_silent_there_are_defaults(void **state)
{
	struct wire *wire = *state;
	struct plan plan = { .start_container = { tells, COUNT(tells) } };
	char expected[512];

	snprintf(expected, sizeof(expected),
		 "cannot run /bin/sh: exited with 1: {\"ociVersion\":"
		 "\"1.2.0\",\"id\":\"\",\"status\":\"created\",\"pid\":%d,"
		 "\"bundle\":\"\"} (plan item /hooks/startContainer/0)",
		 (int)getpid());

	assert_string_equal(start(wire, &plan), expected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WIRE_STREAM(without_hooks_nothing_happens),
		WIRE_STREAM(the_parent_comes_first),
		WIRE_STREAM(after_resume_the_commands_run),
		WIRE_STREAM(commands_run_in_order_until_one_fails),
		WIRE_STREAM(the_state_is_what_the_parent_knows),
		WIRE_STREAM(where_the_parent_is_silent_there_are_defaults),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
