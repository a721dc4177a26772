/* later: parts of process that are not supported yet */

#include "later.h"

#include <stddef.h>

#include "read.h"
#include "words.h"

DEFINE_WORDS(filter_flags, "SECCOMP_FILTER_FLAG_",
	"a flag of seccomp(2), as SECCOMP_FILTER_FLAG_LOG",
	{ "TSYNC", 0x01 },
	{ "LOG", 0x02 },
	{ "SPEC_ALLOW", 0x04 },
	{ "WAIT_KILLABLE_RECV", 0x20 });

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
