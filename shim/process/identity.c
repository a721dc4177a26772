/* identity: a session, groups and user, and nothing of who started us */

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel/task.h"
#include "process/steps.h"

int session_start(struct failure *why)
{
	attempt(why, NULL, WHOLE, "start a session", NULL);
	/* out of reach for TIOCSTI on the caller's terminal: CVE-2017-5226 */
	if (setsid() >= 0)
		return 0;
	failed(why, "setsid");
	/* who leads a session already has one of its own */
	if (getsid(0) == getpid())
		return 0;
	why->hint = "the shim leads the process group of an interactive "
		    "shell's job: have it forked, by unshare --fork or "
		    "setsid(1)";
	return -1;
}

static bool has_group(const gid_t *groups, size_t count, gid_t group)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* Are they the planned ones?  The primary group may be listed or not. */
static bool is_planned(const struct process_plan *process,
		       const gid_t *groups, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (groups[i] != process->gid &&
		    !has_group(process->groups, process->group_count,
			       groups[i]))
			return false;
	for (i = 0; i < process->group_count; i++)
		if (process->groups[i] != process->gid &&
		    !has_group(groups, count, process->groups[i]))
			return false;
	return true;
}

/* More than any user is in; who is in more has to be allowed setgroups(2). */
#define INHERITED_GROUPS 256

/*
 * Where a user namespace denies setgroups(2) the inherited groups stay, and
 * with them what they may read.  That is right only when the plan says so; a
 * group that has no number here reads 65534, and is planned by that number.
 */
static int accept_inherited(const struct process_plan *process,
			    struct failure *why)
{
	gid_t inherited[INHERITED_GROUPS];
	int count = getgroups(INHERITED_GROUPS, inherited);

	if (count >= 0 && is_planned(process, inherited, (size_t)count))
		return 0;
	why->hint = "this user namespace denies setgroups(2) "
		    "(/proc/PID/setgroups; newgidmap(1) does not), and the "
		    "inherited groups, 65534 where they have no number here, "
		    "are not the planned ones";
	return -1;
}

static int set_groups(const struct process_plan *process, struct failure *why)
{
	attempt(why, "/process/user/additionalGids", WHOLE, "set",
		"the additional groups");
	if (task_set_groups(process->group_count, process->groups, why) == 0)
		return 0;
	if (why->error == EPERM)
		return accept_inherited(process, why);
	if (why->error == EINVAL)
		why->hint = "one of them is not mapped in this user namespace";
	return -1;
}

static int explain_id(const char *what, unsigned id, struct failure *why)
{
	if (why->error != EINVAL)
		return -1;
	return explained(why, "%s %u is not mapped in this user namespace",
			 what, id);
}

static int set_group(gid_t gid, struct failure *why)
{
	attempt(why, "/process/user/gid", WHOLE, "become", "the group");
	return task_set_gid(gid, why) < 0 ? explain_id("gid", gid, why) : 0;
}

static int set_user(uid_t uid, struct failure *why)
{
	attempt(why, "/process/user/uid", WHOLE, "become", "the user");
	return task_set_uid(uid, why) < 0 ? explain_id("uid", uid, why) : 0;
}

/*
 * A change of ids makes the process as dumpable as fs.suid_dumpable says,
 * which a host may have at 1: the target's user could then attach to what
 * still holds the shim's memory and descriptors.  CVE-2016-9962.
 */
static int stay_undumpable(struct failure *why)
{
	if (prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) < 0)
		return failed(why, "prctl");
	return 0;
}

int identity_set(const struct process_plan *process, struct failure *why)
{
	if (set_groups(process, why) < 0 ||
	    set_group(process->gid, why) < 0)
		return -1;
	/* or leaving uid 0 clears the permitted set; execve(2) takes it back */
	if (process->uid && prctl(PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL) < 0)
		return failed(why, "prctl");
	if (set_user(process->uid, why) < 0)
		return -1;
	return process->uid || process->gid ? stay_undumpable(why) : 0;
}
