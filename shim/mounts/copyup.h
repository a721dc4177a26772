/*
 * tmpcopyup: a new tmpfs starts with a copy of what it is going to cover.
 *
 * The tree is hostile.  Nothing in it is followed or opened blindly: a copy
 * goes from descriptor to descriptor, a name is one component, its type is
 * looked at after it was opened, devices and fifos are made anew and never
 * opened, a file that grows while it is read is copied no further than the
 * size it had.  It is read through a mount of its own, read-only and without
 * devices, so that nothing can be done to it, not even to its access times.
 */

#ifndef MOUNTS_COPYUP_H
#define MOUNTS_COPYUP_H

#include "failure.h"

/*
 * Copy all that is in the directory "from", and its own owner, times and
 * extended attributes, into the directory "to": files (holes stay holes),
 * directories, symlinks, hard links (as such), devices, fifos, sockets;
 * owners, modes, times, xattrs.  Other mounts on the way are not entered.
 *
 * from  O_PATH descriptor of a directory; borrowed
 * to    a new, detached mount's root; borrowed
 *
 * The mode of "to" itself is left to the caller.  Moves the working directory.
 *
 * Returns 0, or -1 with *why, whose detail names the entry that failed: EPERM
 * for a device and EINVAL for an owner without an id, both in a user
 * namespace, ENOSPC, those of visit_all() ...; EINVAL of open_tree(2) where
 * "from" is unbindable or covers what must not be seen.  Nothing is attached
 * yet, so nothing is left behind.
 */
int copy_up(int from, int to, struct failure *why);

#endif
