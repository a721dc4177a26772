/*
 * The plan: what the container shall be, as plain structs.
 *
 * plan_read() refuses all that is wrong with a plan, in words, before
 * anything is touched; no later room asks whether a field is there, has the
 * right type or fits.  Names and meanings are those of the OCI runtime-spec
 * wherever it has one (config.md, config-linux.md); README.md lists the keys.
 *
 * Every string and list belongs to the plan's arena and lives until
 * execve(2).  A list of strings ends with a NULL as argv does, for calls that
 * take one, and has its count for those that do not.
 */

#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "arena.h"
#include "failure.h"
#include "kernel/text.h"

/* The limits of design: what is larger is refused, never cut. */
#define PLAN_MAX_BYTES TEXT_MAX_BYTES
#define PLAN_MAX_DEPTH 32
#define PLAN_MAX_ENTRIES 65536

struct strings {
	char **items;		/* ends with NULL; NULL when count is 0 */
	size_t count;
};

/* A command of the plan: run outside of the target, with stdio only. */
struct command {
	const char *path;	/* absolute */
	char **args;		/* argv[0] too; never NULL */
	char **env;		/* exactly what it gets; never NULL */
	const char *dir;	/* absolute */
	unsigned timeout;	/* seconds; 0: none */
};

struct commands {
	struct command *items;
	size_t count;
};

/* One line of an id map, as user_namespaces(7) has it. */
struct id_map {
	uint32_t container_id;
	uint32_t host_id;
	uint32_t size;
};

/* What few mounts have, apart so that twenty thousand stay small. */
struct mount_extra {
	struct commands pre;
	struct commands post;
	struct id_map *uid_map;
	size_t uid_map_count;
	struct id_map *gid_map;
	size_t gid_map_count;
};

enum mount_flag {
	MOUNT_BIND = 1 << 0,		/* bind or rbind, by type or option */
	MOUNT_RECURSIVE = 1 << 1,	/* rbind */
	MOUNT_REMOUNT = 1 << 2,
	MOUNT_OPTIONAL = 1 << 3,	/* a missing source skips it */
	MOUNT_REQUIRE = 1 << 4,		/* mountpoint: require */
	MOUNT_COPY_UP = 1 << 5,		/* tmpcopyup */
	MOUNT_RELABEL_SHARED = 1 << 6,	/* z */
	MOUNT_RELABEL_PRIVATE = 1 << 7,	/* Z */
	MOUNT_SOURCE_NOFOLLOW = 1 << 8,
	MOUNT_DESTINATION_NOFOLLOW = 1 << 9,
	MOUNT_COPY_SYMLINK = 1 << 10,
	MOUNT_IDMAP = 1 << 11,
	MOUNT_IDMAP_RECURSIVE = 1 << 12,
};

/* One entry of mounts; which one is its place in the list. */
struct mount {
	const char *destination;	/* absolute inside the container */
	const char *type;	/* "bind" for every bind; never NULL */
	const char *source;	/* NULL: none */
	char **data;		/* "key=value" for the filesystem; or NULL */
	struct mount_extra *extra;	/* NULL: none of these */
	uint32_t attr_set;	/* MOUNT_ATTR_* to set on the mount ... */
	uint32_t attr_clear;	/* ... and to clear, by name in the plan */
	uint32_t all_set;	/* the same for it and all below it: rro ... */
	uint32_t all_clear;	/* applied first: attr_set may differ for it */
	uint32_t super_flags;	/* MS_SYNCHRONOUS ...: of the filesystem */
	uint32_t propagation;	/* MS_SHARED ... with MS_REC; 0: as it comes */
	uint32_t flags;		/* enum mount_flag */
	int source_fd;		/* inherited descriptor to bind; -1: none */
};

struct device {
	const char *path;	/* absolute inside the container */
	mode_t type;		/* S_IFCHR, S_IFBLK or S_IFIFO */
	dev_t rdev;
	mode_t mode;		/* permission bits */
	uid_t uid;
	gid_t gid;
};

struct sysctl {
	const char *name;	/* as the plan spells it */
	const char *path;	/* below /proc/sys, with slashes */
	const char *value;
};

enum switch_root {
	SWITCH_PIVOT,
	SWITCH_MOVE,
	SWITCH_CHROOT,
};

struct rootfs_plan {
	const char *path;	/* absolute, outside; NULL: fd */
	int fd;			/* inherited; -1: path */
	bool readonly;
	uint32_t propagation;	/* MS_SLAVE | MS_REC ... */
	enum switch_root how;
};

/* Key and value of state.annotations, handed on to hooks as they are. */
struct annotation {
	const char *key;
	const char *value;
};

/* What the parent knows of the OCI state; strings NULL where it is silent. */
struct state_plan {
	const char *oci_version;
	const char *id;
	const char *bundle;
	pid_t pid;		/* 0: not said */
	struct annotation *annotations;
	size_t annotation_count;
};

