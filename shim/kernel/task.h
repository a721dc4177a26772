/*
 * The task that the shim is to the kernel: its ids, capability sets, schedule.
 *
 * Straight to the kernel, for libc does more than is asked: musl's setuid(2)
 * and kin look for other threads to tell, which is three system calls more.
 * Source: credentials(7), capabilities(7).
 */

#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* setgroups(2); EPERM: denied in this user namespace, or no CAP_SETGID. */
int task_set_groups(size_t count, const gid_t *groups, struct failure *why);

/* Real, effective and saved id at once; EINVAL: not mapped here. */
int task_set_gid(gid_t gid, struct failure *why);
int task_set_uid(uid_t uid, struct failure *why);

/* The sets of capget(2): bit n is capability n. */
struct task_capabilities {
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
};

int task_get_capabilities(struct task_capabilities *sets,
			  struct failure *why);

/* capset(2) leaves out, silently, what this kernel does not know. */
int task_set_capabilities(const struct task_capabilities *sets,
			  struct failure *why);

/* sched_setattr(2): struct sched_attr of Linux 5.3 */
struct task_scheduler {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
	uint32_t clamp_min;
	uint32_t clamp_max;
};

int task_set_scheduler(const struct task_scheduler *attributes,
		       struct failure *why);

/* sched_setaffinity(2): size bytes of bits; CPUs that are not there do no
   harm. */
int task_set_affinity(const unsigned long *cpus, size_t size,
		      struct failure *why);

/* ioprio_set(2); class: IOPRIO_CLASS_* */
int task_set_io_priority(uint32_t class, uint32_t priority,
			 struct failure *why);

/* A session keyring that is new and has no name: keyctl(2). */
int task_join_keyring(struct failure *why);

#endif
