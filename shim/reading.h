/* From the command line to a plan that is right, or a refusal in words. */

#ifndef READING_H
#define READING_H

#include "failure.h"
#include "options.h"
#include "plan/plan.h"
#include "sync/sync.h"

/*
 * Read the plan from where the command line says: a file, a descriptor, or
 * the parent's first message.
 *
 * After  the plan is right by itself; nothing has been touched
 *
 * Returns 0, or -1 with *why that blames the first fault and counts the rest.
 */
int plan_read(struct plan *plan, const struct options *opt,
	      struct sync *parent, struct failure *why);

/*
 * --check and --explain: say every fault of the plan on stderr, a line each.
 *
 * plan  zeroed; what was read where there is no fault
 *
 * Returns 0 when there is none; 1 otherwise, which is the exit status too; -1
 * with *why when the plan could not be read at all.
 */
int plan_tell_faults(struct plan *plan, const struct options *opt,
		     struct failure *why);

#endif
