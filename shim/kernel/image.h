/*
 * Files of the image that the shim itself has a look at: never trusted, never
 * waited for.  Source: open(2), O_NONBLOCK; fifo(7).
 */

#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H

#include "failure.h"

/*
 * Open a regular file of the container for reading: symlinks stay inside, and
 * whatever else the path leads to is not opened.
 *
 * root    O_PATH descriptor of the container's root, which is "/" now
 * path    as seen from there
 *
 * Returns the caller's descriptor, or -1 with *why; its error is 0 where the
 * file is none, or was exchanged meanwhile.
 */
int image_open(int root, const char *path, struct failure *why);

#endif
