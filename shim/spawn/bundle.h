/*
 * A bundle's config.json (OCI runtime-spec 1.0 to 1.3) becomes a plan.
 *
 * Parts that both have keep their shape and are copied; the shim looks at
 * them.  What is for the parent goes to struct launch.  What nobody would
 * honour is a fault that names its place: nothing is dropped.  Left out of a
 * plan without loss are the rule that denies all devices, where the container
 * can make no device node (bundle_resources.c), and "terminal" where there is
 * none (below).
 */

#ifndef BUNDLE_H
#define BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

#include "launch.h"

/* What decides about the meaning of a bundle, besides itself. */
struct bundle_use {
	const char *id;		/* of the container, for hooks */
	bool has_terminal;	/* a terminal to give it: else plain stdio */
	bool has_cgroup;	/* cgroupsPath is the caller's choice */
	bool is_rootless;	/* the caller may do nothing without a user
				   namespace */
};

/*
 * launch   has document (config.json) and bundle (its directory, absolute);
 *          the rest is filled
 * faults   told of each, with its JSON pointer into config.json
 *
 * Returns 0, or -1 after faults.
 */
int bundle_translate(struct launch *launch, const struct bundle_use *use,
		     struct plan_faults *faults);

/*
 * Where config.json has what a pointer into its plan points to: the shim
 * blames items of the plan.  Written to text, cut at size.
 */
const char *bundle_pointer(const char *plan_pointer, char *text, size_t size);

#endif
