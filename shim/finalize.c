/* finalize: in this order, for what becomes read-only was written before */

#include "finalize.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/mount.h"
#include "kernel/path.h"
#include "kernel/proc.h"
#include "kernel/stage.h"
#include "masks.h"
#include "mounts/mounts.h"
#include "stdstreams.h"
#include "switch.h"

#define BUSY_TRIES 5
#define BUSY_PAUSE 100		/* milliseconds */

static int set_names(const struct plan *plan, struct failure *why)
{
	attempt(why, "/hostname", WHOLE, "set the hostname", plan->hostname);
	if (plan->hostname &&
	    sethostname(plan->hostname, strlen(plan->hostname)) < 0)
		return failed(why, "sethostname");
	attempt(why, "/domainname", WHOLE, "set the domainname",
		plan->domainname);
	if (plan->domainname &&
	    setdomainname(plan->domainname, strlen(plan->domainname)) < 0)
		return failed(why, "setdomainname");
	return 0;
}

/* Blame one member of "sysctl".  Escapes as in RFC 6901, section 3. */
static void attempt_sysctl(struct failure *why, const char *name)
{
	static const char list[] = "/sysctl/";
	char *to = (char *)memcpy(why->blamed, list, sizeof(list)) +
		   sizeof(list) - 1;
	const char *last = why->blamed + sizeof(why->blamed) - 3;
	const char *from;

	for (from = name; *from && to < last; from++) {
		if (*from == '/' || *from == '~') {
			*to++ = '~';
			*to++ = *from == '/' ? '1' : '0';
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	attempt(why, why->blamed, WHOLE, "set the sysctl", name);
}

/*
 * Through our own procfs: what the container has at /proc/sys may be a file
 * of its image (CVE-2025-52881).
 */
static int set_sysctls(const struct plan *plan, int proc, struct failure *why)
{
	char path[PATH_MAX + 4];
	size_t i;

	for (i = 0; i < plan->sysctl_count; i++) {
		const struct sysctl *sysctl = &plan->sysctls[i];

		attempt_sysctl(why, sysctl->name);
		format_text(path, sizeof(path), "sys/%s", sysctl->path);
		if (proc_write(proc, path, sysctl->value, why) < 0)
			return -1;
	}
	return 0;
}

static int set_dev_readonly(const struct plan *plan,
			    const struct inside *inside, struct failure *why)
{
	const struct mount *m = mounts_on_dev(plan);
	autorelease int dev = -1;

	if (!m || !mount_is_readonly_dev(m))
		return 0;
	attempt(why, "/mounts", (size_t)(m - plan->mounts), "make read-only",
		m->destination);
	dev = path_open(inside->root, "/dev", O_DIRECTORY, why);
	return dev < 0 ? -1 : mount_restrict(dev, TREE_ONE,
					   MOUNT_ATTR_RDONLY, why);
}

/*
 * EBUSY while something is open for writing; what a hook left behind is given
 * a moment to end.
 */
static int set_root_readonly(const struct plan *plan,
			     const struct inside *inside, struct failure *why)
{
	int tries = BUSY_TRIES;

	if (!plan->rootfs.readonly)
		return 0;
	attempt(why, "/rootfs/readonly", WHOLE, "make read-only", "/");
	while (mount_restrict(inside->root, TREE_ONE, MOUNT_ATTR_RDONLY,
			      why) < 0) {
		if (why->error != EBUSY || --tries == 0)
			return -1;
		poll(NULL, 0, BUSY_PAUSE);
	}
	return 0;
}

int finalize(const struct plan *plan, const struct outside *outside,
	     const struct inside *inside, struct failure *why)
{
	why->stage = "finalize";
	if (stdstreams_reopen(inside, why) < 0 ||
	    set_names(plan, why) < 0 ||
	    set_sysctls(plan, outside->proc, why) < 0 ||
	    set_dev_readonly(plan, inside, why) < 0 ||
	    readonly_paths_set(plan, inside, why) < 0 ||
	    masked_paths_set(plan, inside, why) < 0 ||
	    stage_close(why) < 0 ||
	    root_propagate(plan, why) < 0 ||
	    set_root_readonly(plan, inside, why) < 0)
		return -1;
	return 0;
}
