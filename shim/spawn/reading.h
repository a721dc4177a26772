/* What little JSON this library reads.  For the spawn room alone. */

#ifndef SPAWN_READING_H
#define SPAWN_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"

/*
 * The namespaces that a plan lists, CLONE_NEW* bits.  Only as much of the
 * plan is looked at as that takes: the shim says what is wrong with it.
 *
 * Returns 0, or -1 with *why: it is no JSON, or has no such namespace.
 */
int reading_namespaces(const char *plan, unsigned *namespaces,
		       struct failure *why);

/*
 * Is this a plan without "sync": {"start": true}, so that the shim does not
 * wait before the target?
 */
bool reading_goes_on(const char *plan, size_t length);

/* A member of a flat object. */
struct reading_member {
	const char *key;
	char *text;		/* a string: room for it and a NUL; else: */
	size_t size;
	unsigned long long *number;
};

/*
 * A flat object of strings and numbers.  Members that are not asked for are
 * passed over, those that are not there left as they are, and strings that do
 * not fit are cut.
 */
bool reading_flat(const char *text, size_t length,
		  const struct reading_member *members, size_t count);

#endif
