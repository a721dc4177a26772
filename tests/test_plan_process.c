/* plan_process: the target's own part of a plan */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sys/resource.h>

#include "plan_text.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static const struct process_plan *process_of(const char *text)
{
	return &plan_of(text)->process;
}

static void what_is_absent_has_its_default(void **state)
{
	const struct process_plan *process =
		process_of(PROCESS("args": ["a"]));
	size_t i;

	(void)state;
	assert_string_equal(process->args[0], "a");
	assert_null(process->args[1]);
	assert_int_equal(process->env.count, 0);
	assert_string_equal(process->cwd, "/");
	assert_int_equal(process->uid, 0);
	assert_int_equal(process->gid, 0);
	assert_int_equal(process->group_count, 0);
	assert_int_equal(process->umask, 022);
	for (i = 0; i < CAPS_SETS; i++)
		assert_int_equal(process->capabilities[i], 0);
	assert_false(process->no_new_privileges);
	assert_int_equal(process->limit_count, 0);
	assert_false(process->has_oom_score);
}

static void all_of_it_is_read(void **state)
{
	const struct process_plan *process = process_of(PROCESS(
		"args": ["/bin/sh", "-c", ""], "env": ["A=1", "B="],
		"cwd": "/home/a",
		"user": {"uid": 1, "gid": 4294967294,
			 "additionalGids": [0, 5, 5, 4294967294],
			 "umask": 511},
		"noNewPrivileges": true, "oomScoreAdj": -1000,
		"terminal": false, "sessionKeyring": false, "init": false,
		"preserveFds": 0));

	(void)state;
	assert_string_equal(process->args[2], "");
	assert_int_equal(process->env.count, 2);
	assert_string_equal(process->env.items[1], "B=");
	assert_null(process->env.items[2]);
	assert_string_equal(process->cwd, "/home/a");
	assert_int_equal(process->uid, 1);
	assert_int_equal(process->gid, 4294967294u);
	assert_int_equal(process->group_count, 4);
	assert_int_equal(process->groups[1], 5);
	assert_int_equal(process->groups[3], 4294967294u);
	assert_int_equal(process->umask, 0777);
	assert_true(process->no_new_privileges);
	assert_true(process->has_oom_score);
	assert_int_equal(process->oom_score_adj, -1000);
}

static void a_score_of_zero_is_a_score(void **state)
{
	const struct process_plan *process =
		process_of(PROCESS("args": ["a"], "oomScoreAdj": -0));

	(void)state;
	assert_true(process->has_oom_score);
	assert_int_equal(process->oom_score_adj, 0);
}

static void each_set_of_capabilities_is_its_own(void **state)
{
	const uint64_t *sets = process_of(PROCESS(
		"args": ["a"], "capabilities": {
			"bounding": ["CAP_CHOWN", "CAP_CHECKPOINT_RESTORE"],
			"effective": ["CAP_KILL"],
			"permitted": ["CAP_KILL", "CAP_BPF"],
			"inheritable": ["CAP_BPF"],
			"ambient": ["CAP_BPF"]}))->capabilities;

	(void)state;
	assert_int_equal(sets[CAPS_BOUNDING], UINT64_C(1) << 40 | 1);
	assert_int_equal(sets[CAPS_EFFECTIVE], 1 << 5);
	assert_int_equal(sets[CAPS_PERMITTED], UINT64_C(1) << 39 | 1 << 5);
	assert_int_equal(sets[CAPS_INHERITABLE], UINT64_C(1) << 39);
	assert_int_equal(sets[CAPS_AMBIENT], UINT64_C(1) << 39);
}

static void ambient_ones_need_not_be_inheritable(void **state)
{
	const uint64_t *sets = process_of(PROCESS(
		"args": ["a"], "capabilities": {
			"permitted": ["CAP_KILL"],
			"ambient": ["CAP_KILL"]}))->capabilities;

	(void)state;
	assert_int_equal(sets[CAPS_AMBIENT], 1 << 5);
	assert_int_equal(sets[CAPS_INHERITABLE], 0);
}

