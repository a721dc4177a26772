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

extern const struct shape plan_shape;		/* struct plan */
extern const struct shape command_shape;	/* struct command */
extern const struct shape device_shape;		/* struct device */

extern const struct range any_id;	/* uid_t, gid_t: -1 is none */
extern const struct range any_fd;
extern const struct range mode_bits;	/* permissions, setuid and so on */

/* Of the plan, from the text of the list: thousands, one at a time. */
void read_mounts(struct reader *r, const struct member *member);

/* An object of strings becomes a list of struct sysctl. */
void read_sysctls(struct reader *r, const struct row *row,
		  const cJSON *value, void *field);

/* field is a struct process_plan. */
void read_process(struct reader *r, const struct row *row,
		  const cJSON *value, void *field);

/* Rows of process that are read and not supported yet: struct later. */
extern const struct shape scheduler_shape;
extern const struct shape io_priority_shape;
extern const struct shape affinity_shape;
extern const struct shape personality_shape;
extern const struct shape console_shape;
extern const struct shape seccomp_shape;

/* The six that every container has: config-linux.md, Default Devices. */
void default_devices(struct reader *r);

#endif
