/* Names that are there twice, found in n log n: a plan may have 65,536. */

#ifndef PLAN_NAMES_H
#define PLAN_NAMES_H

#include <stddef.h>

struct name {
	const char *text;
	size_t length;
	size_t index;		/* which one it is; unique */
};

/*
 * Sorts names by text; equal ones by index.  Returns the first from "from"
 * on that repeats the one before it, or count.
 */
void names_sort(struct name *names, size_t count);
size_t names_repeated(const struct name *names, size_t count, size_t from);

#endif
