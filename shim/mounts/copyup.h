/*
 * tmpcopyup: a new tmpfs starts with a copy of what it is going to cover.
 *
 * The tree is hostile.  Nothing in it is followed or opened blindly: a copy
 * goes from descriptor to descriptor, a name is one component, its type is
 * looked at after it was opened, devices and fifos are made anew and never
 * opened, a file that grows while it is read is copied no further than the
 * size it had.
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
 * The mode of "to" itself is left to the caller.  Returns 0, or -1 with *why,
 * whose path and detail name the entry that failed; nothing is attached yet,
 * so nothing is left behind.
 */
int copy_up(int from, int to, struct failure *why);

#endif
