/* values: what is no object, from JSON to the types of C */

#include <string.h>

#include "read.h"
#include "sense.h"
#include "words.h"

static const struct range {
	int64_t min;
	uint64_t max;
} ranges[] = {
#define RANGE_ROW(name, least, most) \
	[RANGE_##name] = { .min = least, .max = most },
	RANGES(RANGE_ROW)
};

static const struct words *words_named(enum words_name name)
{
	switch (name) {
#define WORDS_CASE(name) \
	case WORDS_##name: \
		return &name;
	WORD_LISTS(WORDS_CASE)
	}
	return NULL;
}

bool must_be(struct reader *r, const cJSON *value, int type)
{
	if ((value->type & 0xff) == type)
		return true;
	own_fault(r, "must be %s, is %s", kind_of(&(cJSON){ .type = type }),
		  kind_of(value));
	return false;
}

const char *text_of(struct reader *r, const cJSON *value, enum sense sense)
{
	const char *why;

	if (!must_be(r, value, cJSON_String))
		return NULL;
	why = sense_missing(sense, value->valuestring);
	if (!why)
		return value->valuestring;
	if (*value->valuestring)
		own_fault(r, "%s, is %s", why, QUOTE(value->valuestring));
	else
		own_fault(r, "%s, is empty", why);
	return NULL;
}

void read_text(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	const char *text = text_of(r, value, row->of);

	if (text)
		text = keep_text(r, text);
	if (text)
		memcpy(field, &text, sizeof(text));
}

void read_bool(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	(void)row;
	if (cJSON_IsBool(value))
		*(bool *)field = cJSON_IsTrue(value);
	else
		own_fault(r, "must be true or false, is %s", kind_of(value));
}

static bool is_in(const struct range *range, const struct integer *value)
{
	if (!value->negative || !value->magnitude)
		return value->magnitude <= range->max &&
		       (range->min <= 0 ||
			value->magnitude >= (uint64_t)range->min);
	return range->min < 0 &&
	       value->magnitude <= -(uint64_t)range->min;
}

static void out_of_range(struct reader *r, const struct range *range,
			 const char *token)
{
	if (range->min >= 0 && (uint64_t)range->min == range->max)
		own_fault(r, "must be %llu, is %s",
			  (unsigned long long)range->max, token);
	else
		own_fault(r, "must be from %lld to %llu, is %s",
			  (long long)range->min,
			  (unsigned long long)range->max, token);
}

/* The number as two's complement of 64 bits. */
static bool number_of(struct reader *r, const struct range *range,
		      const cJSON *value, uint64_t *bits)
{
	struct integer integer;
	char token[64];

	if (!must_be(r, value, cJSON_Number))
		return false;
	switch (tree_integer(&r->tree, value, &integer, token,
			     sizeof(token))) {
	case INTEGER_FRACTION:
		own_fault(r, "must be an integer, is %s", token);
		return false;
	case INTEGER_HUGE:
		out_of_range(r, range, token);
		return false;
	case INTEGER_OK:
		break;
	}
	if (!is_in(range, &integer)) {
		out_of_range(r, range, token);
		return false;
	}
	*bits = integer.negative ? -integer.magnitude : integer.magnitude;
	return true;
}

void read_number(struct reader *r, const struct row *row, const cJSON *value,
		 void *field)
{
	uint64_t bits;

	if (number_of(r, &ranges[row->of], value, &bits))
		*(uint32_t *)field = (uint32_t)bits;
}

void read_long(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	uint64_t bits;

	if (number_of(r, &ranges[row->of], value, &bits))
		memcpy(field, &bits, sizeof(bits));
}

void read_numbers(struct reader *r, const struct row *row, const cJSON *value,
		  void *field)
{
	struct place at = { .up = r->at };
	const cJSON *child;
	uint32_t *items;
	size_t count;

	if (!must_be(r, value, cJSON_Array))
		return;
	count = entries_of(value);
	items = keep_array(r, count, sizeof(*items));
	if (!items)
		return;
	r->at = &at;
	for (child = value->child; child; child = child->next, at.index++)
		read_number(r, row, child, &items[at.index]);
	r->at = at.up;
	keep_list(field, items, count);
}

/* A list of strings, ended with a NULL; whether all of them are right. */
static bool texts_of(struct reader *r, const struct row *row,
		     const cJSON *value, struct strings *texts)
{
	struct place at = { .up = r->at };
	const cJSON *child;
	bool right = true;

	if (!must_be(r, value, cJSON_Array))
		return false;
	texts->count = entries_of(value);
	texts->items = keep_array(r, texts->count + 1, sizeof(char *));
	if (!texts->items)
		return false;
	r->at = &at;
	for (child = value->child; child; child = child->next, at.index++) {
		read_text(r, row, child, &texts->items[at.index]);
		right &= texts->items[at.index] != NULL;
	}
	r->at = at.up;
	return right;
}

void read_texts(struct reader *r, const struct row *row, const cJSON *value,
		void *field)
{
	struct strings texts;

	if (texts_of(r, row, value, &texts) && texts.count)
		*(struct strings *)field = texts;
}

void read_argv(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	struct strings texts;

	if (texts_of(r, row, value, &texts))
		memcpy(field, &texts.items, sizeof(texts.items));
}

static const struct word *word_of(struct reader *r, const struct words *words,
				  const cJSON *value)
{
	const struct word *word;

	if (!must_be(r, value, cJSON_String))
		return NULL;
	word = word_find(words, value->valuestring);
	if (!word)
		own_fault(r, "must be %s, is %s", words->what,
			  QUOTE(value->valuestring));
	return word;
}

void read_word(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	const struct word *word = word_of(r, words_named(row->of), value);

	if (word)
		*(uint32_t *)field = word->value;
}

/* The words of a list, a bit each, by their place in the table. */
static uint64_t words_of(struct reader *r, const struct words *words,
			 const cJSON *value)
{
	struct place at = { .up = r->at };
	const struct word *word;
	uint64_t bits = 0, bit;
	const cJSON *child;

	if (!must_be(r, value, cJSON_Array))
		return 0;
	r->at = &at;
	for (child = value->child; child; child = child->next, at.index++) {
		word = word_of(r, words, child);
		bit = word ? UINT64_C(1) << (word - words->items) : 0;
		if (bits & bit)
			own_fault(r, "must be there once only, %s was there "
				  "before", QUOTE(child->valuestring));
		bits |= bit;
	}
	r->at = at.up;
	return bits;
}

void read_words(struct reader *r, const struct row *row, const cJSON *value,
		void *field)
{
	const struct words *words = words_named(row->of);
	uint64_t bits = words_of(r, words, value);
	uint32_t values = 0;
	size_t i;

	for (i = 0; i < words->count; i++)
		if (bits >> i & 1)
			values |= words->items[i].value;
	*(uint32_t *)field = values;
}

void read_bits(struct reader *r, const struct row *row, const cJSON *value,
	       void *field)
{
	*(uint64_t *)field = words_of(r, words_named(row->of), value);
}
