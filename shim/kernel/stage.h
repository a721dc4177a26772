/*
 * The stage: where mounts are made and configured on kernels that have no
 * detached ones, before anybody can see them, and moved from there with
 * MS_MOVE to where they belong.
 *
 * It is a tmpfs of mode 0700 that is made when it is first needed, in the
 * shim's own mount namespace, beneath the rootfs: on the directory that the
 * rootfs is bound on, so that no path leads to it, neither for what is
 * mounted nor for hooks.  With the old root it would go: so it is put on top
 * of the new one meanwhile, where "/" is looked up below it, and unmounted
 * before the target, or a hook of the container, runs.
 *
 * What is moved or bound by descriptor is named as in /proc/self/fd, in a
 * procfs that is trusted.  It goes with its users: mount.c names the kernels.
 */

#ifndef KERNEL_STAGE_H
#define KERNEL_STAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

/*
 * Remember where it will be, should it be needed: the directory that the
 * rootfs will be bound on, and once it is, the rootfs.  In that second place
 * it is no longer hidden, and serves for a moment only: is_late.
 *
 * place  O_PATH descriptor; borrowed as long as another one is not told
 */
void stage_at(int place, bool is_late);

/* Make it, unless it is there.  0, or -1 with *why. */
int stage_open(struct failure *why);

bool stage_is_open(void);
bool stage_is_late(void);

/* A place on it, of the type that will lie there: O_PATH, the caller's. */
int stage_spot(mode_t type, struct failure *why);

/* What lies on the newest place now: O_PATH, the caller's. */
int stage_top(struct failure *why);

/* mount(2) of a new filesystem: the caller's.  flags: MS_* */
int stage_mount(const char *type, const char *source, unsigned long flags,
		const char *data, struct failure *why);

/* mount(2) with MS_BIND of what a descriptor stands for: the caller's. */
int stage_bind(int source, unsigned long flags, struct failure *why);

/* mount(2) with MS_MOVE of a mount by descriptor, from anywhere. */
int stage_move(int mount, int destination, struct failure *why);

/*
 * mount(2) that changes one mount, which need not be on the stage: flags and
 * propagation, MS_*.
 */
int stage_change(int mount, unsigned long flags, struct failure *why);

/*
 * pivot_root(2), and the stage comes along.
 *
 * After  the old root is below the stage, not on top of "/"
 */
int stage_pivot(int rootfs, struct failure *why);

/* The same where the rootfs has been moved on "/": it comes along. */
int stage_carry(int rootfs, struct failure *why);

/* Unmount it, if it is there, with all that is left on it. */
int stage_close(struct failure *why);

/* What is_below() of mountinfo.h leaves out: the id of its mount; -1. */
int stage_id(void);

#endif
