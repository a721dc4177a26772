/* process: from init to target, each step while it is still permitted */

#include "process/process.h"

#include <sys/prctl.h>
#include <sys/stat.h>

#include "fd.h"
#include "format.h"
#include "plan/words.h"
#include "process/steps.h"

const char *word_of(const struct words *words, uint32_t value,
		    struct failure *why)
{
	const struct word *word = word_of_value(words, value);

	if (!word)
		return NULL;
	format_text(why->object, sizeof(why->object), "%s%s", words->prefix,
		    word->text);
	return why->object;
}

static int forbid_new_privileges(struct failure *why)
{
	attempt(why, "/process/noNewPrivileges", WHOLE,
		"forbid new privileges", NULL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) < 0)
		return failed(why, "prctl");
	return 0;
}

int process_prepare(struct plan *plan, int root, int proc,
		    struct failure *why)
{
	const struct process_plan *process = &plan->process;
	autoclose int cwd = -1;

	why->stage = "process";
	if (environment_complete(plan, root, why) < 0 ||
	    cwd_open(process->cwd, root, &cwd, why) < 0 ||
	    session_start(why) < 0 ||
	    /* takes descriptors, which limits may deny */
	    labels_set(process, proc, why) < 0 ||
	    limits_set(process, proc, why) < 0 ||
	    schedule_set(process, why) < 0 ||
	    capabilities_check(process, why) < 0 ||
	    capabilities_bound(process, why) < 0 ||
	    /* the privileges of root end here */
	    identity_set(process, why) < 0 ||
	    capabilities_set(process, why) < 0)
		return -1;
	if (cwd >= 0 && cwd_enter(process->cwd, cwd, why) < 0)
		return -1;
	if (process->no_new_privileges && forbid_new_privileges(why) < 0)
		return -1;
	umask(process->umask);
	return 0;
}
