/* plan_parent: what of a process has something for the parent */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan_text.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void without_a_filter_there_is_none(void **state)
{
	const struct plan *plan = plan_of(PROCESS("args": ["a"]));

	(void)state;
	assert_int_equal(plan->process.seccomp.fd, -1);
	assert_int_equal(plan->process.seccomp.program.length, 0);
}

static void terminal_and_its_size_are_read(void **state)
{
	const struct plan *plan = plan_of(PROCESS("args": ["a"],
		"terminal": true, "consoleSize": {"height": 0, "width": 65535}));

	(void)state;
	assert_true(plan->process.terminal);
	assert_int_equal(plan->process.console.height, 0);
	assert_int_equal(plan->process.console.width, 65535);
}

static void all_of_a_filter_is_read(void **state)
{
	const struct plan *plan = plan_of(PROCESS("args": ["a"],
		"seccomp": {"fd": 5, "notify": true, "flags": [
			"SECCOMP_FILTER_FLAG_TSYNC",
			"SECCOMP_FILTER_FLAG_LOG",
			"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
			"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}));

	(void)state;
	assert_int_equal(plan->process.seccomp.fd, 5);
	assert_true(plan->process.seccomp.notify);
	assert_int_equal(plan->process.seccomp.flags, 1 | 2 | 4 | 0x20);
}

static const struct bad {
	const char *text;
	const char *told;
} bad[] = {
	{ PROCESS("args": ["a"], "terminal": 1),
	  "/process/terminal: must be true or false, is a number\n" },
	{ PROCESS("args": ["a"], "consoleSize": {"height": 25}),
	  "/process/consoleSize: lacks \"width\"\n" },
	{ PROCESS("args": ["a"], "consoleSize": {"height": -1, "width": 80}),
	  "/process/consoleSize/height: must be from 0 to 65535, is -1\n" },
	{ PROCESS("args": ["a"], "consoleSize":
		  {"height": 25, "width": 65536}),
	  "/process/consoleSize/width: must be from 0 to 65535, is 65536\n" },
	{ PROCESS("args": ["a"], "seccomp": {"notify": true}),
	  "/process/seccomp: lacks \"fd\"\n" },
	{ PROCESS("args": ["a"], "seccomp": {"fd": -1}),
	  "/process/seccomp/fd: must be from 0 to 2147483647, is -1\n" },
	{ PROCESS("args": ["a"], "seccomp": {"fd": 3, "flags": ["LOG"]}),
	  "/process/seccomp/flags/0: must be a flag of seccomp(2), as "
	  "SECCOMP_FILTER_FLAG_LOG, is \"LOG\"\n" },
	{ PROCESS("args": ["a"], "seccomp": {"fd": 3, "flags": [
		  "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_LOG"]}),
	  "/process/seccomp/flags/1: must be there once only, "
	  "\"SECCOMP_FILTER_FLAG_LOG\" was there before\n" },
	{ PROCESS("args": ["a"], "seccomp": {"fd": 3, "flags": [
		  "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}),
	  "/process/seccomp/flags: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV "
	  "needs \"notify\"\n" },
};

static void each_fault_is_told_at_its_place(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_string_equal(reading_of(bad[i].text)->told,
				    bad[i].told);
}

static const char *told_alone(const char *text, bool check_only)
{
	const struct plan_use use = { .check_only = check_only };

	return reading_of_bytes(text, strlen(text), use)->told;
}

static void both_need_somebody_who_gets_them(void **state)
{
	static const char plan[] = PROCESS("args": ["a"], "terminal": true,
		"seccomp": {"fd": 3, "notify": true});

	(void)state;
	assert_string_equal(told_alone(plan, false),
		"/process/seccomp/notify: needs a parent to talk to: "
		"--sync-fd or --socket-fd\n"
		"/process/terminal: needs a parent to talk to: --sync-fd or "
		"--socket-fd\n");
	assert_string_equal(told_alone(plan, true), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_filter_there_is_none),
		cmocka_unit_test(terminal_and_its_size_are_read),
		cmocka_unit_test(all_of_a_filter_is_read),
		cmocka_unit_test(each_fault_is_told_at_its_place),
		cmocka_unit_test(both_need_somebody_who_gets_them),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
