/*
 * Commands of the plan: hooks, and what runs before and after a mount.
 *
 * They run outside of the target: descriptors 0-2 only, default signals, an
 * environment that is exactly the plan's.  Their output is kept (the last
 * 4 KiB) and told when they fail.  Source: runtime-spec config.md, "POSIX-
 * platform Hooks".
 */

#ifndef COMMANDS_H
#define COMMANDS_H

#include "failure.h"
#include "plan/plan.h"

/*
 * Run one command and wait for it, but not for what it leaves running.
 *
 * input   text for its stdin, a file; NULL: /dev/null
 * null    descriptor of a verified /dev/null, borrowed; not 0-2
 * parent  the sync socket, borrowed, or -1: when it ends the command is
 *         killed and the call fails
 *
 * Before  process_reset_signals(): the command starts with the shim's own
 *         signals; every other descriptor is close-on-exec
 *
 * Returns 0 when it exited with 0.  Otherwise -1 with *why: which status or
 * signal, or that its timeout passed (it is killed then, its process group
 * too), and the end of its output.  The caller has said attempt().
 */
int command_run(const struct command *command, const char *input, int null,
		int parent, struct failure *why);

#endif
