/* missing: what a first failure says of a system call */

#include "kernel/missing.h"

#include <errno.h>

bool is_missing(enum known *call, long result)
{
	if (result >= 0)
		*call = THERE;
	else if (*call == UNKNOWN && (errno == ENOSYS || errno == EPERM))
		*call = MISSING;
	return *call == MISSING;
}
