/* process: who the target is, and how the shim becomes it */

#include "explain/sheet.h"

#include "format.h"

static void limits(struct sheet *to, const struct process_plan *process)
{
	char range[64];
	size_t i;

	for (i = 0; i < process->limit_count; i++) {
		const struct resource_limit *limit = &process->limits[i];

		say(to, "\nlimit");
		say_word(to, &resources, (uint32_t)limit->resource);
		format_text(range, sizeof(range), "%llu, at most %llu",
			    (unsigned long long)limit->soft,
			    (unsigned long long)limit->hard);
		say(to, " to %s", range);
	}
}

static void capability_set(struct sheet *to, const char *name, uint64_t set)
{
	uint32_t i;

	say(to, "\nset the %s capabilities:%s", name, set ? "" : " none");
	for (i = 0; set; i++, set >>= 1)
		if (set & 1)
			say_word(to, &capabilities, i);
}

/* As enum capability_set has them, behind the bounding set. */
static const char set_names[][12] = {
	"effective", "permitted", "inheritable", "ambient",
};

static void labels(struct sheet *to, const struct process_plan *process)
{
	if (process->selinux_label)
		say(to, "\nset the SELinux label %s", process->selinux_label);
	if (process->apparmor_profile)
		say(to, "\nset the AppArmor profile %s",
		    process->apparmor_profile);
	if (process->session_keyring)
		say(to, "\nbegin a session keyring");
}

static void schedule(struct sheet *to, const struct process_plan *process)
{
	const struct scheduler_plan *scheduler = &process->scheduler;

	if (process->affinity.initial || process->affinity.final)
		say(to, "\nrun on %s CPUs",
		    process->affinity.final ? "the final" : "all");
	if (process->has_scheduler) {
		say(to, "\nset the scheduler");
		say_word(to, &policies, scheduler->policy);
		say(to, ", nice %d, priority %u", scheduler->nice,
		    scheduler->priority);
	}
	if (process->io_priority.class) {
		say(to, "\nset the I/O priority");
		say_word(to, &io_classes, process->io_priority.class);
		say(to, " %u", process->io_priority.priority);
	}
	if (process->has_personality)
		say(to, "\nset the personality %u", process->personality);
}

void explain_process(struct sheet *to, const struct process_plan *process)
{
	size_t i;

	say(to, "\nlook up HOME, where env has none");
	say(to, "\ngo to %s, which must be inside", process->cwd);
	say(to, "\nbegin a session");
	labels(to, process);
	if (process->has_oom_score)
		say(to, "\nset oom_score_adj to %d", process->oom_score_adj);
	limits(to, process);
	schedule(to, process);
	capability_set(to, "bounding", process->capabilities[CAPS_BOUNDING]);
	say(to, "\nbecome user %u, group %u, additional groups:%s",
	     process->uid, process->gid, process->group_count ? "" : " none");
	for (i = 0; i < process->group_count; i++)
		say(to, " %u", process->groups[i]);
	for (i = CAPS_EFFECTIVE; i < CAPS_SETS; i++)
		capability_set(to, set_names[i - CAPS_EFFECTIVE],
			       process->capabilities[i]);
	if (process->no_new_privileges)
		say(to, "\nforbid new privileges");
	say(to, "\nset the umask 0%o", process->umask);
}

void explain_target(struct sheet *to, const struct plan *plan)
{
	const struct process_plan *process = &plan->process;

	if (process->terminal)
		say(to, "\ngive the terminal to 0-2, its master to a parent");
	say(to, "\ntell a parent \"ready\"%s", plan->sync.start ?
	    ", wait for its \"start\"" : "");
	say_commands(to, "hook startContainer", &plan->start_container);
	if (process->init)
		say(to, "\nstay as PID 1, with what follows in a child");
	say(to, "\nclose all but descriptors 0-%u",
	    process->preserve_fds + 2);
	if (process->seccomp.fd >= 0)
		say(to, "\ninstall the seccomp filter%s",
		    process->seccomp.notify ? ", its listener to a parent" :
		    "");
	say(to, "\nexecute");
	say_all(to, process->args);
}
