/*
 * path_rules: what the shim may ask the kernel to look up, once it holds the
 * rootfs; for a tracer (calls.h), which sees the arguments.
 *
 *  - nothing from the working directory, but what fchdir(2) has made it: "."
 *  - no path into the rootfs from outside
 *  - nothing made, removed, given away but a name in a directory that is held
 *  - what has more than one component by openat2(2), confined; or outside
 */

#ifndef PATH_RULES_H
#define PATH_RULES_H

#include "calls.h"

/* For struct calls: a call that breaks a rule is written to finding, once. */
void path_rules_look(const struct traced_call *call, char *finding,
		     size_t size);

#endif
