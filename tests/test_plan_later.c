/* plan_later: parts of process that are checked, and not supported yet */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan_text.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

/* Each is a process with one fault, at a pointer below /process. */
static const struct later {
	const char *text;
	const char *pointer;
	const char *message;
} later[] = {
	{ PROCESS("args": ["a"], "init": true), "/init",
	  "is not supported yet" },
};

static void each_is_checked_and_then_refused(void **state)
{
	const struct reading *reading;
	char pointer[128];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(later); i++) {
		reading = reading_of(later[i].text);
		snprintf(pointer, sizeof(pointer), "/process%s",
			 later[i].pointer);
		if (reading->faults.count != 1 ||
		    strcmp(reading->pointer, pointer) != 0 ||
		    !strstr(reading->message, later[i].message))
			fail_msg("%s\nis told: %s", later[i].text,
				 reading->told);
	}
}

static void what_asks_for_nothing_is_no_fault(void **state)
{
	(void)state;
	plan_of(PROCESS("args": ["a"], "init": false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_checked_and_then_refused),
		cmocka_unit_test(what_asks_for_nothing_is_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
