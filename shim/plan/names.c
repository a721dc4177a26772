/* names: sorted, those that are equal lie side by side */

#include "names.h"

#include <stdbool.h>
#include <string.h>

static bool is_less(const struct name *a, const struct name *b)
{
	int order;

	if (a->length != b->length)
		return a->length < b->length;
	order = memcmp(a->text, b->text, a->length);
	return order ? order < 0 : a->index < b->index;
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

static void swap(struct name *a, struct name *b)
{
	struct name kept = *a;

	*a = *b;
	*b = kept;
}

/* Let the name at root sink until none below it is greater. */
static void sink(struct name *heap, size_t root, size_t count)
{
	size_t child;

	while ((child = 2 * root + 1) < count) {
		if (child + 1 < count &&
		    is_less(&heap[child], &heap[child + 1]))
			child++;
		if (!is_less(&heap[root], &heap[child]))
			return;
		swap(&heap[root], &heap[child]);
		root = child;
	}
}

/* Heapsort: n log n for the worst of plans, and a tenth of qsort(3). */
void names_sort(struct name *names, size_t count)
{
	size_t i;

	for (i = count / 2; i-- > 0; )
		sink(names, i, count);
	for (i = count; i-- > 1; ) {
		swap(&names[0], &names[i]);
		sink(names, 0, i);
	}
}

size_t names_repeated(const struct name *names, size_t count, size_t from)
{
	size_t i;

	for (i = from ? from : 1; i < count; i++)
		if (is_same(&names[i - 1], &names[i]))
			return i;
	return count;
}
