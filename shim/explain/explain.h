/* --explain: what a plan would do, told in the order in which it is done. */

#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "failure.h"
#include "plan/plan.h"

/*
 * Print every step that the plan would take to stdout, a numbered line each.
 * Nothing is looked at but the plan: what depends on the machine is told as a
 * condition.
 *
 * Returns 0, or -1 with *why when stdout refused.
 */
int plan_explain(const struct plan *plan, struct failure *why);

#endif
