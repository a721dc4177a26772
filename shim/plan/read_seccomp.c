/* read_seccomp: where the filter's program is, and how it is installed */

#include <stddef.h>

#include "kernel/abi.h"
#include "shapes.h"
#include "words.h"

DEFINE_WORDS(filter_flags, "SECCOMP_FILTER_FLAG_",
	"a flag of seccomp(2), as SECCOMP_FILTER_FLAG_LOG",
	{ "TSYNC", FILTER_TSYNC },
	{ "LOG", FILTER_LOG },
	{ "SPEC_ALLOW", FILTER_SPEC_ALLOW },
	{ "WAIT_KILLABLE_RECV", FILTER_WAIT_KILLABLE });

#define FIELD(name) .offset = offsetof(struct seccomp_plan, name)

DEFINE_SHAPE(seccomp, struct seccomp_plan,
	{ "fd", READ(number), RANGE(any_fd), .required = true, FIELD(fd) },
	{ "flags", READ(words), WORDS(filter_flags), FIELD(flags) },
	{ "notify", READ(bool), FIELD(notify) });

void seccomp_finish(struct reader *r, const cJSON *value, void *object,
		    struct seen seen)
{
	const struct seccomp_plan *seccomp = object;

	(void)value;
	(void)seen;
	if (seccomp->notify)
		needs_parent(r, "notify");
	else if (seccomp->flags & FILTER_WAIT_KILLABLE)
		member_fault(r, "flags", "SECCOMP_FILTER_FLAG_"
			     "WAIT_KILLABLE_RECV needs \"notify\"");
}
