/*
 * The walk: a path resolved in user space, a component at a time, by O_PATH
 * descriptors that follow nothing.  Symlinks are read and resolved here, so
 * none can lead out of the root, and what is missing can be made on the way.
 *
 * It is what openat2(2) with RESOLVE_IN_ROOT does, and serves where that is
 * missing (before Linux 5.6, or refused by a seccomp filter), where links or
 * ".." are on the way and the place behind them must be known, and where
 * directories are to be made.
 */

#ifndef KERNEL_WALK_H
#define KERNEL_WALK_H

#include "kernel/path.h"

/* As path_find(), without openat2(2). */
int walk_find(struct path_search *search, struct failure *why);

#endif
