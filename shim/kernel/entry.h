/*
 * One entry of a directory that others may write to, as a descriptor.
 */

#ifndef KERNEL_ENTRY_H
#define KERNEL_ENTRY_H

/*
 * Open an entry, which is one component and never followed: a symlink gives
 * ELOOP or ENOTDIR, or with O_PATH itself.  No other mount is entered: EXDEV.
 *
 * flags  O_PATH, or O_RDONLY with O_DIRECTORY
 *
 * Returns a close-on-exec descriptor, the caller's, or -1 with errno.
 * Source: openat2(2), RESOLVE_NO_XDEV.
 */
int entry_open(int dir, const char *name, int flags);

#endif
