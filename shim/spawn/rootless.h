/*
 * User namespaces: who needs one, and who is who in it.
 *
 * A caller without CAP_SYS_ADMIN can make no namespace but a user namespace
 * and others in it, so it gets one, asked or not.  Its ids there: the caller is
 * 0, and 1 and up are the ranges that /etc/subuid and /etc/subgid give the
 * caller, where they do and newuidmap(1) is there; else 0 is all there is.
 */

#ifndef ROOTLESS_H
#define ROOTLESS_H

#include <stdbool.h>

#include "launch.h"
#include "run_options.h"

/* Does the caller lack CAP_SYS_ADMIN? */
bool is_rootless(void);

/*
 * Fill in the launch's user namespace and its maps.  What the plan then says
 * that one id cannot do is changed, and told on stderr: a gid= of devpts that
 * is not mapped is left out, and groups of the caller's that cannot be given
 * up are planned as what they are, 65534.
 *
 * Returns 0, or -1 with *why.
 */
int rootless_apply(struct launch *launch, const struct run_options *opt,
		   struct failure *why);

#endif
