/* The objects of a plan: what is where, for who reads one within another. */

#ifndef PLAN_SHAPES_H
#define PLAN_SHAPES_H

#include "read.h"
#include "strict.h"

/* The plan's own keys, in reader.seen. */
enum plan_row {
	PLAN_VERSION,
	PLAN_ROOTFS,
	PLAN_NAMESPACES,
	PLAN_MOUNTS,
	PLAN_DEVICES,
	PLAN_MOUNT_LABEL,
	PLAN_MASKED_PATHS,
	PLAN_READONLY_PATHS,
	PLAN_SYSCTL,
	PLAN_HOSTNAME,
	PLAN_DOMAINNAME,
	PLAN_HOOKS,
	PLAN_STATE,
	PLAN_PROCESS,
	PLAN_SYNC,
};

/* Keys of rootfs, in reader.rootfs. */
enum rootfs_row {
	ROOTFS_PATH,
	ROOTFS_FD,
	ROOTFS_READONLY,
	ROOTFS_PROPAGATION,
	ROOTFS_SWITCH,
};

/* Of the plan, from the text of the list: thousands, one at a time. */
void read_mounts(struct reader *r, const struct member *member);

/* A fault of the member where there is nobody to send it what it asks for. */
void needs_parent(struct reader *r, const char *key);

/* The six that every container has: config-linux.md, Default Devices. */
void default_devices(struct reader *r);

#endif
