/*
 * What a kernel may lack, and whether this one does: for --features.  The
 * shim itself finds out at first use, call by call.
 */

#ifndef KERNEL_FACILITIES_H
#define KERNEL_FACILITIES_H

#include <stdbool.h>
#include <stddef.h>

struct facility {
	char name[16];		/* the system call */
	short number;
};

extern const struct facility facilities[];
extern const size_t facility_count;

/*
 * Does the kernel have it, for us?  Asked with arguments that it must refuse:
 * ENOSYS, or EPERM of a seccomp filter, is a no.
 */
bool facility_is_there(const struct facility *facility);

#endif
