/* outside: what is taken along from the parent's mount namespace */

#include "outside.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "devices.h"
#include "fd.h"
#include "kernel/file.h"
#include "kernel/proc.h"
#include "kernel/task.h"

/*
 * In a new user namespace the parent has written the maps by now.  Groups are
 * left as they are: whether they may be dropped there is the target's matter.
 */
static int become_root(struct failure *why)
{
	static const char unmapped[] =
		"write its uid_map and gid_map before the plan is sent, and "
		"before the shim is executed, or it has no privileges there";

	attempt(why, "/namespaces", WHOLE, "become root in the user namespace",
		NULL);
	why->hint = unmapped;
	if (task_set_gid(0, why) < 0 || task_set_uid(0, why) < 0)
		return -1;
	return 0;
}

bool is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

int null_open(int dir, const char *path, int flags, struct failure *why)
{
	autorelease int null = file_open(dir, path, flags | O_NOCTTY, why);
	struct stat st;

	if (null < 0 || file_look(null, &st, why) < 0)
		return -1;
	if (!is_null(&st))
		return refused(why, "it is not the character device 1:3");
	return take(&null);
}

/* For commands, and for masks where the container has none of its own. */
static bool needs_null(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->mount_count; i++)
		if (plan->mounts[i].extra)
			return true;
	return plan->create_container.count || plan->start_container.count ||
	       (plan->masked_paths.count && !devices_make_null(plan));
}

static bool needs_proc(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->mount_count; i++)
		if ((plan->mounts[i].flags & MOUNT_IDMAP) ||
		    strcmp(plan->mounts[i].type, "cgroup") == 0)
			return true;
	return plan->sysctl_count || plan->process.has_oom_score ||
	       plan->process.selinux_label || plan->process.apparmor_profile ||
	       plan->rootfs.how == SWITCH_MOVE || !plan->rootfs.path;
}

int outside_open(struct outside *outside, const struct plan *plan,
		 struct failure *why)
{
	why->stage = "root";
	*outside = (struct outside){ -1, -1, -1, -1 };
	if ((plan->namespaces & CLONE_NEWUSER) && become_root(why) < 0)
		return -1;
	attempt(why, NULL, WHOLE, "prepare", NULL);
	/* after the ids: a change of those resets it, prctl(2) */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return failed(why, "prctl");
	umask(0);
	attempt(why, NULL, WHOLE, "open", "/");
	outside->root = file_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, why);
	if (outside->root < 0)
		return -1;
	attempt(why, NULL, WHOLE, "open", "/dev/null");
	if (needs_null(plan) &&
	    (outside->null = null_open(outside->root, "dev/null", O_RDWR,
				     why)) < 0)
		return -1;
	attempt(why, NULL, WHOLE, "open", "/proc");
	if (needs_proc(plan) &&
	    (outside->proc = proc_trusted(why)) < 0)
		return -1;
	return 0;
}
