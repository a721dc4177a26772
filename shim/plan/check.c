/* check: namespaces, switch root and all that depends on them */

#include "check.h"

#include <sched.h>
#include <string.h>

#include "names.h"
#include "shapes.h"
#include "sysctl.h"

static size_t names_fill(struct reader *r, struct name *names, size_t count,
			 const char *(*name_of)(const struct plan *, size_t))
{
	const char *text;
	size_t i, filled = 0;

	for (i = 0; i < count; i++) {
		text = name_of(r->plan, i);
		if (text)
			names[filled++] =
				(struct name){ text, strlen(text), i };
	}
	return filled;
}

void once_only(struct reader *r, size_t count,
	       const char *(*name_of)(const struct plan *plan, size_t index),
	       void (*tell)(struct reader *r, size_t index))
{
	struct name *names;
	size_t i;

	if (count < 2)
		return;
	names = arena_array(&r->scratch, count, sizeof(*names));
	if (!names) {
		no_memory(r);
		return;
	}
	count = names_fill(r, names, count, name_of);
	names_sort(names, count);
	for (i = 0; (i = names_repeated(names, count, i)) < count; i++)
		tell(r, names[i].index);
	arena_reset(&r->scratch);
}

static const char *device_path(const struct plan *plan, size_t index)
{
	return plan->devices[index].path;
}

static void device_twice(struct reader *r, size_t index)
{
	entry_fault(r, "devices", index,
		    "must be there once only, its path was there before");
}

static bool is_sound(const struct reader *r, enum plan_row row)
{
	return !(r->seen.faulty & ROW(row));
}

static bool is_new(const struct reader *r, unsigned namespace)
{
	return r->plan->namespaces & namespace;
}

/* A name of the host would be changed. */
static void needs_uts(struct reader *r, enum plan_row row)
{
	if ((r->seen.given & ROW(row)) && !is_new(r, CLONE_NEWUTS))
		member_fault(r, plan_shape.rows[row].key,
			     "needs \"uts\" in namespaces, or it is the "
			     "host's");
}

#define rootfs_fault(r, name, ...) \
	fault((r)->faults, \
	      &(struct place){ .up = &(struct place){ .key = "rootfs" }, \
			       .key = (name) }, __VA_ARGS__)

static void switch_check(struct reader *r)
{
	struct rootfs_plan *rootfs = &r->plan->rootfs;
	bool given = r->rootfs.given & ROW(ROOTFS_SWITCH);

	if (!given)
		rootfs->how = is_new(r, CLONE_NEWNS) ? SWITCH_PIVOT :
						       SWITCH_CHROOT;
	else if (rootfs->how == SWITCH_CHROOT && is_new(r, CLONE_NEWNS))
		rootfs_fault(r, "switch", "\"chroot\" is for plans without "
			     "\"mount\" in namespaces: the target could leave "
			     "it");
	else if (rootfs->how != SWITCH_CHROOT && !is_new(r, CLONE_NEWNS))
		rootfs_fault(r, "switch", "\"%s\" needs \"mount\" in "
			     "namespaces",
			     rootfs->how == SWITCH_MOVE ? "move" : "pivot");
}

#define HOST_MOUNTS "needs \"mount\" in namespaces, or it changes the " \
		    "host's mounts"

/* In a mount namespace that is not new, each mount is the host's too. */
static void no_mounts(struct reader *r)
{
	const struct plan *plan = r->plan;

	if (plan->mount_count)
		member_fault(r, "mounts", HOST_MOUNTS);
	if (plan->masked_paths.count)
		member_fault(r, "maskedPaths", HOST_MOUNTS);
	if (plan->readonly_paths.count)
		member_fault(r, "readonlyPaths", HOST_MOUNTS);
	if (plan->rootfs.readonly)
		rootfs_fault(r, "readonly", HOST_MOUNTS);
	if (r->rootfs.given & ROW(ROOTFS_PROPAGATION))
		rootfs_fault(r, "propagation", HOST_MOUNTS);
}

/* What the mount says, or what the container is in. */
static void idmaps_check(struct reader *r)
{
	const struct mount *m;
	size_t i;

	for (i = 0; i < r->plan->mount_count; i++) {
		m = &r->plan->mounts[i];
		if ((m->flags & MOUNT_IDMAP) && (m->flags & MOUNT_BIND) &&
		    !(m->extra && (m->extra->uid_map_count ||
				   m->extra->gid_map_count)))
			entry_fault(r, "mounts", i, "lacks \"uidMappings\" "
				    "and \"gidMappings\", or \"user\" in "
				    "namespaces, for the ids of \"idmap\"");
	}
}

#define RESET_ON_FORK 0x01	/* SCHED_FLAG_RESET_ON_FORK */

#define scheduler_fault(r, ...) \
	fault((r)->faults, \
	      &(struct place){ .up = &(struct place){ .key = "process" }, \
			       .key = "scheduler" }, __VA_ARGS__)

/* What a child does not inherit, or may not be made with: sched(7). */
static void children_check(struct reader *r)
{
	const struct process_plan *process = &r->plan->process;
	bool deadline = process->scheduler.policy == SCHED_DEADLINE;
	bool reset = process->scheduler.flags & RESET_ON_FORK;

	if (process->init && (deadline || reset))
		scheduler_fault(r, "does not come down to the child that the "
				"target is with \"init\"");
	else if (deadline && !reset && r->plan->start_container.count)
		scheduler_fault(r, "needs SCHED_FLAG_RESET_ON_FORK, or there "
				"can be no startContainer hooks");
}

void plan_check(struct reader *r)
{
	children_check(r);
	once_only(r, r->plan->device_count, device_path, device_twice);
	sysctls_check(r);
	if (!is_sound(r, PLAN_NAMESPACES))
		return;
	needs_uts(r, PLAN_HOSTNAME);
	needs_uts(r, PLAN_DOMAINNAME);
	if (!(r->rootfs.faulty & ROW(ROOTFS_SWITCH)))
		switch_check(r);
	if (!is_new(r, CLONE_NEWUSER))
		idmaps_check(r);
	if (!is_new(r, CLONE_NEWNS))
		no_mounts(r);
}
