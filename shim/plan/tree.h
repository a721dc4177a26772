/*
 * cJSON, one value at a time: the tree of a whole plan would be many times
 * its text.  What is given here has passed the strict pass.
 */

#ifndef PLAN_TREE_H
#define PLAN_TREE_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

struct tree {
	const char *next;	/* behind the value that was read last */
	const char *end;
	const char *begin;	/* of that value */
	cJSON *root;		/* that value */
	bool has_digits;	/* its numbers know their digits */
};

/*
 * Let cJSON build its trees in scratch, which has nothing else in it until
 * tree_stop().  One reader at a time: cJSON's hooks are global, and know no
 * context.
 */
void tree_start(struct arena *scratch);

/*
 * What cJSON is compiled to call instead of the C library (meson.build): the
 * memory of its trees, and a strtod() that knows no floating point, since
 * tree_integer() reads the digits.  Leaves 15 KiB out of the program.
 */
void *tree_malloc(size_t size);
void tree_free(void *unused);
void *tree_realloc(void *unused, size_t size);
double tree_strtod(const char *text, char **end);

/* Back to cJSON's own ways. */
void tree_stop(void);

/*
 * Tree of the value that length bytes of text are, or NULL: no memory.  It
 * lives until the next call; there is nothing to delete.
 */
const cJSON *tree_read(struct tree *tree, const char *text, size_t length);

/*
 * The elements of a list one by one: tree_list() with its text, then as many
 * times tree_element() as it has elements.  As tree_read().
 */
void tree_list(struct tree *tree, const char *text, size_t length);
const cJSON *tree_element(struct tree *tree);

/* An integer, exact: cJSON's numbers are doubles, and saturate. */
struct integer {
	bool negative;
	uint64_t magnitude;
};

enum integer_fault {
	INTEGER_OK,
	INTEGER_FRACTION,	/* it has a fraction or an exponent */
	INTEGER_HUGE,		/* it has more than 64 bits */
};

/*
 * A number of the tree that was read last.  token is filled with its text,
 * cut at room.
 */
enum integer_fault tree_integer(struct tree *tree, const cJSON *number,
				struct integer *value, char *token,
				size_t room);

/*
 * Let each number of a tree know its digits in the text that it was read from:
 * they come in the same order in both, and a number has no use for its
 * valuestring.  That does not end with a NUL.  Returns where the text goes on.
 */
const char *tree_attach_digits(cJSON *value, const char *text,
			       const char *end);

/* "a string", "a boolean" ...: for sentences. */
const char *kind_of(const cJSON *value);

#endif
