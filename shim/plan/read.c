/* read: objects and lists by their tables */

#include "read.h"

#include <string.h>
#include <strings.h>

void no_memory(struct reader *r)
{
	if (!r->no_memory)
		fault_no_memory(r->faults);
	r->no_memory = true;
}

void *keep_array(struct reader *r, size_t count, size_t size)
{
	void *memory = arena_array(&r->plan->arena, count, size);

	if (!memory)
		no_memory(r);
	return memory;
}

char *keep_text(struct reader *r, const char *text)
{
	char *copy = arena_text(&r->plan->arena, text, strlen(text));

	if (!copy)
		no_memory(r);
	return copy;
}

bool is_ignored(const char *key)
{
	return key[0] == 'x' && key[1] == '-';
}

const struct row *row_find(const struct shape *shape, const char *key)
{
	const struct row *row;

	for (row = shape->rows; row < shape->rows + shape->count; row++)
		if (row->key[0] == key[0] && strcmp(row->key, key) == 0)
			return row;
	return NULL;
}

static void read_value(struct reader *r, const struct row *row,
		       const cJSON *value, void *field)
{
	switch ((enum reader_name)row->reader) {
#define READER_CASE(name) \
	case READER_##name: \
		read_##name(r, row, value, field); \
		break;
	READERS(READER_CASE)
	}
}

static void shape_begin(struct reader *r, const struct shape *shape,
			void *object)
{
	switch (shape->name) {
#define BEGIN_CASE(name) \
	case SHAPE_##name: \
		name##_begin(r, object); \
		break;
	SHAPES_THAT_BEGIN(BEGIN_CASE)
	}
}

static const struct shape *shape_of(const struct row *row)
{
	switch ((enum shape_name)row->of) {
#define SHAPE_CASE(name) \
	case SHAPE_##name: \
		return &name##_shape;
	SHAPES(SHAPE_CASE)
	}
	return NULL;
}

void read_member(struct reader *r, const struct shape *shape,
		 const struct row *row, const cJSON *value, void *object,
		 struct seen *seen)
{
	uint32_t bit = ROW(row - shape->rows);
	size_t faults = r->faults->count;

	read_value(r, row, value, (char *)object + row->offset);
	seen->given |= bit;
	if (faults != r->faults->count)
		seen->faulty |= bit;
}

static void read_key(struct reader *r, const struct shape *shape,
		     const cJSON *value, void *object, struct seen *seen)
{
	struct place at = { .up = r->at, .key = value->string };
	const struct row *row = row_find(shape, value->string);

	r->at = &at;
	if (row)
		read_member(r, shape, row, value, object, seen);
	else if (!is_ignored(value->string))
		unknown_key(r, shape, value->string);
	r->at = at.up;
}

void finish_shape(struct reader *r, const struct shape *shape,
		  const cJSON *value, void *object, struct seen seen)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (shape->rows[i].required && !(seen.given & ROW(i)))
			own_fault(r, "lacks \"%s\"", shape->rows[i].key);
	switch (shape->name) {
#define FINISH_CASE(name) \
	case SHAPE_##name: \
		name##_finish(r, value, object, seen); \
		break;
	SHAPES_THAT_FINISH(FINISH_CASE)
	}
}

void read_shape(struct reader *r, const struct shape *shape,
		const cJSON *value, void *object)
{
	struct seen seen = {0};
	const cJSON *child;

	shape_begin(r, shape, object);
	if (!must_be(r, value, cJSON_Object))
		return;
	for (child = value->child; child; child = child->next)
		read_key(r, shape, child, object, &seen);
	finish_shape(r, shape, value, object, seen);
}

void read_object(struct reader *r, const struct row *row, const cJSON *value,
		 void *field)
{
	read_shape(r, shape_of(row), value, field);
}

size_t entries_of(const cJSON *value)
{
	return (size_t)cJSON_GetArraySize(value);
}

void keep_list(void *field, const void *items, size_t count)
{
	memcpy(field, &items, sizeof(items));
	memcpy((char *)field + sizeof(items), &count, sizeof(count));
}

void read_objects(struct reader *r, const struct row *row, const cJSON *value,
		  void *field)
{
	const struct shape *shape = shape_of(row);
	struct place at = { .up = r->at };
	const cJSON *child;
	size_t count;
	char *items;

	if (!must_be(r, value, cJSON_Array))
		return;
	count = entries_of(value);
	items = keep_array(r, count, shape->size);
	if (!items)
		return;
	r->at = &at;
	for (child = value->child; child; child = child->next, at.index++)
		read_shape(r, shape, child, items + at.index * shape->size);
	r->at = at.up;
	keep_list(field, items, count);
}

/* Whether a and b are the same but for one character more, less or other. */
static bool is_one_edit_away(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return strcmp(a, *b ? b + 1 : b) == 0 ||
	       strcmp(*a ? a + 1 : a, b) == 0 ||
	       (*a && *b && strcmp(a + 1, b + 1) == 0);
}

static const char *meant(const struct shape *shape, const char *key)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (strcasecmp(shape->rows[i].key, key) == 0 ||
		    is_one_edit_away(shape->rows[i].key, key))
			return shape->rows[i].key;
	return NULL;
}

void unknown_key(struct reader *r, const struct shape *shape, const char *key)
{
	const char *known = meant(shape, key);

	if (known)
		own_fault(r, "unknown key, did you mean \"%s\"?", known);
	else
		own_fault(r, "unknown key");
}
