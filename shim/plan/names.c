/* names: sorted, those that are equal lie side by side */

#include "names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
	const struct name *a = left, *b = right;
	int order;

	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	order = memcmp(a->text, b->text, a->length);
	if (order)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

void names_sort(struct name *names, size_t count)
{
	qsort(names, count, sizeof(names[0]), compare);
}

size_t names_repeated(const struct name *names, size_t count, size_t from)
{
	size_t i;

	for (i = from ? from : 1; i < count; i++)
		if (is_same(&names[i - 1], &names[i]))
			return i;
	return count;
}
