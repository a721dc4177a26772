/* What is named on the command line becomes what is to be run. */

#ifndef RUN_READ_H
#define RUN_READ_H

#include "launch.h"
#include "run_options.h"

/*
 * A directory is a bundle, a file a plan.  Faults are told on stderr, a line
 * each: nothing is touched then.
 *
 * launch   zeroed
 *
 * Returns 0, or -1 after it has said why.
 */
int run_read(struct launch *launch, const struct run_options *opt);

/* Say on stderr that something could not be done; in one write(2). */
void run_tell(const char *sentence);

/*
 * The same of a failure, or of a sentence like its, which may end with "(plan
 * item /mounts/3)": of a bundle (launch may be NULL: of none) no item of the
 * plan is blamed, but config.json's.
 */
void run_tell_failure(const struct launch *launch, const struct failure *why);
void run_tell_blame(const struct launch *launch, const char *sentence,
		    const char *pointer);

#endif
