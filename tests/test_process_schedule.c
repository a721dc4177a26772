/* process_schedule: when and where the target runs, and as which Linux */

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box.h"

/* The target that tells, in /bin/show's words. */
#define SHOW(...) \
	"\"mounts\": [{\"destination\": \"/proc\", \"type\": \"proc\"}], " \
	"\"process\": {\"args\": [\"/bin/show\", \"limits\"], " \
	#__VA_ARGS__ "}"

static void show(struct box *box, const char *plan)
{
	box_program(box, "show");
	box_dir(box, "/proc", 0755);
	box_run(box, "%s", plan);
	if (box->pid)
		box_wait(box);
}

/* Is there a line of these words? */
static bool tells(const struct box *box, const char *line)
{
	size_t length = strlen(line);
	const char *at = box->output;

	while ((at = strstr(at, line))) {
		if ((at == box->output || at[-1] == '\n') &&
		    at[length] == '\n')
			return true;
		at += length;
	}
	return false;
}

#define assert_tells(box, line) \
	do { \
		assert_string_equal((box)->error, ""); \
		if (!tells(box, line)) \
			fail_msg("no \"%s\" in:\n%s", line, (box)->output); \
	} while (0)

static void nothing_is_changed_where_nothing_is_planned(void **state)
{
	struct box *box = *state;

	show(box, SHOW("cwd": "/"));

	assert_tells(box, "scheduler 0 flags 0 nice 0 priority 0");
	assert_tells(box, "ioprio 0");
	assert_tells(box, "personality 0");
}

static void time_shared_policies_have_their_nice_value(void **state)
{
	struct box *box = *state;

	show(box, SHOW("scheduler": {"policy": "SCHED_OTHER", "nice": 7}));
	assert_tells(box, "scheduler 0 flags 0 nice 7 priority 0");

	show(box, SHOW("scheduler": {"policy": "SCHED_BATCH", "nice": 3}));
	assert_tells(box, "scheduler 3 flags 0 nice 3 priority 0");

	show(box, SHOW("scheduler": {"policy": "SCHED_IDLE"}));
	assert_tells(box, "scheduler 5 flags 0 nice 0 priority 0");
}

/* Some machines grant groups of tasks no real time, or have no CAP_SYS_NICE. */
static void need_real_time(void)
{
	const struct sched_param one = { .sched_priority = 1 }, none = { 0 };

	if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &one) < 0)
		box_skip("no real time is granted on this machine");
	assert_int_equal(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER,
				 &none), 0);
}

static void real_time_policies_have_their_priority(void **state)
{
	struct box *box = *state;

	need_real_time();
	show(box, SHOW("scheduler": {"policy": "SCHED_FIFO", "priority": 12,
				     "flags": ["SCHED_FLAG_RESET_ON_FORK"]}));
	assert_tells(box, "scheduler 1 flags 0x1 nice 0 priority 12");

	show(box, SHOW("scheduler": {"policy": "SCHED_RR", "priority": 99}));
	assert_tells(box, "scheduler 2 flags 0 nice 0 priority 99");
}

static void deadline_has_its_times(void **state)
{
	struct box *box = *state;

	need_real_time();
	show(box, SHOW("scheduler": {"policy": "SCHED_DEADLINE",
		"runtime": 1000000, "deadline": 20000000, "period": 30000000,
		"flags": ["SCHED_FLAG_RECLAIM"]}));
	if (strstr(box->error, "Resource busy") ||
	    strstr(box->error, "not permitted"))
		box_skip("SCHED_DEADLINE takes a cpuset without others");
	assert_tells(box, "scheduler 6 flags 0x2 nice 0 priority 0");
	assert_tells(box, "deadline 1000000 20000000 30000000");
}

static void planned_schedule_outlives_the_privileges(void **state)
{
	struct box *box = *state;

	need_real_time();
	show(box, SHOW("user": {"uid": 1000, "gid": 1000},
		       "noNewPrivileges": true, "oomScoreAdj": 100,
		       "rlimits": [{"type": "RLIMIT_NICE", "soft": 0,
				    "hard": 0},
				   {"type": "RLIMIT_NOFILE", "soft": 3,
				    "hard": 3}],
		       "scheduler": {"policy": "SCHED_OTHER", "nice": -5},
		       "ioPriority": {"class": "IOPRIO_CLASS_RT",
				      "priority": 3},
		       "personality": {"domain": "LINUX32"}));

	assert_tells(box, "scheduler 0 flags 0 nice -5 priority 0");
	assert_tells(box, "ioprio 8195");
	assert_tells(box, "personality 0x8");
}

