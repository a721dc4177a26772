/*
 * The last touches, from inside: names, sysctls, what becomes read-only and
 * what is covered.
 */

#ifndef FINALIZE_H
#define FINALIZE_H

#include "failure.h"
#include "outside.h"
#include "plan/plan.h"

/*
 * Before  the root is switched, hooks have run: what they brought is masked
 * After   the filesystem is as the target will see it
 */
int finalize(const struct plan *plan, const struct outside *outside,
	     const struct inside *inside, struct failure *why);

#endif
