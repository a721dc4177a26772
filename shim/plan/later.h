/*
 * Parts of process that are read and validated, and refused as not supported
 * yet: what brings one to life moves its struct to plan.h.
 */

#ifndef PLAN_LATER_H
#define PLAN_LATER_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/* sched_setattr(2) */
struct scheduler_plan {
	uint32_t policy;
	uint32_t flags;
	int32_t nice;
	int32_t priority;
	uint64_t runtime;	/* nanoseconds */
	uint64_t deadline;
	uint64_t period;
};

/* ioprio_set(2) */
struct io_priority_plan {
	uint32_t class;
	int32_t priority;
};

/* CPU lists, as in cpuset(7) */
struct affinity_plan {
	const char *initial;
	const char *final;
};

/* personality(2) */
struct personality_plan {
	uint32_t domain;
	struct strings flags;
};

struct console_plan {
	uint32_t height;
	uint32_t width;
};

/* seccomp(2) */
struct seccomp_plan {
	int32_t fd;
	uint32_t flags;
	bool notify;
};

struct later {
	struct scheduler_plan scheduler;
	struct io_priority_plan io_priority;
	struct affinity_plan affinity;
	struct personality_plan personality;
	struct console_plan console;
	struct seccomp_plan seccomp;
	const char *selinux_label;
	const char *apparmor_profile;
	uint32_t preserve_fds;
	bool terminal;
	bool session_keyring;
	bool init;
};

#endif
