/*
 * Processes as clone3(2) makes them, and where there is none clone(2).
 *
 * Only this room knows the system calls.  For the spawn room alone.
 */

#ifndef SPAWN_BIRTH_H
#define SPAWN_BIRTH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct birth {
	uint64_t flags;		/* CLONE_NEW*, but not of time; CLONE_PARENT */
	int cgroup;		/* a directory of cgroup2; -1: none */
	/*
	 * In the memory of the caller, which stands still until the child
	 * executes something: nothing is copied, however large the caller is.
	 */
	bool shares_memory;

	/* What the child finds, if it looks. */
	bool in_cgroup;		/* it was born into that one */
};

/*
 * The child runs live(argument) and must not return from it.  Every signal
 * has its default there, and is blocked.
 *
 * *pidfd  the caller's; -1 where the kernel has none
 *
 * Returns the child's pid, or -1 with errno.
 */
pid_t birth_give(struct birth *birth, int (*live)(void *), void *argument,
		 int *pidfd);

#endif
