/*
 * Faults of a plan: where they are, and in words.
 *
 * A place is a chain from an item up to the plan, kept on the stack of who
 * walks down, so that it costs nothing until it is needed; NULL is the plan
 * itself.  It becomes a JSON pointer (RFC 6901) when there is a fault to tell.
 */

#ifndef PLAN_FAULT_H
#define PLAN_FAULT_H

#include <stddef.h>

#include "plan.h"

struct place {
	const struct place *up;	/* the object or list that it is in */
	const char *key;	/* NULL: an element of a list */
	const char *key_end;	/* NULL: key ends with a NUL */
	size_t index;		/* of the element */
};

/* What a fault's sentence may quote of the plan, marks included. */
#define QUOTE_ROOM 80

/*
 * Tell one fault.  The message is what must be different, as in "must be a
 * string, is a number"; a pointer or a message that is too long is cut and
 * ends with "...".  Both are as the plan spells things: who prints them makes
 * control characters visible.
 */
void fault(struct plan_faults *faults, const struct place *at,
	   const char *format, ...) __attribute__((format(printf, 3, 4)));

/* There is no memory for the plan.  Returns -1. */
int fault_no_memory(struct plan_faults *faults);

/* The text in quotation marks, cut where it is long.  Returns room. */
const char *quote(char room[static QUOTE_ROOM], const char *text);

#define QUOTE(text) quote((char[QUOTE_ROOM]){0}, text)

#endif
