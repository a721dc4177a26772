/* task: ids, capability sets and schedule, without libc in between */

#include "kernel/task.h"

#include <stdbool.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the first numbers stand for 16-bit ids: 32-bit x86 and arm. */
#ifdef SYS_setresuid32
#define NR_SETGROUPS SYS_setgroups32
#define NR_SETRESGID SYS_setresgid32
#define NR_SETRESUID SYS_setresuid32
#else
#define NR_SETGROUPS SYS_setgroups
#define NR_SETRESGID SYS_setresgid
#define NR_SETRESUID SYS_setresuid
#endif

int task_set_groups(size_t count, const gid_t *groups, struct failure *why)
{
	if (syscall(NR_SETGROUPS, count, groups) < 0)
		return failed(why, "setgroups");
	return 0;
}

/*
 * Root since execve(2), which made the saved id the effective one: who was
 * that has become nobody else since, for the shim's way goes from others to
 * root, and then to the target's user.
 */
static bool is_root(unsigned id, unsigned long real, unsigned long effective)
{
	return id == 0 && getauxval(real) == 0 && getauxval(effective) == 0;
}

int task_set_gid(gid_t gid, struct failure *why)
{
	if (is_root(gid, AT_GID, AT_EGID))
		return 0;
	if (syscall(NR_SETRESGID, gid, gid, gid) < 0)
		return failed(why, "setresgid");
	return 0;
}

int task_set_uid(uid_t uid, struct failure *why)
{
	if (is_root(uid, AT_UID, AT_EUID))
		return 0;
	if (syscall(NR_SETRESUID, uid, uid, uid) < 0)
		return failed(why, "setresuid");
	return 0;
}

/* <linux/capability.h>: two words a set since Linux 2.6.26 */
#define CAPABILITY_VERSION_3 0x20080522

struct capability_header {
	uint32_t version;
	int32_t pid;		/* 0: the caller */
};

struct capability_word {
	uint32_t effective;
	uint32_t permitted;
	uint32_t inheritable;
};

static uint64_t join(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

int task_get_capabilities(struct task_capabilities *sets,
			  struct failure *why)
{
	struct capability_header header = { CAPABILITY_VERSION_3, 0 };
	struct capability_word word[2];

	if (syscall(SYS_capget, &header, word) < 0)
		return failed(why, "capget");
	sets->effective = join(word[0].effective, word[1].effective);
	sets->permitted = join(word[0].permitted, word[1].permitted);
	sets->inheritable = join(word[0].inheritable, word[1].inheritable);
	return 0;
}

int task_set_capabilities(const struct task_capabilities *sets,
			  struct failure *why)
{
	struct capability_header header = { CAPABILITY_VERSION_3, 0 };
	struct capability_word word[2];
	int i;

	for (i = 0; i < 2; i++) {
		word[i].effective = (uint32_t)(sets->effective >> 32 * i);
		word[i].permitted = (uint32_t)(sets->permitted >> 32 * i);
		word[i].inheritable = (uint32_t)(sets->inheritable >> 32 * i);
	}
	if (syscall(SYS_capset, &header, word) < 0)
		return failed(why, "capset");
	return 0;
}

int task_set_scheduler(const struct task_scheduler *attributes,
		       struct failure *why)
{
	if (syscall(SYS_sched_setattr, 0, attributes, 0) < 0)
		return failed(why, "sched_setattr");
	return 0;
}

int task_set_affinity(const unsigned long *cpus, size_t size,
		      struct failure *why)
{
	if (syscall(SYS_sched_setaffinity, 0, size, cpus) < 0)
		return failed(why, "sched_setaffinity");
	return 0;
}

/* <linux/ioprio.h> */
#define IOPRIO_WHO_PROCESS	1
#define IOPRIO_CLASS_SHIFT	13

int task_set_io_priority(uint32_t class, uint32_t priority,
			 struct failure *why)
{
	if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		    class << IOPRIO_CLASS_SHIFT | priority) < 0)
		return failed(why, "ioprio_set");
	return 0;
}

#define KEYCTL_JOIN_SESSION_KEYRING 1

int task_join_keyring(struct failure *why)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		return failed(why, "keyctl");
	return 0;
}
