/*
 * Mount options: the table of the OCI runtime-spec (config.md, Linux mount
 * options), and those of crun and the engines that the plan takes besides.
 */

#ifndef PLAN_OPTIONS_H
#define PLAN_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "plan.h"

enum mount_option_kind {
	OPTION_NOTHING,		/* what is done anyway */
	OPTION_ATTR,		/* MOUNT_ATTR_* of the mount alone */
	OPTION_ALL,		/* MOUNT_ATTR_* of it and all below it */
	OPTION_ATIME_BACK,	/* takes back the atime mode "set" ... */
	OPTION_ALL_ATIME_BACK,	/* ... for the kernel's, or for none named */
	OPTION_SUPER,		/* MS_* of the filesystem */
	OPTION_PROPAGATION,	/* MS_*, with MS_REC */
	OPTION_FLAG,		/* enum mount_flag */
};

struct mount_option {
	char name[16];		/* no pointer: a static-PIE relocates each */
	enum mount_option_kind kind;
	uint32_t set;
	uint32_t clear;
};

/* Sorted by name, for who looks one up and for who lists them all. */
extern const struct mount_option mount_options[];
extern const size_t mount_option_count;

/* The option, or NULL: then it is one for the filesystem. */
const struct mount_option *mount_option_find(const char *name);

/*
 * What the option does to a mount.  Called in the order of the plan: the
 * last of two that contradict one another wins, as in mount(8).
 */
void mount_option_apply(struct mount *m, const struct mount_option *option);

#endif
