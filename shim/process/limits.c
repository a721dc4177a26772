/* limits: what the kernel grants the target, and when it kills it */

#include <errno.h>
#include <sys/resource.h>

#include "kernel/proc.h"
#include "format.h"
#include "plan/words.h"
#include "process/steps.h"

static int set_oom_score(int score, int proc, struct failure *why)
{
	char value[16];

	attempt(why, "/process/oomScoreAdj", WHOLE, "set", "the OOM score");
	format_text(value, sizeof(value), "%d", score);
	if (proc_write(proc, "self/oom_score_adj", value, why) == 0)
		return 0;
	if (why->error == EACCES)
		why->hint = "a score below the inherited one takes "
			    "CAP_SYS_RESOURCE, of the host";
	return -1;
}

static int set_limit(const struct resource_limit *planned,
		     struct failure *why)
{
	const struct rlimit limit = {
		.rlim_cur = planned->soft,
		.rlim_max = planned->hard,
	};

	if (prlimit(0, planned->resource, &limit, NULL) == 0)
		return 0;
	if (errno == EPERM)
		why->hint = planned->resource == RLIMIT_NOFILE ?
			    "a hard limit above the inherited one takes "
			    "CAP_SYS_RESOURCE, of the host, and may not pass "
			    "the sysctl fs.nr_open" :
			    "a hard limit above the inherited one takes "
			    "CAP_SYS_RESOURCE, of the host";
	return failed(why, "prlimit");
}

int limits_set(const struct process_plan *process, int proc,
	       struct failure *why)
{
	size_t i;

	/* first, for a descriptor is needed, and RLIMIT_NOFILE may deny it */
	if (process->has_oom_score &&
	    set_oom_score(process->oom_score_adj, proc, why) < 0)
		return -1;
	for (i = 0; i < process->limit_count; i++) {
		const struct resource_limit *limit = &process->limits[i];

		attempt(why, "/process/rlimits", i, "set",
			word_of(&resources, (uint32_t)limit->resource, why));
		if (set_limit(limit, why) < 0)
			return -1;
	}
	return 0;
}
