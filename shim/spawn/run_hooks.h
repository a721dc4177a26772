/* Hooks that are the parent's to run: config.md, "POSIX-platform Hooks". */

#ifndef RUN_HOOKS_H
#define RUN_HOOKS_H

#include "failure.h"
#include "launch.h"
#include "run_signals.h"

/*
 * Run the launch's hooks of one kind, in order, with the container's state on
 * their stdin.
 *
 * status  of the state: "creating", "running", "stopped"
 * pid     of the container; 0: it has none any more
 *
 * Returns 0, or -1 with *why that blames the hook (/hooks/prestart/0).  Those
 * behind it are not run, but for poststop's, all of which are: each failure is
 * told on stderr then, and 0 returned.
 */
int run_hooks(const struct launch *launch, enum hook_kind kind,
	      const char *status, pid_t pid,
	      const struct run_signals *signals, struct failure *why);

#endif