/* In the order of their numbers: capabilities(7), linux/capability.h. */
static const char *const capability_names[] = {
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL",
	"SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE",
	"NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
	"SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
	"SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL",
	"SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
};

static void every_capability_has_its_number(void **state)
{
	char text[512];
	size_t i;

	(void)state;
	assert_int_equal(COUNT(capability_names), 41);
	for (i = 0; i < COUNT(capability_names); i++) {
		snprintf(text, sizeof(text), PROCESS("args": ["a"],
			 "capabilities": {"bounding": ["CAP_%s"]}),
			 capability_names[i]);
		assert_int_equal(process_of(text)->capabilities[CAPS_BOUNDING],
				 UINT64_C(1) << i);
	}
}

static const struct {
	const char *name;
	int resource;
} resources[] = {
	{ "AS", RLIMIT_AS }, { "CORE", RLIMIT_CORE }, { "CPU", RLIMIT_CPU },
	{ "DATA", RLIMIT_DATA }, { "FSIZE", RLIMIT_FSIZE },
	{ "LOCKS", RLIMIT_LOCKS }, { "MEMLOCK", RLIMIT_MEMLOCK },
	{ "MSGQUEUE", RLIMIT_MSGQUEUE }, { "NICE", RLIMIT_NICE },
	{ "NOFILE", RLIMIT_NOFILE }, { "NPROC", RLIMIT_NPROC },
	{ "RSS", RLIMIT_RSS }, { "RTPRIO", RLIMIT_RTPRIO },
	{ "RTTIME", RLIMIT_RTTIME }, { "SIGPENDING", RLIMIT_SIGPENDING },
	{ "STACK", RLIMIT_STACK },
};

static void every_limit_has_its_number(void **state)
{
	const struct process_plan *process;
	char text[512];
	size_t i;

	(void)state;
	assert_int_equal(COUNT(resources), RLIM_NLIMITS);
	for (i = 0; i < COUNT(resources); i++) {
		snprintf(text, sizeof(text), PROCESS("args": ["a"],
			 "rlimits": [{"type": "RLIMIT_%s", "soft": 1,
				      "hard": 2}]), resources[i].name);
		process = process_of(text);
		assert_int_equal(process->limit_count, 1);
		assert_int_equal(process->limits[0].resource,
				 resources[i].resource);
		assert_int_equal(process->limits[0].soft, 1);
		assert_int_equal(process->limits[0].hard, 2);
	}
}

/* As doubles, the first and the last would be the same. */
static void limits_are_exact_to_the_last_bit(void **state)
{
	const struct resource_limit *limits = process_of(PROCESS(
		"args": ["1", "-2", "3.5", "\"4"], "rlimits": [
		{"type": "RLIMIT_AS", "soft": 18446744073709551614,
		 "hard": 18446744073709551615},
		{"x-": -1.5e3, "hard": 9007199254740993, "x-2": [0, {"1": 2}],
		 "soft": 9007199254740992, "type": "RLIMIT_CPU"}])
		)->limits;

	(void)state;
	assert_true(limits[0].soft == UINT64_MAX - 1);
	assert_true(limits[0].hard == RLIM_INFINITY);
	assert_true(limits[1].soft == UINT64_C(9007199254740992));
	assert_true(limits[1].hard == UINT64_C(9007199254740993));
}

