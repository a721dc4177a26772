/* The steps of process_prepare(), in its order; for this room only. */

#ifndef PROCESS_STEPS_H
#define PROCESS_STEPS_H

#include "failure.h"
#include "plan/plan.h"

struct words;

/*
 * HOME, where env has none, from the container's own user list, and a place
 * for LISTEN_PID where it has LISTEN_FDS: sd_listen_fds(3).
 *
 * Before  limits, which may deny a descriptor
 */
int environment_complete(struct plan *plan, int root, struct failure *why);

/* LISTEN_PID is who calls this. */
void environment_name_listener(const struct process_plan *process);

/* What follows "NAME=", or NULL. */
const char *environment_value(const struct strings *env, const char *name);

/*
 * Enter the working directory and see that it is inside the root.
 *
 * Root may be refused what the user is not (a FUSE or NFS that knows only the
 * user): then *later is the directory, the caller's, for cwd_enter() once the
 * user is set.  Otherwise it stays -1.
 */
int cwd_open(const char *cwd, int root, int *later, struct failure *why);
int cwd_enter(const char *cwd, int directory, struct failure *why);

/*
 * selinuxLabel, apparmorProfile, sessionKeyring: of the next execve(2) of this
 * very thread, and of commands that are run before it.
 */
int labels_set(const struct process_plan *process, int proc,
	       struct failure *why);

/* oomScoreAdj, rlimits: both may need privileges that go later. */
int limits_set(const struct process_plan *process, int proc,
	       struct failure *why);

/*
 * execCPUAffinity.final, scheduler, ioPriority, personality: with the
 * privileges of root, and after limits that may stand in for them.
 */
int schedule_set(const struct process_plan *process, struct failure *why);

/* Does the shim have what is planned?  Nothing has been given up yet. */
int capabilities_check(const struct process_plan *process,
		       struct failure *why);

/* Bounding set, which takes CAP_SETPCAP: before the user is set. */
int capabilities_bound(const struct process_plan *process,
		       struct failure *why);

/* The other four sets, of which setresuid(2) takes some: after it. */
int capabilities_set(const struct process_plan *process,
		     struct failure *why);

/* A session without a controlling terminal of somebody else. */
int session_start(struct failure *why);

/* Groups, group and user, the permitted capabilities kept for the next step. */
int identity_set(const struct process_plan *process, struct failure *why);

/* The word of the plan that stands for value, in why->object; or NULL. */
const char *word_of(const struct words *words, uint32_t value,
		    struct failure *why);

#endif
