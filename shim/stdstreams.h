/* Standard streams that are the old root's /dev/null become the container's. */

#ifndef STDSTREAMS_H
#define STDSTREAMS_H

#include "failure.h"
#include "outside.h"

/*
 * Each of 0-2 that is a null device is opened anew from the container's own
 * /dev, with the access mode that it had.  Where that has no null device they
 * stay; one that is no character device 1:3 is an error.  Source: threats,
 * CVE-2026-88265.
 */
int stdstreams_reopen(const struct inside *inside, struct failure *why);

#endif