/* Each is a process with one fault, at a pointer below /process. */
static const struct bad {
	const char *text;
	const char *pointer;
	const char *message;
} bad[] = {
	{ PROCESS("cwd": "/"), "", "lacks \"args\"" },
	{ PROCESS("args": []), "/args", "must not be empty" },
	{ PROCESS("args": [""]), "/args/0", "must not be empty" },
	{ PROCESS("args": "sh"), "/args", "must be a list, is a string" },
	{ PROCESS("args": ["a", null]), "/args/1",
	  "must be a string, is null" },
	{ PROCESS("args": ["a"], "env": ["A"]), "/env/0",
	  "must be KEY=value, is \"A\"" },
	{ PROCESS("args": ["a"], "env": ["A=1", "=1"]), "/env/1",
	  "must be KEY=value, is \"=1\"" },
	{ PROCESS("args": ["a"], "env": ["A=1", ""]), "/env/1",
	  "must be KEY=value, is empty" },
	{ PROCESS("args": ["a"], "env": {"A": "1"}), "/env",
	  "must be a list, is an object" },
	{ PROCESS("args": ["a"], "cwd": "home"), "/cwd",
	  "must be an absolute path, is \"home\"" },
	{ PROCESS("args": ["a"], "user": {"uid": 4294967295}), "/user/uid",
	  "must be from 0 to 4294967294, is 4294967295" },
	{ PROCESS("args": ["a"], "user": {"gid": -1}), "/user/gid",
	  "must be from 0 to 4294967294, is -1" },
	{ PROCESS("args": ["a"], "user": {"uid": "root"}), "/user/uid",
	  "must be a number, is a string" },
	{ PROCESS("args": ["a"], "user": {"additionalGids": [1, -1]}),
	  "/user/additionalGids/1", "must be from 0" },
	{ PROCESS("args": ["a"], "user": {"umask": 512}), "/user/umask",
	  "must be from 0 to 511, is 512" },
	{ PROCESS("args": ["a"], "user": {"username": "a"}),
	  "/user/username", "unknown key" },
	{ PROCESS("args": ["a"], "noNewPrivileges": "yes"),
	  "/noNewPrivileges", "must be true or false, is a string" },
	{ PROCESS("args": ["a"], "noNewPrivileges": 0),
	  "/noNewPrivileges", "must be true or false, is a number" },
	{ PROCESS("args": ["a"], "oomScoreAdj": 1001), "/oomScoreAdj",
	  "must be from -1000 to 1000, is 1001" },
	{ PROCESS("args": ["a"], "oomScoreAdj": -1001), "/oomScoreAdj",
	  "must be from -1000 to 1000, is -1001" },
	{ PROCESS("args": ["a"], "oomScoreAdj": 1.0), "/oomScoreAdj",
	  "must be an integer, is 1.0" },
	{ PROCESS("args": ["a"], "oomScoreAdj": 1e2), "/oomScoreAdj",
	  "must be an integer, is 1e2" },
	{ PROCESS("args": ["a"], "oomScoreAdj": 1e999), "/oomScoreAdj",
	  "must be an integer, is 1e999" },
	{ PROCESS("args": ["a"], "capabilities": ["CAP_KILL"]),
	  "/capabilities", "must be an object, is a list" },
	{ PROCESS("args": ["a"], "capabilities": {"bounding": ["KILL"]}),
	  "/capabilities/bounding/0",
	  "must be the name of a capability, is \"KILL\"" },
	{ PROCESS("args": ["a"], "capabilities":
		  {"bounding": ["CAP_KILL", "cap_chown"]}),
	  "/capabilities/bounding/1", "is \"cap_chown\"" },
	{ PROCESS("args": ["a"], "capabilities":
		  {"bounding": ["CAP_KILL", "CAP_BPF", "CAP_KILL"]}),
	  "/capabilities/bounding/2",
	  "must be there once only, \"CAP_KILL\" was there before" },
	{ PROCESS("args": ["a"], "capabilities":
		  {"effective": ["CAP_KILL", "CAP_BPF"],
		   "permitted": ["CAP_KILL"]}),
	  "/capabilities/effective/1",
	  "\"CAP_BPF\" must be in \"permitted\" too" },
	{ PROCESS("args": ["a"], "capabilities":
		  {"ambient": ["CAP_KILL"], "inheritable": ["CAP_KILL"]}),
	  "/capabilities/ambient/0",
	  "\"CAP_KILL\" must be in \"permitted\" too" },
	{ PROCESS("args": ["a"], "rlimits": {}), "/rlimits",
	  "must be a list, is an object" },
	{ PROCESS("args": ["a"], "rlimits": [{"soft": 1, "hard": 1}]),
	  "/rlimits/0", "lacks \"type\"" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "RLIMIT_CPU", "hard": 1}]),
	  "/rlimits/0", "lacks \"soft\"" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "RLIMIT_CPU", "soft": 1}]),
	  "/rlimits/0", "lacks \"hard\"" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "NOFILE", "soft": 1, "hard": 1}]),
	  "/rlimits/0/type", "is \"NOFILE\"" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "RLIMIT_CPU", "soft": 2, "hard": 1}]),
	  "/rlimits/0/soft", "must be at most the hard limit, 1, is 2" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "RLIMIT_CPU", "soft": 1,
		    "hard": 18446744073709551616}]),
	  "/rlimits/0/hard", "must be from 0 to 18446744073709551615, is "
			     "18446744073709551616" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "RLIMIT_CPU", "soft": -1, "hard": 1}]),
	  "/rlimits/0/soft", "must be from 0 to 18446744073709551615, is "
			     "-1" },
	{ PROCESS("args": ["a"], "rlimits":
		  [{"type": "RLIMIT_CPU", "soft": 1, "hard": 1},
		   {"type": "RLIMIT_AS", "soft": 1, "hard": 1},
		   {"type": "RLIMIT_CPU", "soft": 1, "hard": 1}]),
	  "/rlimits/2", "must be there once only" },
	{ PROCESS("args": ["a"], "ARGS": ["b"]), "/ARGS",
	  "unknown key, did you mean \"args\"?" },
	{ PROCESS("args": ["a"], "rlimit": []), "/rlimit",
	  "unknown key, did you mean \"rlimits\"?" },
	{ PROCESS("args": ["a"], "commandLine": "a"), "/commandLine",
	  "unknown key" },
};

