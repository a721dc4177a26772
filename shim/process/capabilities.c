/* capabilities: the five sets, each exactly as planned (capabilities(7)) */

#include <errno.h>
#include <sys/prctl.h>

#include "kernel/task.h"
#include "plan/words.h"
#include "process/process.h"
#include "process/steps.h"

#define BIT(capability) ((uint64_t)1 << (capability))
#define CAP_KILL 5
#define CAP_SYS_ADMIN 21

/* Characters, for pointers in a table are relocated at start. */
static const char pointers[CAPS_SETS][34] = {
	[CAPS_BOUNDING] = "/process/capabilities/bounding",
	[CAPS_EFFECTIVE] = "/process/capabilities/effective",
	[CAPS_PERMITTED] = "/process/capabilities/permitted",
	[CAPS_INHERITABLE] = "/process/capabilities/inheritable",
	[CAPS_AMBIENT] = "/process/capabilities/ambient",
};

/* What a filter without no_new_privs takes; execve(2) takes it away again. */
static uint64_t filter_needs(const struct process_plan *process)
{
	return process->seccomp.program.length &&
	       !process->no_new_privileges ? BIT(CAP_SYS_ADMIN) : 0;
}

/* prctl(2) of libc reads four arguments, whatever the option needs. */
static int bounding(int option, unsigned capability)
{
	return prctl(option, (unsigned long)capability, 0UL, 0UL, 0UL);
}

static int ambient(unsigned long option, unsigned capability)
{
	return prctl(PR_CAP_AMBIENT, option, (unsigned long)capability, 0UL,
		     0UL);
}

static void blame(enum capability_set set, const char *step,
		  unsigned capability, struct failure *why)
{
	attempt(why, pointers[set], WHOLE, step,
		word_of(&capabilities, capability, why));
}

static unsigned lowest(uint64_t set)
{
	return (unsigned)__builtin_ctzll(set);
}

/* Refuse the first of the set's capabilities that is not among "there". */
static int require(const struct process_plan *process, enum capability_set set,
		   uint64_t there, const char *reason, struct failure *why)
{
	uint64_t missing = process->capabilities[set] & ~there;

	if (!missing)
		return 0;
	blame(set, "grant", lowest(missing), why);
	if (bounding(PR_CAPBSET_READ, lowest(missing)) < 0)
		reason = "this kernel does not know it";
	return refused(why, "%s", reason);
}

/*
 * Those of "wanted" that are in the bounding set.  What execve(2) gave the
 * shim came from there, unless it was inheritable, so that most need no call.
 */
static uint64_t find_bounding(uint64_t wanted,
			      const struct task_capabilities *held)
{
	uint64_t found = held->permitted & ~held->inheritable;
	uint64_t ask;

	for (ask = wanted & ~found; ask; ask &= ask - 1)
		if (bounding(PR_CAPBSET_READ, lowest(ask)) == 1)
			found |= BIT(lowest(ask));
	return found;
}

int capabilities_check(const struct process_plan *process, struct failure *why)
{
	const uint64_t *planned = process->capabilities;
	struct task_capabilities held;

	attempt(why, "/process/capabilities", WHOLE, "read",
		"the capabilities");
	if (task_get_capabilities(&held, why) < 0)
		return -1;
	if (require(process, CAPS_BOUNDING,
		    find_bounding(planned[CAPS_BOUNDING], &held),
		    "the shim's own bounding set lacks it", why) < 0 ||
	    require(process, CAPS_PERMITTED, held.permitted,
		    "the shim does not hold it", why) < 0 ||
	    require(process, CAPS_EFFECTIVE, planned[CAPS_PERMITTED],
		    "it is not among the permitted ones", why) < 0 ||
	    require(process, CAPS_INHERITABLE, held.permitted,
		    "the shim does not hold it", why) < 0 ||
	    require(process, CAPS_INHERITABLE, planned[CAPS_BOUNDING],
		    "it is not among the bounding ones", why) < 0)
		return -1;
	if (!(filter_needs(process) & ~held.permitted))
		return 0;
	attempt(why, "/process/seccomp", WHOLE, "install",
		"the seccomp filter");
	return refused(why, "without noNewPrivileges it takes CAP_SYS_ADMIN, "
		       "and the shim does not hold it");
}

int capabilities_bound(const struct process_plan *process, struct failure *why)
{
	unsigned capability;

	/* up to the kernel's last, of which the plan need not have heard */
	for (capability = 0; capability < 64; capability++) {
		if (process->capabilities[CAPS_BOUNDING] & BIT(capability))
			continue;
		if (bounding(PR_CAPBSET_DROP, capability) == 0)
			continue;
		if (errno == EINVAL)
			break;
		blame(CAPS_BOUNDING, "drop", capability, why);
		why->hint = "it takes CAP_SETPCAP";
		return failed(why, "prctl");
	}
	return 0;
}

static int set_ambient(uint64_t wanted, uint64_t inherited,
		       struct failure *why)
{
	if ((inherited & ~wanted) && ambient(PR_CAP_AMBIENT_CLEAR_ALL, 0) < 0)
		return failed(why, "prctl");
	for (; wanted; wanted &= wanted - 1) {
		blame(CAPS_AMBIENT, "raise", lowest(wanted), why);
		if (ambient(PR_CAP_AMBIENT_RAISE, lowest(wanted)) < 0)
			return failed(why, "prctl");
	}
	return 0;
}

int capabilities_set(const struct process_plan *process, struct failure *why)
{
	const uint64_t *planned = process->capabilities;
	const uint64_t more = filter_needs(process);
	const struct task_capabilities sets = {
		.effective = planned[CAPS_EFFECTIVE] | more,
		.permitted = planned[CAPS_PERMITTED] | more,
		.inheritable = planned[CAPS_INHERITABLE],
	};
	/*
	 * Ambient ones are permitted and inheritable, or void: "runc spec"
	 * plans such, and runc leaves them out, too.  From the parent there
	 * can be no others after capset(2), and none at all where uid 0 was
	 * left behind.
	 */
	uint64_t possible = planned[CAPS_PERMITTED] & sets.inheritable;

	attempt(why, "/process/capabilities", WHOLE, "set",
		"the capabilities");
	if (task_set_capabilities(&sets, why) < 0)
		return -1;
	return set_ambient(planned[CAPS_AMBIENT] & possible,
			   process->uid ? 0 : possible, why);
}

int process_disarm(struct failure *why)
{
	struct task_capabilities sets;

	attempt(why, NULL, WHOLE, "give up", "the capabilities");
	if (task_get_capabilities(&sets, why) < 0)
		return -1;
	sets.permitted &= BIT(CAP_KILL);
	sets.effective = sets.permitted;
	sets.inheritable = 0;
	return task_set_capabilities(&sets, why);
}
