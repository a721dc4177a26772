/*
 * The filter and what follows it, which nothing but execve(2) may; for this
 * room only.  Source: seccomp(2), seccomp_unotify(2).
 */

#ifndef PROCESS_SECCOMP_H
#define PROCESS_SECCOMP_H

#include "failure.h"
#include "plan/plan.h"

struct sync;

/* What is become once the filter stands, and who is told otherwise. */
struct last_call {
	const struct seccomp_plan *seccomp;
	const struct sync *parent;
	struct failure *why;
	const char *path;
	char *const *args;
	char *const *env;
	/* Fill *why and its status for the errno of execve(2). */
	int (*blame)(const struct last_call *call, int error);
};

/*
 * Install the filter and call execve(2): both, or the process ends with what
 * went wrong told by a thread that is not filtered.
 *
 * Returns only where the filter could not be installed: -1 with *why.
 */
int seccomp_exec(struct last_call *call);

#endif
