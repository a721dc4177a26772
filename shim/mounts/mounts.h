/*
 * The plan's mounts, in order: pre commands, mount, post commands.
 *
 * Each mount is complete before it can be seen, goes to a place that is held
 * by descriptor, and leaves no descriptor behind: twenty thousand need no
 * more of anything than one.
 */

#ifndef MOUNTS_H
#define MOUNTS_H

#include <stdbool.h>

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

struct sync;

/*
 * Before  the rootfs is a mountpoint of its own
 * After   all mounts stand; the working directory may be any of them
 *
 * Returns 0, or -1 with *why that blames the mount: "/mounts/3".
 */
int mounts_attach(const struct plan *plan, const struct outside *outside,
		  const struct inside *inside, struct sync *parent,
		  struct failure *why);

/* The last mount that the plan has for /dev; NULL: none. */
const struct mount *mounts_on_dev(const struct plan *plan);

/*
 * Is it a /dev that shall be read-only?  It has to take its device nodes
 * first, and becomes so at the end; a bind is ready as it is.
 */
bool mount_is_readonly_dev(const struct mount *m);

#endif