struct resource_limit {
	int resource;		/* RLIMIT_* */
	rlim_t soft;
	rlim_t hard;
};

/* The window of a terminal; 0 and 0: as it comes. */
struct console_plan {
	uint32_t height;
	uint32_t width;
};

/* seccomp(2) */
struct seccomp_plan {
	int32_t fd;		/* inherited, holds the program; -1: none */
	uint32_t flags;		/* SECCOMP_FILTER_FLAG_* */
	bool notify;		/* the parent gets the listener */
	struct text program;	/* process_read_filter(): struct sock_filter */
};

enum capability_set {
	CAPS_BOUNDING,
	CAPS_EFFECTIVE,
	CAPS_PERMITTED,
	CAPS_INHERITABLE,
	CAPS_AMBIENT,
	CAPS_SETS,
};

/* sched_setattr(2) */
struct scheduler_plan {
	uint32_t policy;	/* SCHED_* */
	uint32_t flags;		/* SCHED_FLAG_* */
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;	/* nanoseconds */
	uint64_t deadline;
	uint64_t period;
};

/* ioprio_set(2) */
struct io_priority_plan {
	uint32_t class;		/* IOPRIO_CLASS_* */
	uint32_t priority;
};

/* As many CPUs as Linux can be built for. */
#define PLAN_CPUS 8192

/* A bit each, as sched_setaffinity(2) takes them. */
struct cpus {
	unsigned long bits[PLAN_CPUS / (8 * sizeof(long))];
};

struct affinity_plan {
	const struct cpus *initial;	/* NULL: as it comes */
	const struct cpus *final;	/* NULL: all, if there was an initial */
};

/* "LISTEN_PID=" and a number. */
#define LISTEN_PID_SIZE 24

struct process_plan {
	char **args;		/* NULL only with no process, for --check */
	struct strings env;
	const char *cwd;
	uid_t uid;
	gid_t gid;
	gid_t *groups;		/* additionalGids */
	size_t group_count;
	mode_t umask;
	uint64_t capabilities[CAPS_SETS];	/* bit n: capability n */
	bool no_new_privileges;
	bool init;		/* the shim stays, as its PID 1 */
	struct resource_limit *limits;
	size_t limit_count;
	bool has_oom_score;
	int oom_score_adj;
	bool has_scheduler;
	struct scheduler_plan scheduler;
	struct io_priority_plan io_priority;	/* class 0: as it comes */
	struct affinity_plan affinity;
	bool has_personality;
	uint32_t personality;	/* PER_* */
	const char *selinux_label;	/* NULL: as the policy has it */
	const char *apparmor_profile;	/* NULL: the same */
	bool session_keyring;
	uint32_t preserve_fds;	/* that many from 3 on */
	char *listen_pid;	/* an entry of env, to be filled; NULL: none */
	bool terminal;
	struct console_plan console;	/* of no meaning without it */
	struct seccomp_plan seccomp;
};

struct sync_plan {
	bool hooks;		/* stop for the parent's hooks */
	bool start;		/* stop before the target */
	bool progress;
};

struct plan {
	struct arena arena;	/* all that follows lives here */
	struct rootfs_plan rootfs;
	unsigned namespaces;	/* CLONE_NEW* that are new here */
	struct mount *mounts;
	size_t mount_count;
	struct device *devices;
	size_t device_count;
	const char *mount_label;	/* SELinux; NULL: none */
	struct strings masked_paths;
	struct strings readonly_paths;
	struct sysctl *sysctls;
	size_t sysctl_count;
	const char *hostname;	/* NULL: as it is */
	const char *domainname;
	struct commands create_container;
	struct commands start_container;
	struct state_plan state;
	struct process_plan process;
	struct sync_plan sync;
};

/*
 * Told of every fault, for --check all of them: first what is wrong with the
 * text, then values in the order of the text, then what does not go together.
 */
struct plan_faults {
	/* Both strings are the caller's again afterwards. */
	void (*tell)(struct plan_faults *faults, const char *pointer,
		     const char *message);
	size_t count;
};

/* What the plan is for: some of it must be there, or must not, for that. */
struct plan_use {
	bool has_sync;		/* a parent to talk to: sync.hooks' default */
	bool check_only;	/* "process" may be missing, and a parent too */
};

/*
 * Parse and validate the text of a plan.
 *
 * plan      zeroed; *plan is undefined after a fault, but for its arena
 * text      length bytes of JSON; borrowed, not written to, need not end
 *           with a NUL, and may be let go afterwards
 *
 * Returns 0, or -1 when there was a fault (told) or memory ran out (told
 * too, with the pointer "").  Source: RFC 8259, RFC 6901.
 */
int plan_parse(struct plan *plan, const char *text, size_t length,
	       struct plan_use use, struct plan_faults *faults);

/* Give its memory back, which only who reads many plans needs. */
void plan_free(struct plan *plan);

#endif
