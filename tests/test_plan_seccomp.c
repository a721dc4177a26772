/* plan_seccomp: what may be said of a filter, and what goes together */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan_text.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void without_it_there_is_none(void **state)
{
	const struct plan *plan = plan_of(PROCESS("args": ["a"]));

	(void)state;
	assert_int_equal(plan->process.seccomp.fd, -1);
	assert_int_equal(plan->process.seccomp.program.length, 0);
}

static void all_of_it_is_read(void **state)
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

static void listener_needs_somebody_who_gets_it(void **state)
{
	static const char plan[] = PROCESS("args": ["a"], "seccomp":
		{"fd": 3, "notify": true});

	(void)state;
	assert_string_equal(told_alone(plan, false),
		"/process/seccomp/notify: needs a parent to talk to: "
		"--sync-fd or --socket-fd\n");
	assert_string_equal(told_alone(plan, true), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_it_there_is_none),
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(each_fault_is_told_at_its_place),
		cmocka_unit_test(listener_needs_somebody_who_gets_it),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
