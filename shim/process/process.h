/*
 * From init to target: who the process is, what it may do, what it becomes.
 *
 * The order is the room's secret: each step while it is still permitted
 * (runtime-spec config.md, "Process"; capabilities(7), credentials(7)).
 */

#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

#include "failure.h"
#include "plan/plan.h"

struct sync;

/* The file that the shim runs from: no target. */
struct program {
	dev_t device;
	ino_t inode;		/* 0: nobody knows */
};

/*
 * What is for the shim itself while it builds: execCPUAffinity.initial.
 *
 * Returns 0, or -1 with *why.
 */
int process_use_cpus(const struct plan *plan, struct failure *why);

/*
 * Which file the shim runs from, asked of the procfs outside.  Where there
 * is none (an early initramfs) that stays unknown, and nothing is refused.
 *
 * outside  descriptor of the "/" that the parent left; borrowed
 */
void process_find_shim(int outside, struct program *shim);

/*
 * Every signal to its default, none blocked: what a parent ignores or blocks
 * comes down through fork(2) and execve(2), and would reach the target.
 *
 * outside  as above; its procfs saves asking about all 64 signals
 *
 * Before   the root is switched
 * After    SIGPIPE can end the shim: sockets are written with MSG_NOSIGNAL
 */
int process_reset_signals(int outside, struct failure *why);

/*
 * Read the filter of the plan, while nothing has been touched.
 *
 * Returns 0, or -1 with *why: no program of that size, no such descriptor.
 */
int process_read_filter(struct plan *plan, struct failure *why);

/*
 * Make the working directory where it is missing: 0755, root's, inside root.
 *
 * root    as below
 * Before  the root is switched, and "/" not yet read-only
 *
 * Returns 0, or -1 with *why.
 */
int process_make_cwd(const struct plan *plan, int root, struct failure *why);

/*
 * Become the planned user, with exactly the planned groups, capabilities,
 * limits and working directory.
 *
 * plan   of which env is completed
 *
 * root   O_PATH descriptor of the container's root, which is "/" now
 * proc   descriptor of the shim's own procfs; -1 when neither a label nor an
 *        oomScoreAdj is planned
 *
 * Before  the root is switched and finalized; the shim is root in its user
 *         namespace
 * After   the privileges are gone, as planned; only execve(2) is left
 *
 * Returns 0, or -1 with *why.
 */
int process_prepare(struct plan *plan, int root, int proc,
		    struct failure *why);

/*
 * Keep nothing but CAP_KILL, where it was planned: for the shim that stays as
 * PID 1.  By execve(2) the target may have got less than was planned, and is
 * not to find more in us.
 */
int process_disarm(struct failure *why);

/*
 * Find args[0] in the PATH of env, inside the container, and become it; under
 * the plan's filter, which is installed when the file is found.  What goes
 * wrong then is told to the parent from here, and ends the process.
 *
 * Returns only when that failed, with why->status 127 where no such file was
 * found, 126 where the kernel refused the one that was, or it is the shim.
 */
int process_exec(const struct plan *plan, const struct program *shim,
		 struct sync *parent, struct failure *why);

#endif
