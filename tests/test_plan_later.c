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
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_IDLE",
		  "nice": -20, "priority": 1, "runtime": 1, "deadline": 2,
		  "period": 18446744073709551615,
		  "flags": ["SCHED_FLAG_RECLAIM"]}), "/scheduler",
	  "is not supported yet" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_BEST"}),
	  "/scheduler/policy", "is \"SCHED_BEST\"" },
	{ PROCESS("args": ["a"], "scheduler": {}), "/scheduler",
	  "lacks \"policy\"" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_RR",
		  "nice": 20}), "/scheduler/nice",
	  "must be from -20 to 19, is 20" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_RR",
		  "flags": ["RECLAIM"]}), "/scheduler/flags/0",
	  "is \"RECLAIM\"" },
	{ PROCESS("args": ["a"], "ioPriority":
		  {"class": "IOPRIO_CLASS_BE", "priority": 7}),
	  "/ioPriority", "is not supported yet" },
	{ PROCESS("args": ["a"], "ioPriority":
		  {"class": "IOPRIO_CLASS_BE", "priority": 8}),
	  "/ioPriority/priority", "must be from 0 to 7, is 8" },
	{ PROCESS("args": ["a"], "ioPriority": {"priority": 1}),
	  "/ioPriority", "lacks \"class\"" },
	{ PROCESS("args": ["a"], "execCPUAffinity":
		  {"initial": "0-3,7", "final": "0"}), "/execCPUAffinity",
	  "is not supported yet" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"initial": "0-"}),
	  "/execCPUAffinity/initial", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"final": "1,"}),
	  "/execCPUAffinity/final", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"final": "1;2"}),
	  "/execCPUAffinity/final", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "personality": {"domain": "LINUX32"}),
	  "/personality", "is not supported yet" },
	{ PROCESS("args": ["a"], "personality": {"domain": "BSD"}),
	  "/personality/domain", "must be one of LINUX, LINUX32" },
	{ PROCESS("args": ["a"], "selinuxLabel": "a:b:c:s0"),
	  "/selinuxLabel", "is not supported yet" },
	{ PROCESS("args": ["a"], "selinuxLabel": 1),
	  "/selinuxLabel", "must be a string" },
	{ PROCESS("args": ["a"], "apparmorProfile": "default"),
	  "/apparmorProfile", "is not supported yet" },
	{ PROCESS("args": ["a"], "terminal": true), "/terminal",
	  "is not supported yet" },
	{ PROCESS("args": ["a"], "terminal": 1), "/terminal",
	  "must be true or false" },
	{ PROCESS("args": ["a"], "consoleSize":
		  {"height": 25, "width": 80}), "/consoleSize",
	  "is not supported yet" },
	{ PROCESS("args": ["a"], "consoleSize":
		  {"height": 25, "width": 65536}), "/consoleSize/width",
	  "must be from 0 to 65535" },
	{ PROCESS("args": ["a"], "seccomp": {"fd": 3, "notify": true,
		  "flags": ["SECCOMP_FILTER_FLAG_LOG"]}), "/seccomp",
	  "is not supported yet" },
	{ PROCESS("args": ["a"], "seccomp": {"notify": true}), "/seccomp",
	  "lacks \"fd\"" },
	{ PROCESS("args": ["a"], "seccomp": {"fd": 3, "flags": ["LOG"]}),
	  "/seccomp/flags/0", "is \"LOG\"" },
	{ PROCESS("args": ["a"], "preserveFds": 1), "/preserveFds",
	  "is not supported yet" },
	{ PROCESS("args": ["a"], "preserveFds": -1), "/preserveFds",
	  "must be from 0" },
	{ PROCESS("args": ["a"], "sessionKeyring": true), "/sessionKeyring",
	  "is not supported yet" },
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
	plan_of(PROCESS("args": ["a"], "terminal": false, "preserveFds": 0,
			"sessionKeyring": false, "init": false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_checked_and_then_refused),
		cmocka_unit_test(what_asks_for_nothing_is_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
