/*
 * init-shim: the first process of a container.
 *
 * It reads a mount plan, builds the container's root filesystem in the mount
 * namespace that it was started in, lets its parent run hooks, switches the
 * root, drops privileges and becomes the target.  main tells it in order, a
 * line a stage; README.md tells the same for people.
 */

#include <string.h>
#include <unistd.h>

#include "about.h"
#include "devices.h"
#include "explain/explain.h"
#include "finalize.h"
#include "guard.h"
#include "hooks.h"
#include "memory.h"
#include "mounts/mounts.h"
#include "options.h"
#include "outside.h"
#include "plan/plan.h"
#include "process/process.h"
#include "reaper/reaper.h"
#include "reading.h"
#include "root.h"
#include "switch.h"
#include "sync/sync.h"
#include "terminal.h"

/* What is asked for is said, and nothing is touched. */
static int say(const char *text)
{
	return write(1, text, strlen(text)) < 0;
}

/* The target, its file and who is told of its filter. */
struct target {
	const struct plan *plan;
	const struct program *shim;
	struct sync *parent;
	struct failure *why;
};

static void become_target(void *of)
{
	const struct target *target = of;

	process_exec(target->plan, target->shim, target->parent, target->why);
}

/* No plan: a command, and the environment as it is. */
static int run_command(const struct options *opt, struct failure *why)
{
	const struct program unknown = { .inode = 0 };
	struct sync nobody = { .fd = -1 };
	struct plan plan = { .process.args = opt->command };
	struct target target = { &plan, &unknown, &nobody, why };
	struct reaper reaper;

	plan.process.env.items = environ;
	while (environ[plan.process.env.count])
		plan.process.env.count++;
	if (reaper_start(&reaper, &opt->reaping, become_target, &target,
			 why) == 0)
		return reaper_wait(&reaper);
	/* there is no plan to blame */
	why->item = NULL;
	return -1;
}

/* The target, with init a child of ours.  Returns the exit status, or -1. */
static int run_target(struct plan *plan, const struct program *shim,
		      struct sync *parent, struct failure *why)
{
	const struct reaping how = { .subreaper = true, .grace = -1 };
	struct target target = { plan, shim, parent, why };
	struct reaper reaper;

	if (!plan->process.init)	/* execve(2): no way back */
		return process_exec(plan, shim, parent, why);
	if (reaper_start(&reaper, &how, become_target, &target, why) < 0)
		return -1;
	if (process_disarm(why) < 0)
		return reaper_abandon(&reaper);
	plan_free(plan);
	memory_forget();
	return reaper_wait(&reaper);
}

/* The calls that build no container.  Returns the exit status. */
static int answer(const struct options *opt, struct failure *why)
{
	const struct sync nobody = { .fd = -1 };
	struct plan plan = {0};
	int status = -1;

	switch (opt->task) {
	case TASK_CHECK:
	case TASK_EXPLAIN:
		status = plan_tell_faults(&plan, opt, why);
		if (status == 0 && opt->task == TASK_EXPLAIN)
			status = plan_explain(&plan, why);
		break;
	case TASK_FEATURES:
		status = features_print(why);
		break;
	case TASK_REAPER:
		status = run_command(opt, why);
		break;
	case TASK_HELP:
		return say(options_help);
	case TASK_VERSION:
		return say(options_version);
	case TASK_CONTAINER:
		break;
	}
	return status < 0 ? sync_report(&nobody, why) : status;
}

/* Ourselves, as the procfs outside knows us while it can be asked. */
static int look_at_ourselves(const struct outside *outside,
			     struct program *shim, struct failure *why)
{
	process_find_shim(outside->root, shim);
	return process_reset_signals(outside->root, why);
}

int main(int argc, char **argv)
{
	struct options opt = {0};
	struct sync parent = { .fd = -1 };
	struct plan plan = {0};
	struct program shim;
	struct outside outside;
	struct inside inside;
	struct pty pty = { -1, -1 };
	struct failure why = {0};
	int status = -1;

	if (options_read(&opt, argc, argv, &why) < 0)
		return sync_report(&parent, &why);
	if (opt.task != TASK_CONTAINER)
		return answer(&opt, &why);

	if (sync_open(&parent, &opt, &why) < 0 ||
	    plan_read(&plan, &opt, &parent, &why) < 0 ||
	    process_read_filter(&plan, &why) < 0 ||
	    guard_host(&plan, &why) < 0 ||
	    /* the plan is right; from here on the world changes */
	    process_use_cpus(&plan, &why) < 0 ||
	    outside_open(&outside, &plan, &why) < 0 ||
	    root_prepare(&plan, &outside, &inside, &why) < 0 ||
	    mounts_attach(&plan, &outside, &inside, &parent, &why) < 0 ||
	    devices_make(&plan, &outside, &inside, &why) < 0 ||
	    terminal_make(&plan, &outside, &inside, &pty, &why) < 0 ||
	    hooks_announce(&plan, &parent, &why) < 0 ||
	    /* while the parent runs them */
	    look_at_ourselves(&outside, &shim, &why) < 0 ||
	    hooks_create(&plan, &parent, outside.null, &why) < 0 ||
	    /* the host's tree ends here, the container's begins */
	    root_switch(&plan, &outside, &inside, &why) < 0 ||
	    process_make_cwd(&plan, inside.root, &why) < 0 ||
	    finalize(&plan, &outside, &inside, &why) < 0 ||
	    process_prepare(&plan, inside.root, outside.proc, &why) < 0 ||
	    terminal_take(&pty, &parent, &why) < 0 ||
	    sync_ready(&parent, plan.sync.start, &why) < 0 ||
	    hooks_start(&plan, &parent, outside.null, &why) < 0 ||
	    (status = run_target(&plan, &shim, &parent, &why)) < 0)
		return sync_report(&parent, &why);
	return status;
}
