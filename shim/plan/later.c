/* later: parts of process that are not supported yet */

#include "later.h"

#include <stddef.h>

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

DEFINE_WORDS(filter_flags, "SECCOMP_FILTER_FLAG_",
	"a flag of seccomp(2), as SECCOMP_FILTER_FLAG_LOG",
	{ "TSYNC", 0x01 },
	{ "LOG", 0x02 },
	{ "SPEC_ALLOW", 0x04 },
	{ "WAIT_KILLABLE_RECV", 0x20 });

#define FIELD(name) .offset = offsetof(struct scheduler_plan, name)

DEFINE_SHAPE(scheduler, struct scheduler_plan,
	{ "policy", READ(word), WORDS(policies), .required = true,
	  FIELD(policy) },
	{ "nice", READ(number), RANGE(nice_value), FIELD(nice) },
	{ "priority", READ(number), RANGE(any_int), FIELD(priority) },
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
	{ "initial", READ(text), SENSE(cpu_list), FIELD(initial) },
	{ "final", READ(text), SENSE(cpu_list), FIELD(final) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct personality_plan, name)

DEFINE_SHAPE(personality, struct personality_plan,
	{ "domain", READ(word), WORDS(domains), .required = true,
	  FIELD(domain) },
	{ "flags", READ(texts), SENSE(some_text), FIELD(flags) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct console_plan, name)

DEFINE_SHAPE(console, struct console_plan,
	{ "height", READ(number), RANGE(window), .required = true,
	  FIELD(height) },
	{ "width", READ(number), RANGE(window), .required = true,
	  FIELD(width) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct seccomp_plan, name)

DEFINE_SHAPE(seccomp, struct seccomp_plan,
	{ "fd", READ(number), RANGE(any_fd), .required = true, FIELD(fd) },
	{ "flags", READ(words), WORDS(filter_flags), FIELD(flags) },
	{ "notify", READ(bool), FIELD(notify) });
