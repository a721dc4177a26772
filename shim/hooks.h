/*
 * Hooks: the parent's, over the socket, and the plan's own commands, which
 * get the container's state as JSON on their stdin.  Source: runtime-spec
 * config.md, "POSIX-platform Hooks", and runtime.md, "State".
 */

#ifndef HOOKS_H
#define HOOKS_H

#include "failure.h"
#include "plan/plan.h"
#include "sync/sync.h"

/*
 * With sync.hooks tell the parent that its hooks may run.
 *
 * Before  mounts and devices stand; the old root is "/" still, so that hooks
 *         can move mounts in
 */
int hooks_announce(const struct plan *plan, const struct sync *parent,
		   struct failure *why);

/*
 * Wait for the parent's hooks, where they were announced; then run
 * createContainer, in order.
 *
 * null    descriptor of a verified /dev/null, borrowed
 *
 * After   any mountpoint may have been covered
 *
 * Returns 0, or -1 with *why that blames the command.
 */
int hooks_create(const struct plan *plan, struct sync *parent, int null,
		 struct failure *why);

/*
 * startContainer, in order, as the target's user.
 *
 * Before  only execve(2) is left
 */
int hooks_start(const struct plan *plan, struct sync *parent, int null,
		struct failure *why);

#endif
