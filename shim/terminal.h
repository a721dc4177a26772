/*
 * The container's terminal: a pty of its own devpts, at /dev/console too.
 *
 * Source: runtime-spec config.md, "Process" (terminal), config-linux.md,
 * "Default Devices" (/dev/console); threats: CVE-2025-52565, CVE-2026-88264.
 */

#ifndef TERMINAL_H
#define TERMINAL_H

#include "failure.h"
#include "kernel/pty.h"
#include "outside.h"
#include "plan/plan.h"

struct sync;

/*
 * Make the planned terminal, of the planned size and the user's, and bind it
 * to /dev/console.
 *
 * It is of the devpts that the container has at /dev/pts; where it has none,
 * or the host's, of one that is made for it and that no path leads to.
 * Without a mount namespace nothing is bound.
 *
 * Before  the mounts and devices stand
 *
 * Returns 0, or -1 with *why.  What is in *pty is closed by execve(2).
 */
int terminal_make(const struct plan *plan, const struct outside *outside,
		  const struct inside *inside, struct pty *pty,
		  struct failure *why);

/*
 * Hand the master over to the parent, and become the terminal's: it controls
 * the session, and is what 0-2 are.
 *
 * Before  process_prepare(): the shim leads a session
 */
int terminal_take(struct pty *pty, const struct sync *parent,
		  struct failure *why);

#endif
