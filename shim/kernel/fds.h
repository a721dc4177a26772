/* All of the inherited descriptors at once, and files that are memory. */

#ifndef KERNEL_FDS_H
#define KERNEL_FDS_H

#include <stddef.h>

#include "failure.h"

/*
 * Put /dev/null on those of the descriptors 0-2 that are closed, so that
 * nothing that is opened later becomes a standard stream by accident.
 *
 * Before  anything is opened
 *
 * Returns 0, or -1 with *why: /dev/null's openat(2) refused.
 */
int fds_fill_standard(struct failure *why);

/* Close first to last, all of which are open. */
void fds_close(unsigned first, unsigned last);

/* Close every descriptor from first on. */
void fds_close_from(unsigned first);

/*
 * Make every descriptor from first on close-on-exec.
 *
 * Returns 0, or -1 with *why (prlimit, fcntl).  Source: close_range(2).
 */
int fds_close_on_exec(unsigned first, struct failure *why);

/*
 * A file without a name that holds length bytes of text, to be read from its
 * start.  Returns a descriptor, the caller's, or -1 with *why.  Source:
 * memfd_create(2).
 */
int fds_make_file(const char *text, size_t length, struct failure *why);

#endif
