/*
 * System calls that are younger than a kernel, or that a filter refuses: found
 * out at their first use, ENOSYS and EPERM alike, never by a version.
 */

#ifndef KERNEL_MISSING_H
#define KERNEL_MISSING_H

#include <stdbool.h>

enum known {
	UNKNOWN,		/* it was not called yet */
	THERE,			/* it worked: its EPERM is the kernel's own */
	MISSING,
};

/* Is it missing, after it gave this result?  Leaves errno. */
bool is_missing(enum known *call, long result);

#endif