static void schedule_that_takes_privileges_of_the_host_says_so(void **state)
{
	struct box *box = *state;

	show(box, SHOW("scheduler": {"policy": "SCHED_RR", "priority": 1}));
	assert_string_equal(box->error, "cannot set the scheduler: "
		"sched_setattr: Operation not permitted; it takes "
		"CAP_SYS_NICE, of the host, or limits that reach as far; "
		"SCHED_DEADLINE takes all CPUs, too "
		"(plan item /process/scheduler)");

	show(box, SHOW("ioPriority": {"class": "IOPRIO_CLASS_RT"}));
	assert_string_equal(box->error, "cannot set the I/O priority: "
		"ioprio_set: Operation not permitted; IOPRIO_CLASS_RT takes "
		"CAP_SYS_NICE, of the host (plan item /process/ioPriority)");
}

static void io_priorities_are_the_planned_ones(void **state)
{
	struct box *box = *state;

	show(box, SHOW("ioPriority": {"class": "IOPRIO_CLASS_BE",
				      "priority": 7}));
	assert_tells(box, "ioprio 16391");

	show(box, SHOW("ioPriority": {"class": "IOPRIO_CLASS_IDLE"}));
	assert_tells(box, "ioprio 24576");
}

static void inherit_a_personality(struct box *box)
{
	(void)box;
	personality(PER_LINUX | ADDR_NO_RANDOMIZE);
}

static void personality_is_all_of_it(void **state)
{
	struct box *box = *state;

	box->before = inherit_a_personality;
	show(box, SHOW("personality": {"domain": "LINUX32"}));
	assert_tells(box, "personality 0x8");

	show(box, SHOW("personality": {"domain": "LINUX", "flags": []}));
	assert_tells(box, "personality 0");
}

/* Also of a shim that is not dumpable, whose files in /proc are root's. */
static void oom_score_is_the_planned_one(void **state)
{
	struct box *box = *state;

	show(box, SHOW("oomScoreAdj": 345, "user": {"uid": 1000, "gid": 1000},
		       "noNewPrivileges": true));

	assert_tells(box, "oom_score_adj 345");
}

static char cpus_meanwhile[64];

static void ask_for_cpus(struct box *box)
{
	const char *line = strstr(box_proc(box, "status"),
				  "Cpus_allowed_list:\t");

	snprintf(cpus_meanwhile, sizeof(cpus_meanwhile), "%.*s",
		 (int)strcspn(line, "\n"), line);
}

static void need_two_cpus(void)
{
	cpu_set_t cpus;

	assert_int_equal(sched_getaffinity(0, sizeof(cpus), &cpus), 0);
	if (!CPU_ISSET(0, &cpus) || !CPU_ISSET(1, &cpus))
		box_skip("it takes the CPUs 0 and 1");
}

static void initial_affinity_is_for_the_setup_final_for_the_target(void **state)
{
	struct box *box = *state;

	need_two_cpus();
	box->hooks = ask_for_cpus;
	show(box, SHOW("execCPUAffinity": {"initial": "1", "final": "0"}));

	assert_string_equal(cpus_meanwhile, "Cpus_allowed_list:\t1");
	assert_tells(box, "cpus 0");
}

static void without_a_final_one_all_cpus_are_back(void **state)
{
	struct box *box = *state;
	char all[64];

	need_two_cpus();
	show(box, SHOW("execCPUAffinity": {"final": "0-8191"}));
	assert_string_equal(box->error, "");
	snprintf(all, sizeof(all), "%.*s",
		 (int)strcspn(strstr(box->output, "cpus "), "\n"),
		 strstr(box->output, "cpus "));

	box->hooks = ask_for_cpus;
	show(box, SHOW("execCPUAffinity": {"initial": "1"}));

	assert_string_equal(cpus_meanwhile, "Cpus_allowed_list:\t1");
	assert_tells(box, all);
}

static void cpu_that_is_not_there_is_blamed(void **state)
{
	struct box *box = *state;

	show(box, SHOW("execCPUAffinity": {"final": "8000-8191"}));
	assert_string_equal(box->error, "cannot set the CPU affinity: "
		"sched_setaffinity: Invalid argument; none of these CPUs is "
		"there, or in its cpuset "
		"(plan item /process/execCPUAffinity/final)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(nothing_is_changed_where_nothing_is_planned),
		BOX_TEST_ALL(time_shared_policies_have_their_nice_value),
		BOX_TEST(real_time_policies_have_their_priority),
		BOX_TEST(deadline_has_its_times),
		BOX_TEST(planned_schedule_outlives_the_privileges),
		BOX_TEST_IN_USERNS(
			schedule_that_takes_privileges_of_the_host_says_so),
		BOX_TEST_ALL(io_priorities_are_the_planned_ones),
		BOX_TEST_ALL(personality_is_all_of_it),
		BOX_TEST_BOTH(oom_score_is_the_planned_one),
		BOX_TEST_ALL(
			initial_affinity_is_for_the_setup_final_for_the_target),
		BOX_TEST_ALL(without_a_final_one_all_cpus_are_back),
		BOX_TEST(cpu_that_is_not_there_is_blamed),
	};

	return cmocka_run_group_tests_name("process_schedule", tests, NULL,
					   NULL);
}
