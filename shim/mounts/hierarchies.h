/*
 * The hierarchies of cgroup v1 that the shim is in, and a detached mount of
 * each.
 *
 * Source: cgroups(7), /proc/pid/cgroup.
 */

#ifndef MOUNTS_HIERARCHIES_H
#define MOUNTS_HIERARCHIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

#define HIERARCHIES_MAX 32

struct hierarchy {
	const char *controllers;	/* "cpu,cpuacct", "name=systemd" */
	const char *ours;		/* our cgroup in it: "/user.slice" */
	int mount;			/* detached; -1: there is none */
	bool hidden;			/* mounted, but not our part of it */
};

struct hierarchies {
	const struct outside *outside;
	size_t count;
	struct hierarchy list[HIERARCHIES_MAX];	/* the oldest first */
	char text[16384];
};

/* How hierarchies_close() comes to be called when they leave scope. */
#define autoclose_hierarchies __attribute__((cleanup(hierarchies_close)))

/*
 * Read which there are: none on a host that has cgroup2 only.
 *
 * outside  borrowed, and needed by hierarchies_bind()
 *
 * Returns 0, or -1 with *why; *all wants closing either way.
 */
int hierarchies_read(struct hierarchies *all, const struct outside *outside,
		     struct failure *why);

/* The directory of a hierarchy: its controllers, "systemd" for named ones. */
const char *hierarchy_name(const struct hierarchy *hierarchy);

/*
 * Mount each anew, which shows a cgroup namespace its own part alone.
 *
 * attrs  MOUNT_ATTR_*
 */
int hierarchies_make(struct hierarchies *all, uint64_t attrs,
		     struct failure *why);

/*
 * Clone of each our own cgroup, from where the host has the hierarchy
 * mounted, with all below it; what the plan says of m holds for all of that.
 * A hierarchy that the host has mounted nowhere stays without a mount.
 */
int hierarchies_bind(struct hierarchies *all, const struct mount *m,
		     struct failure *why);

void hierarchies_close(struct hierarchies *all);

#endif
