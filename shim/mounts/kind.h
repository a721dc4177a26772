/*
 * A mount kind: one small file, one row of the table in mounts.c.
 *
 * A kind finds its own destination (destination.h), since what is made where
 * nothing is differs; makes its mount complete; and attaches it last.  The
 * caller has said attempt() for the mount.
 */

#ifndef MOUNTS_KIND_H
#define MOUNTS_KIND_H

#include "failure.h"
#include "kernel/path.h"
#include "outside.h"
#include "plan/plan.h"

/* Where mounts come from and where they go. */
struct scene {
	const struct plan *plan;
	const struct outside *outside;
	const struct inside *inside;
	struct path_parent *parent;	/* of the last destination made */
};

typedef int mount_kind(const struct mount *m, const struct scene *scene,
		       struct failure *why);

mount_kind mount_bind, mount_cgroup, mount_cgroup2, mount_mqueue, mount_proc,
	mount_sysfs, mount_tmpfs;

/* Every other filesystem: mounted as the plan has it. */
mount_kind mount_other;

/* Chosen by the option, whatever the type: other attributes or options. */
mount_kind mount_remount;

#endif
