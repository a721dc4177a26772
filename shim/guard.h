/* A guard for people: started by hand, it must not change the host. */

#ifndef GUARD_H
#define GUARD_H

#include "failure.h"
#include "plan/plan.h"

/*
 * With "mount" in namespaces the shim must be in a mount namespace that is
 * not PID 1's, or be PID 1.  Refuses with the unshare(1) call to use instead.
 */
int guard_host(const struct plan *plan, struct failure *why);

#endif
