/* tree: cJSON with memory that is reset, and numbers with their digits */

#include "tree.h"

#include <string.h>

/*
 * State of its own, as cJSON's allocator is handed no context.  A tree lasts
 * until the next value is read, so nothing is freed one by one and the same
 * bytes serve again: that is what makes twenty thousand mounts cheap.
 */
static struct {
	struct arena *arena;
	char *first;		/* a chunk that is always there */
	char *next;		/* first free byte of the chunk in use */
	char *end;
	bool has_more;		/* than the first chunk */
} memory;

#define CHUNK ((size_t)8192)

/* What a number has; the strict pass has looked at the order. */
#define NUMBER "+-.0123456789Ee"

/*
 * Enough for a list of 65,536 strings that fill 64 MiB of text; less than
 * what 64 MiB of "[0,0,0," would take from the machine.
 */
#define MEMORY_MAX ((size_t)160 << 20)

static void *chunk_alloc(size_t size)
{
	char *chunk;

	if (memory.arena->total > MEMORY_MAX)
		return NULL;
	memory.has_more = true;
	chunk = arena_alloc(memory.arena, size > CHUNK ? size : CHUNK);
	if (chunk && size <= CHUNK) {
		memory.next = chunk + size;
		memory.end = chunk + CHUNK;
	}
	return chunk;
}

void *tree_malloc(size_t size)
{
	char *bytes = memory.next;

	size = (size + 7) & ~(size_t)7;
	if (size > (size_t)(memory.end - bytes))
		return chunk_alloc(size);
	memory.next += size;
	return bytes;
}

void tree_free(void *unused)
{
	(void)unused;
}

/* cJSON needs more of a text that it prints, and prints none here. */
void *tree_realloc(void *unused, size_t size)
{
	(void)unused;
	(void)size;
	return NULL;
}

double tree_strtod(const char *text, char **end)
{
	*end = (char *)text + strspn(text, NUMBER);
	return 0;
}

/* Forget the tree; what was more than the first chunk goes back. */
static void memory_reset(void)
{
	if (memory.has_more || !memory.first) {
		arena_reset(memory.arena);
		memory.first = arena_alloc(memory.arena, CHUNK);
		memory.end = memory.first ? memory.first + CHUNK : NULL;
		memory.has_more = false;
	}
	memory.next = memory.first;
}

void tree_start(struct arena *scratch)
{
	memory.arena = scratch;
	memory.first = memory.next = memory.end = NULL;
	cJSON_InitHooks(&(cJSON_Hooks){ tree_malloc, tree_free });
}

void tree_stop(void)
{
	cJSON_InitHooks(NULL);
	memory.arena = NULL;
}

static const cJSON *value_read(struct tree *tree)
{
	memory_reset();
	tree->begin = tree->next;
	tree->has_digits = false;
	tree->root = cJSON_ParseWithLengthOpts(tree->next,
			(size_t)(tree->end - tree->next), &tree->next, false);
	return tree->root;
}

const cJSON *tree_read(struct tree *tree, const char *text, size_t length)
{
	tree_list(tree, text, length);
	return value_read(tree);
}

void tree_list(struct tree *tree, const char *text, size_t length)
{
	tree->next = text;
	tree->end = text + length;
}

/* At the bracket before the first element, or somewhere before a comma. */
const cJSON *tree_element(struct tree *tree)
{
	while (*tree->next != '[' && *tree->next != ',')
		tree->next++;
	tree->next++;
	return value_read(tree);
}

static const char *string_end(const char *text)
{
	for (text++; *text != '"'; text++)
		if (*text == '\\')
			text++;
	return text + 1;
}

/* From one number's text to the next one's; what is in a string is none. */
static const char *number_find(const char *text)
{
	while (*text != '-' && (*text < '0' || *text > '9')) {
		if (*text == '"')
			text = string_end(text);
		else
			text++;
	}
	return text;
}

static const char *number_end(const char *text, const char *end)
{
	while (text < end && *text && strchr(NUMBER, *text))
		text++;
	return text;
}

const char *tree_attach_digits(cJSON *value, const char *text,
			       const char *end)
{
	for (; value; value = value->next) {
		if (cJSON_IsNumber(value)) {
			value->valuestring = (char *)number_find(text);
			text = number_end(value->valuestring, end);
		}
		text = tree_attach_digits(value->child, text, end);
	}
	return text;
}

static enum integer_fault integer_read(const char *text, const char *end,
				       struct integer *value)
{
	value->negative = *text == '-';
	value->magnitude = 0;
	text += value->negative;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return INTEGER_FRACTION;
		if (__builtin_mul_overflow(value->magnitude, 10,
					   &value->magnitude) ||
		    __builtin_add_overflow(value->magnitude,
					   (uint64_t)(*text - '0'),
					   &value->magnitude))
			return INTEGER_HUGE;
	}
	return INTEGER_OK;
}

enum integer_fault tree_integer(struct tree *tree, const cJSON *number,
				struct integer *value, char *token,
				size_t room)
{
	const char *end;
	size_t length;

	if (!tree->has_digits)
		tree_attach_digits(tree->root, tree->begin, tree->end);
	tree->has_digits = true;
	end = number_end(number->valuestring, tree->end);
	length = (size_t)(end - number->valuestring);
	if (length >= room)
		length = room - 1;
	memcpy(token, number->valuestring, length);
	token[length] = '\0';
	return integer_read(number->valuestring, end, value);
}

const char *kind_of(const cJSON *value)
{
	switch (value->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return "a boolean";
	case cJSON_NULL:
		return "null";
	case cJSON_Number:
		return "a number";
	case cJSON_String:
		return "a string";
	case cJSON_Array:
		return "a list";
	}
	return "an object";
}
