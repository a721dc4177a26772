/*
 * JSON that people wrote, as a tree of cJSON's that may be changed and printed.
 *
 * It has passed the plan's own strict pass (plan/strict.h), and its numbers
 * are printed with the digits that they were written with.
 */

#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "failure.h"
#include "plan/plan.h"

/* The pointer, or the end of the program with a word: there is no memory. */
void *must(void *pointer);

/*
 * The tree of a file, the caller's.
 *
 * Returns NULL when it cannot be read (*why) or is no JSON that a plan could
 * be (told to faults, a pointer and a reason each).
 */
cJSON *document_read(const char *path, struct plan_faults *faults,
		     struct failure *why);

/* The text of a tree, the caller's to free(3): for people, or on one line. */
char *document_print(const cJSON *tree, bool for_people);

/* Is it an integer from least to most? */
bool document_integer(const cJSON *value, int64_t least, int64_t most,
		      int64_t *number);

/* Is it an integer of 64 bits without a sign? */
bool document_natural(const cJSON *value, uint64_t *number);

/* A number of ours, as a value of its own. */
cJSON *document_number(int64_t number);

/* The member of that name, or NULL: by the very key, where cJSON folds case. */
cJSON *document_member(const cJSON *object, const char *key);

/* Another member; value, which is given away, ends up in the object. */
void document_add(cJSON *object, const char *key, cJSON *value);

/* A copy of a value as another member, or in the place of the one there. */
void document_copy(cJSON *object, const char *key, const cJSON *value);

/* The object that is that member, made where there is none. */
cJSON *document_object(cJSON *object, const char *key);

#endif
