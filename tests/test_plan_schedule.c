/* plan_schedule: scheduler, ioPriority, execCPUAffinity, personality */

#include <setjmp.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan_text.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static void all_of_a_scheduler_is_read(void **state)
{
	const struct process_plan *process = &plan_of(PROCESS("args": ["a"],
		"scheduler": {"policy": "SCHED_DEADLINE", "nice": -20,
			"flags": ["SCHED_FLAG_RECLAIM",
				  "SCHED_FLAG_RESET_ON_FORK"],
			"runtime": 1024, "deadline": 4294967296,
			"period": 18446744073709551615}))->process;

	(void)state;
	assert_true(process->has_scheduler);
	assert_int_equal(process->scheduler.policy, 6);
	assert_int_equal(process->scheduler.flags, 3);
	assert_int_equal(process->scheduler.nice, -20);
	assert_int_equal(process->scheduler.priority, 0);
	assert_int_equal(process->scheduler.runtime, 1024);
	assert_int_equal(process->scheduler.deadline, 4294967296);
	assert_int_equal(process->scheduler.period, UINT64_MAX);
}

static void what_is_not_there_is_not_asked_for(void **state)
{
	const struct process_plan *process =
		&plan_of(PROCESS("args": ["a"]))->process;

	(void)state;
	assert_false(process->has_scheduler);
	assert_false(process->has_personality);
	assert_int_equal(process->io_priority.class, 0);
	assert_null(process->affinity.initial);
	assert_null(process->affinity.final);
}

static void cpu_lists_become_bits(void **state)
{
	const struct affinity_plan *affinity = &plan_of(PROCESS("args": ["a"],
		"execCPUAffinity": {"initial": "0-3,7,64-65,8191",
				    "final": ""}))->process.affinity;
	const uint64_t *bits = (const uint64_t *)affinity->initial->bits;

	(void)state;
	assert_int_equal(bits[0], 0x8f);
	assert_int_equal(bits[1], 0x3);
	assert_true(bits[127] == UINT64_C(1) << 63);
	/* an empty one is as none: runtime-spec, config.md */
	assert_null(affinity->final);
}

/* Each is a process with one fault, at a pointer below /process. */
static const struct {
	const char *text;
	const char *pointer;
	const char *message;
} faulty[] = {
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_BEST"}),
	  "/scheduler/policy", "is \"SCHED_BEST\"" },
	{ PROCESS("args": ["a"], "scheduler": {}), "/scheduler",
	  "lacks \"policy\"" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_OTHER",
		  "nice": 20}), "/scheduler/nice",
	  "must be from -20 to 19, is 20" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_RR",
		  "priority": 1, "flags": ["RECLAIM"]}), "/scheduler/flags/0",
	  "is \"RECLAIM\"" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_RR",
		  "priority": 100}), "/scheduler/priority",
	  "must be from 0 to 99, is 100" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_FIFO"}),
	  "/scheduler/priority", "must be from 1 to 99 with this policy" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_IDLE",
		  "priority": 1}), "/scheduler/priority",
	  "is for SCHED_FIFO and SCHED_RR only" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_BATCH",
		  "runtime": 1}), "/scheduler", "for SCHED_DEADLINE only" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_DEADLINE",
		  "runtime": 2000, "deadline": 1999}), "/scheduler",
	  "must have 1024 <= runtime <= deadline <= period" },
	{ PROCESS("args": ["a"], "scheduler": {"policy": "SCHED_DEADLINE",
		  "runtime": 2000, "deadline": 2001, "period": 2000}),
	  "/scheduler", "must have 1024 <= runtime <= deadline <= period" },
	{ PROCESS("args": ["a"], "ioPriority":
		  {"class": "IOPRIO_CLASS_BE", "priority": 8}),
	  "/ioPriority/priority", "must be from 0 to 7, is 8" },
	{ PROCESS("args": ["a"], "ioPriority": {"priority": 1}),
	  "/ioPriority", "lacks \"class\"" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"initial": "0-"}),
	  "/execCPUAffinity/initial", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"initial": "3-1"}),
	  "/execCPUAffinity/initial", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"initial": "8192"}),
	  "/execCPUAffinity/initial", "must be a list of CPUs below 8192" },
	{ PROCESS("args": ["a"], "execCPUAffinity":
		  {"initial": "4294967296"}),
	  "/execCPUAffinity/initial", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"final": "1,"}),
	  "/execCPUAffinity/final", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "execCPUAffinity": {"final": "1;2"}),
	  "/execCPUAffinity/final", "must be a list of CPUs" },
	{ PROCESS("args": ["a"], "personality": {"domain": "BSD"}),
	  "/personality/domain", "must be one of LINUX, LINUX32" },
	{ PROCESS("args": ["a"], "personality":
		  {"domain": "LINUX", "flags": ["ADDR_NO_RANDOMIZE"]}),
	  "/personality/flags/0", "the runtime-spec has no flag yet" },
};

#define DEADLINE \
	"\"policy\": \"SCHED_DEADLINE\", \"runtime\": 2000, \"deadline\": 2000"
#define RESET ", \"flags\": [\"SCHED_FLAG_RESET_ON_FORK\"]"

static const char *told(const char *scheduler, const char *process,
			const char *hooks)
{
	static char text[1024];

	snprintf(text, sizeof(text), "{\"version\": 1, \"rootfs\": {\"path\": "
		 "\"/rootfs\"}, \"namespaces\": [\"mount\"], \"process\": "
		 "{\"args\": [\"a\"], \"scheduler\": {%s}%s}%s}", scheduler,
		 process, hooks);
	return reading_of(text)->told;
}

static void what_a_child_does_not_inherit_is_refused(void **state)
{
	static const char init[] = ", \"init\": true", hooks[] =
		", \"hooks\": {\"startContainer\": [{\"path\": \"/a\"}]}";
	static const char lost[] = "/process/scheduler: does not come down to "
		"the child that the target is with \"init\"\n";

	(void)state;
	assert_string_equal(told(DEADLINE, init, ""), lost);
	assert_string_equal(told(DEADLINE RESET, init, ""), lost);
	assert_string_equal(told("\"policy\": \"SCHED_IDLE\"" RESET, init, ""),
			    lost);
	assert_string_equal(told("\"policy\": \"SCHED_IDLE\"", init, hooks),
			    "");
	assert_string_equal(told(DEADLINE, "", hooks), "/process/scheduler: "
		"needs SCHED_FLAG_RESET_ON_FORK, or there can be no "
		"startContainer hooks\n");
	assert_string_equal(told(DEADLINE RESET, "", hooks), "");
	assert_string_equal(told(DEADLINE, "", ""), "");
}

static void each_fault_is_told(void **state)
{
	const struct reading *reading;
	char pointer[128];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(faulty); i++) {
		reading = reading_of(faulty[i].text);
		snprintf(pointer, sizeof(pointer), "/process%s",
			 faulty[i].pointer);
		if (reading->faults.count != 1 ||
		    strcmp(reading->pointer, pointer) != 0 ||
		    !strstr(reading->message, faulty[i].message))
			fail_msg("%s\nis told: %s", faulty[i].text,
				 reading->told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_scheduler_is_read),
		cmocka_unit_test(what_is_not_there_is_not_asked_for),
		cmocka_unit_test(cpu_lists_become_bits),
		cmocka_unit_test(what_a_child_does_not_inherit_is_refused),
		cmocka_unit_test(each_fault_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
