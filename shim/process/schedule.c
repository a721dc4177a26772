/* schedule: when and where the target runs, and as which Linux */

#include <errno.h>
#include <string.h>
#include <sys/personality.h>

#include "kernel/task.h"
#include "process/process.h"
#include "process/steps.h"

static int set_cpus(const char *item, const struct cpus *cpus,
		    struct failure *why)
{
	attempt(why, item, WHOLE, "set the CPU affinity", NULL);
	if (task_set_affinity(cpus->bits, sizeof(cpus->bits), why) == 0)
		return 0;
	if (why->error == EINVAL)
		why->hint = "none of these CPUs is there, or in its cpuset";
	return -1;
}

int process_use_cpus(const struct plan *plan, struct failure *why)
{
	why->stage = "process";
	return plan->process.affinity.initial ?
	       set_cpus("/process/execCPUAffinity/initial",
			plan->process.affinity.initial, why) : 0;
}

/* What was for the setup only ends with it: runtime-spec, config.md. */
static int end_affinity(const struct affinity_plan *plan, struct failure *why)
{
	struct cpus all;

	if (plan->final)
		return set_cpus("/process/execCPUAffinity/final", plan->final,
				why);
	if (!plan->initial)
		return 0;
	memset(&all, 0xff, sizeof(all));
	return set_cpus("/process/execCPUAffinity", &all, why);
}

static int set_scheduler(const struct scheduler_plan *plan,
			 struct failure *why)
{
	const struct task_scheduler attributes = {
		.size = sizeof(attributes),
		.policy = plan->policy,
		.flags = plan->flags,
		.nice = plan->nice,
		.priority = plan->priority,
		.runtime = plan->runtime,
		.deadline = plan->deadline,
		.period = plan->period,
	};

	attempt(why, "/process/scheduler", WHOLE, "set the scheduler", NULL);
	if (task_set_scheduler(&attributes, why) == 0)
		return 0;
	if (why->error == EPERM)
		why->hint = "it takes CAP_SYS_NICE, of the host, or limits "
			    "that reach as far; SCHED_DEADLINE takes all CPUs, "
			    "too";
	else if (why->error == EINVAL)
		why->hint = "this kernel does not know the policy or a flag, "
			    "or its values do not go with it";
	else if (why->error == EBUSY)
		why->hint = "the CPUs have no such time left";
	return -1;
}

static int set_io_priority(const struct io_priority_plan *plan,
			   struct failure *why)
{
	attempt(why, "/process/ioPriority", WHOLE, "set the I/O priority",
		NULL);
	if (task_set_io_priority(plan->class, plan->priority, why) == 0)
		return 0;
	if (why->error == EPERM)
		why->hint = "IOPRIO_CLASS_RT takes CAP_SYS_NICE, of the host";
	return -1;
}

static int set_personality(uint32_t persona, struct failure *why)
{
	attempt(why, "/process/personality", WHOLE, "set the personality",
		NULL);
	return personality(persona) < 0 ? failed(why, "personality") : 0;
}

int schedule_set(const struct process_plan *process, struct failure *why)
{
	/* SCHED_DEADLINE takes all CPUs, and holds them: sched(7) */
	if (end_affinity(&process->affinity, why) < 0 ||
	    (process->has_scheduler &&
	     set_scheduler(&process->scheduler, why) < 0) ||
	    (process->io_priority.class &&
	     set_io_priority(&process->io_priority, why) < 0) ||
	    (process->has_personality &&
	     set_personality(process->personality, why) < 0))
		return -1;
	return 0;
}
