/* later: parts of process that are not supported yet */

#include "later.h"

#include <stddef.h>

#include "sense.h"
#include "shapes.h"

static const struct range nice_value = { -20, 19 };
static const struct range any_int = { INT32_MIN, INT32_MAX };
static const struct range any_long = { 0, UINT64_MAX };
static const struct range io_level = { 0, 7 };
static const struct range window = { 0, UINT16_MAX };

#define WORDS(name, prefix, sentence, ...) \
	static const struct word name##_list[] = { __VA_ARGS__ }; \
	static const struct words name = { \
		sentence, prefix, name##_list, \
		sizeof(name##_list) / sizeof(name##_list[0]), \
	}

WORDS(policies, "SCHED_",
	"a policy of sched_setattr(2), as SCHED_BATCH",
	{ "OTHER", 0 },
	{ "FIFO", 1 },
	{ "RR", 2 },
	{ "BATCH", 3 },
	{ "ISO", 4 },
	{ "IDLE", 5 },
	{ "DEADLINE", 6 });

WORDS(scheduler_flags, "SCHED_FLAG_",
	"a flag of sched_setattr(2), as SCHED_FLAG_RECLAIM",
	{ "RESET_ON_FORK", 0x01 },
	{ "RECLAIM", 0x02 },
	{ "DL_OVERRUN", 0x04 },
	{ "KEEP_POLICY", 0x08 },
	{ "KEEP_PARAMS", 0x10 },
	{ "UTIL_CLAMP_MIN", 0x20 },
	{ "UTIL_CLAMP_MAX", 0x40 });

WORDS(io_classes, "IOPRIO_CLASS_",
	"one of IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE",
	{ "RT", 1 },
	{ "BE", 2 },
	{ "IDLE", 3 });

WORDS(domains, "", "one of LINUX, LINUX32",
	{ "LINUX", 0 },
	{ "LINUX32", 8 });

WORDS(filter_flags, "SECCOMP_FILTER_FLAG_",
	"a flag of seccomp(2), as SECCOMP_FILTER_FLAG_LOG",
	{ "TSYNC", 0x01 },
	{ "LOG", 0x02 },
	{ "SPEC_ALLOW", 0x04 },
	{ "WAIT_KILLABLE_RECV", 0x20 });

#define FIELD(name) .offset = offsetof(struct scheduler_plan, name)

static const struct row scheduler_rows[] = {
	{ "policy", read_word, .words = &policies, .required = true,
	  FIELD(policy) },
	{ "nice", read_number, .range = &nice_value, FIELD(nice) },
	{ "priority", read_number, .range = &any_int, FIELD(priority) },
	{ "flags", read_words, .words = &scheduler_flags, FIELD(flags) },
	{ "runtime", read_long, .range = &any_long, FIELD(runtime) },
	{ "deadline", read_long, .range = &any_long, FIELD(deadline) },
	{ "period", read_long, .range = &any_long, FIELD(period) },
};
const struct shape scheduler_shape =
	SHAPE(scheduler_rows, struct scheduler_plan);

#undef FIELD
#define FIELD(name) .offset = offsetof(struct io_priority_plan, name)

static const struct row io_priority_rows[] = {
	{ "class", read_word, .words = &io_classes, .required = true,
	  FIELD(class) },
	{ "priority", read_number, .range = &io_level, FIELD(priority) },
};
const struct shape io_priority_shape =
	SHAPE(io_priority_rows, struct io_priority_plan);

#undef FIELD
#define FIELD(name) .offset = offsetof(struct affinity_plan, name)

static const struct row affinity_rows[] = {
	{ "initial", read_text, .sense = cpu_list, FIELD(initial) },
	{ "final", read_text, .sense = cpu_list, FIELD(final) },
};
const struct shape affinity_shape =
	SHAPE(affinity_rows, struct affinity_plan);

#undef FIELD
#define FIELD(name) .offset = offsetof(struct personality_plan, name)

static const struct row personality_rows[] = {
	{ "domain", read_word, .words = &domains, .required = true,
	  FIELD(domain) },
	{ "flags", read_texts, .sense = some_text, FIELD(flags) },
};
const struct shape personality_shape =
	SHAPE(personality_rows, struct personality_plan);

#undef FIELD
#define FIELD(name) .offset = offsetof(struct console_plan, name)

static const struct row console_rows[] = {
	{ "height", read_number, .range = &window, .required = true,
	  FIELD(height) },
	{ "width", read_number, .range = &window, .required = true,
	  FIELD(width) },
};
const struct shape console_shape = SHAPE(console_rows, struct console_plan);

#undef FIELD
#define FIELD(name) .offset = offsetof(struct seccomp_plan, name)

static const struct row seccomp_rows[] = {
	{ "fd", read_number, .range = &any_fd, .required = true, FIELD(fd) },
	{ "flags", read_words, .words = &filter_flags, FIELD(flags) },
	{ "notify", read_bool, FIELD(notify) },
};
const struct shape seccomp_shape = SHAPE(seccomp_rows, struct seccomp_plan);
