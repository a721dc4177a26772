/*
 * Pseudo-terminals, by descriptors of one devpts.
 *
 * The peer is never looked up by a name that somebody could have prepared.
 * Source: pts(4), ioctl_tty(2); threats: CVE-2025-52565.
 */

#ifndef KERNEL_PTY_H
#define KERNEL_PTY_H

#include "failure.h"

struct pty {
	int master;		/* both owned; -1: there is none */
	int peer;
};

/* A new pair, unlocked and close-on-exec.  pts: the root of a devpts. */
int pty_open(struct pty *pty, int pts, struct failure *why);

/* Rows and columns of its window. */
int pty_set_size(const struct pty *pty, unsigned short height,
		 unsigned short width, struct failure *why);

/*
 * Make it the controlling terminal of the session that the caller leads, and
 * the caller's process group the one in the foreground.  EPERM: it leads none,
 * or that has a terminal already.
 */
int pty_control(const struct pty *pty, struct failure *why);

#endif
