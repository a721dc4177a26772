/*
 * The strict pass over the text of a plan, in front of cJSON.
 *
 * cJSON takes what is no JSON (other white space, 0755, trailing bytes, half
 * a surrogate pair) and what two readers may understand differently (a key
 * twice).  Here all of that is refused, and so are the limits of plan.h;
 * what has passed, cJSON reads as it was meant.
 */

#ifndef PLAN_STRICT_H
#define PLAN_STRICT_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "plan.h"

/* One member of the plan's object. */
struct member {
	const char *key;	/* decoded; does not end with a NUL */
	const char *value;	/* its text: length bytes */
	uint32_t key_length;
	uint32_t length;
	uint32_t entries;	/* of value, where it is a list or an object */
};

struct members {
	struct member *items;
	size_t count;
};

/*
 * keep     the members live here; with their keys, where they were escaped
 * scratch  used, and empty afterwards
 *
 * Returns 0 with *members, or -1 after a fault that makes no sense of the
 * rest.  A key that is there twice is told, and no reason to stop.
 */
int strict_check(const char *text, size_t length, struct arena *keep,
		 struct arena *scratch, struct plan_faults *faults,
		 struct members *members);

#endif
