/* read_schedule: when and where the target runs, and as which Linux */

#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/personality.h>

#include "read.h"
#include "words.h"

DEFINE_WORDS(policies, "SCHED_",
	"a policy of sched_setattr(2), as SCHED_BATCH",
	{ "OTHER", 0 },
	{ "FIFO", 1 },
	{ "RR", 2 },
	{ "BATCH", 3 },
	{ "ISO", 4 },
	{ "IDLE", 5 },
	{ "DEADLINE", 6 });

DEFINE_WORDS(scheduler_flags, "SCHED_FLAG_",
	"a flag of sched_setattr(2), as SCHED_FLAG_RECLAIM",
	{ "RESET_ON_FORK", 0x01 },
	{ "RECLAIM", 0x02 },
	{ "DL_OVERRUN", 0x04 },
	{ "KEEP_POLICY", 0x08 },
	{ "KEEP_PARAMS", 0x10 },
	{ "UTIL_CLAMP_MIN", 0x20 },
	{ "UTIL_CLAMP_MAX", 0x40 });

DEFINE_WORDS(io_classes, "IOPRIO_CLASS_",
	"one of IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE",
	{ "RT", 1 },
	{ "BE", 2 },
	{ "IDLE", 3 });

DEFINE_WORDS(domains, "", "one of LINUX, LINUX32",
	{ "LINUX", 0 },
	{ "LINUX32", 8 });

#define FIELD(name) .offset = offsetof(struct scheduler_plan, name)

DEFINE_SHAPE(scheduler, struct scheduler_plan,
	{ "policy", READ(word), WORDS(policies), .required = true,
	  FIELD(policy) },
	{ "nice", READ(number), RANGE(nice_value), FIELD(nice) },
	{ "priority", READ(number), RANGE(any_priority), FIELD(priority) },
	{ "flags", READ(words), WORDS(scheduler_flags), FIELD(flags) },
	{ "runtime", READ(long), RANGE(any_long), FIELD(runtime) },
	{ "deadline", READ(long), RANGE(any_long), FIELD(deadline) },
	{ "period", READ(long), RANGE(any_long), FIELD(period) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct io_priority_plan, name)

DEFINE_SHAPE(io_priority, struct io_priority_plan,
	{ "class", READ(word), WORDS(io_classes), .required = true,
	  FIELD(class) },
	{ "priority", READ(number), RANGE(io_level), FIELD(priority) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct affinity_plan, name)

DEFINE_SHAPE(affinity, struct affinity_plan,
	{ "initial", READ(cpus), FIELD(initial) },
	{ "final", READ(cpus), FIELD(final) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct process_plan, name)

DEFINE_SHAPE(personality, struct process_plan,
	{ "domain", READ(word), WORDS(domains), .required = true,
	  FIELD(personality) },
	/* there is none, so that nothing is kept */
	{ "flags", READ(texts), SENSE(no_flag) });

#undef FIELD

enum scheduler_row {
	SCHEDULER_POLICY,
	SCHEDULER_NICE,
	SCHEDULER_PRIORITY,
};

#define IS(policy) (UINT32_C(1) << (policy))

/* sched_setattr(2) would say EINVAL of the one, and ignore the other. */
static void priority_check(struct reader *r, const struct scheduler_plan *plan)
{
	bool real_time = IS(plan->policy) & (IS(SCHED_FIFO) | IS(SCHED_RR));

	if (real_time != (plan->priority != 0))
		member_fault(r, "priority", real_time ?
			     "must be from 1 to 99 with this policy" :
			     "is for SCHED_FIFO and SCHED_RR only");
}

static void deadline_check(struct reader *r, const struct scheduler_plan *plan)
{
	if (plan->policy != SCHED_DEADLINE) {
		if (plan->runtime || plan->deadline || plan->period)
			own_fault(r, "has runtime, deadline or period, which "
				  "are for SCHED_DEADLINE only");
	} else if (plan->runtime < 1024 || plan->runtime > plan->deadline ||
		   (plan->period && plan->deadline > plan->period)) {
		own_fault(r, "must have 1024 <= runtime <= deadline <= "
			  "period, in nanoseconds");
	}
}

void scheduler_finish(struct reader *r, const cJSON *value, void *object,
		      struct seen seen)
{
	(void)value;
	if (seen.faulty || !(seen.given & ROW(SCHEDULER_POLICY)))
		return;
	priority_check(r, object);
	deadline_check(r, object);
}

/* Strictly decimal; NULL where there is none, or no such CPU. */
static const char *cpu_number(const char *text, unsigned *cpu)
{
	const char *at = text;

	for (*cpu = 0; *at >= '0' && *at <= '9' && *cpu < PLAN_CPUS; at++)
		*cpu = *cpu * 10 + (unsigned)(*at - '0');
	return at == text || *cpu >= PLAN_CPUS ? NULL : at;
}

/* One CPU or a range of them; NULL if it is neither. */
static const char *add_cpus(struct cpus *cpus, const char *text)
{
	const unsigned bits = 8 * sizeof(cpus->bits[0]);
	unsigned cpu, last;

	text = cpu_number(text, &cpu);
	last = cpu;
	if (text && *text == '-')
		text = cpu_number(text + 1, &last);
	if (!text || cpu > last)
		return NULL;
	for (; cpu <= last; cpu++)
		cpus->bits[cpu / bits] |= 1UL << cpu % bits;
	return text;
}

/* An empty list asks for nothing: runtime-spec, config.md. */
void read_cpus(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	const char *text = text_of(r, value, row->of);
	struct cpus *cpus;

	if (!text || !*text)
		return;
	cpus = keep_array(r, 1, sizeof(*cpus));
	if (!cpus)
		return;
	do
		text = add_cpus(cpus, text);
	while (text && *text++ == ',');
	if (!text || text[-1])
		own_fault(r, "must be a list of CPUs below %d, as in 0-3,7, "
			  "is %s", PLAN_CPUS, QUOTE(value->valuestring));
	*(const struct cpus **)field = cpus;
}
