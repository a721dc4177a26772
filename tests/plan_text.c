/* plan_text: plans as text, and what is told of them */

#include "plan_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct reading last;

static void tell(struct plan_faults *faults, const char *pointer,
		 const char *message)
{
	struct reading *to = (struct reading *)faults;
	int wrote;

	snprintf(to->pointer, sizeof(to->pointer), "%s", pointer);
	snprintf(to->message, sizeof(to->message), "%s", message);
	wrote = snprintf(to->told + to->length, sizeof(to->told) - to->length,
			 "%s: %s\n", pointer, message);
	to->length += (size_t)wrote;
	if (to->length >= sizeof(to->told))
		to->length = sizeof(to->told) - 1;
}

/*
 * From a copy of just that size, so that who reads past its end is found by
 * valgrind and the sanitizers.
 */
struct reading *reading_of_bytes(const char *bytes, size_t length,
				 struct plan_use use)
{
	char *copy = malloc(length ? length : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	plan_free(&last.plan);
	last = (struct reading){ .faults = { .tell = tell } };
	plan_parse(&last.plan, copy, length, use, &last.faults);
	free(copy);
	return &last;
}

struct reading *reading_of(const char *text)
{
	return reading_of_bytes(text, strlen(text),
				(struct plan_use){ .has_sync = true });
}

struct plan *plan_of(const char *text)
{
	struct reading *reading = reading_of(text);

	assert_string_equal(reading->told, "");
	return &reading->plan;
}

int reading_free(void **state)
{
	(void)state;
	plan_free(&last.plan);
	return 0;
}
