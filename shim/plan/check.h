/* The plan as a whole: what is right by itself and does not go together. */

#ifndef PLAN_CHECK_H
#define PLAN_CHECK_H

#include "read.h"

/* After all of it was read; what depends on a faulty value is left out. */
void plan_check(struct reader *r);

/*
 * Tell of each of count entries whose name one before it has; NULL is no
 * name.
 */
void once_only(struct reader *r, size_t count,
	       const char *(*name_of)(const struct plan *plan, size_t index),
	       void (*tell)(struct reader *r, size_t index));

#endif
