/* Descriptors of the caller's that the shim gets, by the same numbers. */

#ifndef INHERITED_H
#define INHERITED_H

#include "launch.h"
#include "run_options.h"

/*
 * Fill the launch's list: standard streams, those to keep, and those that the
 * plan names ("sourceFd", and a bundle's compiled filter).  One that is not
 * open is left out: the shim blames the item that needs it.
 *
 * Before  a plan's run has opened anything that stays open, or it could be one
 *         of them
 */
void inherited_find(struct launch *launch, const struct run_options *opt);

#endif
