/*
 * The reader: from JSON to the structs of plan.h, by tables.
 *
 * An object of the plan is a shape: a table of rows, one a key, that say how
 * the value is read, what is required of it and where it goes.  A reader
 * tells every fault that it finds and goes on, so that one run of --check
 * names them all.
 */

#ifndef PLAN_READ_H
#define PLAN_READ_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "lists.h"
#include "tree.h"
#include "plan.h"

/* Which rows of a shape an object had, a bit each. */
struct seen {
	uint32_t given;		/* the key is there */
	uint32_t faulty;	/* and something is wrong with its value */
};

#define ROW(index) (UINT32_C(1) << (index))

/* What is known while a plan is read. */
struct reader {
	struct plan *plan;
	struct plan_use use;
	struct plan_faults *faults;
	const struct place *at;	/* of the value that is being read */
	struct tree tree;
	struct arena scratch;	/* cJSON's, and for sorting */
	struct seen seen;	/* of the plan's own keys: enum plan_row */
	struct seen rootfs;	/* enum rootfs_row */
	const char *type;	/* of the last mount: most have the same */
	bool no_memory;
};

/* Without a pointer: lists.h. */
struct row {
	char key[16];
	uint16_t offset;	/* of the field in the struct */
	uint8_t reader;		/* enum reader_name */
	uint8_t of;		/* what it is read with: one of the others */
	bool required;
};

#define READ(name) .reader = READER_##name
#define SENSE(name) .of = SENSE_##name
#define RANGE(name) .of = RANGE_##name
#define WORDS(name) .of = WORDS_##name
#define SHAPE(name) .of = SHAPE_##name

struct shape {
	uint16_t size;		/* of the struct, where a list has many */
	uint8_t name;		/* enum shape_name */
	uint8_t count;
	struct row rows[];
};

#define DEFINE_SHAPE(this, type, ...) \
	const struct shape this##_shape = { \
		.size = sizeof(type), \
		.name = SHAPE_##this, \
		.count = sizeof((struct row[]){ __VA_ARGS__ }) / \
			 sizeof(struct row), \
		.rows = { __VA_ARGS__ }, \
	}

/*
 * field is where the row's offset says, of the type that is noted in lists.h;
 * a faulty value leaves it alone.
 */
#define DECLARE_READER(name) \
	void read_##name(struct reader *r, const struct row *row, \
			 const cJSON *value, void *field);
READERS(DECLARE_READER)

#define DECLARE_SHAPE(name) extern const struct shape name##_shape;
SHAPES(DECLARE_SHAPE)

/* Defaults that are not zero. */
#define DECLARE_BEGIN(name) void name##_begin(struct reader *r, void *object);
SHAPES_THAT_BEGIN(DECLARE_BEGIN)

/* What must be true of all keys together. */
#define DECLARE_FINISH(name) \
	void name##_finish(struct reader *r, const cJSON *value, \
			   void *object, struct seen seen);
SHAPES_THAT_FINISH(DECLARE_FINISH)

/* As read_object(), without a row. */
void read_shape(struct reader *r, const struct shape *shape,
		const cJSON *value, void *object);

/* The row of a key, or NULL; its place in r->at is the caller's to set. */
const struct row *row_find(const struct shape *shape, const char *key);

/* A member whose row is known; r->at is its place. */
void read_member(struct reader *r, const struct shape *shape,
		 const struct row *row, const cJSON *value, void *object,
		 struct seen *seen);

/* The fault of a key that no row has. */
void unknown_key(struct reader *r, const struct shape *shape, const char *key);

/* After all members: what is missing, and what does not go together. */
void finish_shape(struct reader *r, const struct shape *shape,
		  const cJSON *value, void *object, struct seen seen);

/* Keys for annotations of the plan itself: ignored everywhere. */
bool is_ignored(const char *key);

/*
 * The value as a C string that makes sense, or NULL after a fault.  It lives
 * until the next value is read.
 */
const char *text_of(struct reader *r, const cJSON *value, enum sense sense);

/* Whether it is of the type (cJSON_Array ...); a fault if not. */
bool must_be(struct reader *r, const cJSON *value, int type);

/* Memory of the plan, zeroed; NULL after a fault. */
void *keep_array(struct reader *r, size_t count, size_t size);
char *keep_text(struct reader *r, const char *text);

/* Entries of a list or an object. */
size_t entries_of(const cJSON *value);

/* Fill a field that is a pointer and, behind it, a size_t. */
void keep_list(void *field, const void *items, size_t count);

/* There is none: told once. */
void no_memory(struct reader *r);

/* A fault of the member "key" of the object that is being read. */
#define member_fault(r, name, ...) \
	fault((r)->faults, \
	      &(struct place){ .up = (r)->at, .key = (name) }, __VA_ARGS__)

/* A fault of the object itself. */
#define own_fault(r, ...) fault((r)->faults, (r)->at, __VA_ARGS__)

/* A fault of one entry of the member that is a list. */
#define entry_fault(r, name, entry, ...) \
	fault((r)->faults, \
	      &(struct place){ .up = &(struct place){ .up = (r)->at, \
						      .key = (name) }, \
			       .index = (entry) }, __VA_ARGS__)

#endif