static void a_bad_process_is_blamed(void **state)
{
	const struct reading *reading;
	char pointer[128];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		reading = reading_of(bad[i].text);
		snprintf(pointer, sizeof(pointer), "/process%s",
			 bad[i].pointer);
		if (reading->faults.count != 1 ||
		    strcmp(reading->pointer, pointer) != 0 ||
		    !strstr(reading->message, bad[i].message))
			fail_msg("%s\nis told: %s", bad[i].text,
				 reading->told);
	}
}

static void a_limit_of_no_known_type_is_no_other_one(void **state)
{
	(void)state;
	assert_string_equal(reading_of(PROCESS("args": ["a"], "rlimits": [
		{"type": "CPU", "soft": 1, "hard": 1},
		{"type": "RLIMIT_CPU", "soft": 1, "hard": 1}]))->told,
		"/process/rlimits/0/type: must be a limit that getrlimit(2) "
		"has, as RLIMIT_NOFILE, is \"CPU\"\n");
}

static void a_long_value_is_quoted_in_part(void **state)
{
	const struct reading *reading;

	(void)state;
	reading = reading_of(PROCESS("args": ["a"], "cwd":
	"01234567890123456789012345678901234567890123456789012345678901234567890123456789"));

	assert_string_equal(reading->message,
		"must be an absolute path, is \"0123456789012345678901234567"
		"8901234567890123456789012345678901234567890123...\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_absent_has_its_default),
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(a_score_of_zero_is_a_score),
		cmocka_unit_test(each_set_of_capabilities_is_its_own),
		cmocka_unit_test(ambient_ones_need_not_be_inheritable),
		cmocka_unit_test(every_capability_has_its_number),
		cmocka_unit_test(every_limit_has_its_number),
		cmocka_unit_test(limits_are_exact_to_the_last_bit),
		cmocka_unit_test(a_bad_process_is_blamed),
		cmocka_unit_test(a_limit_of_no_known_type_is_no_other_one),
		cmocka_unit_test(a_long_value_is_quoted_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
