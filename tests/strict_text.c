/* strict_text: texts for the strict pass */

#include "strict_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "plan/strict.h"

static char told[65536];

static void tell(struct plan_faults *faults, const char *pointer,
		 const char *message)
{
	size_t length = strlen(told);

	(void)faults;
	snprintf(told + length, sizeof(told) - length, "%s: %s\n", pointer,
		 message);
}

/* One byte further than malloc(3) aligns, to try that too. */
const char *bytes_faults(const char *bytes, size_t length)
{
	struct plan_faults faults = { .tell = tell };
	struct arena keep = {0}, scratch = {0};
	struct members members = {0};
	char *copy = malloc(length + 1);
	int result;

	assert_non_null(copy);
	memcpy(copy + 1, bytes, length);
	told[0] = '\0';
	result = strict_check(copy + 1, length, &keep, &scratch, &faults,
			      &members);
	if (result < 0)
		assert_true(faults.count > 0);
	arena_free(&keep);
	arena_free(&scratch);
	free(copy);
	return told;
}

const char *text_faults(const char *text)
{
	return bytes_faults(text, strlen(text));
}
