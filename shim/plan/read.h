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
#include "tree.h"
#include "plan.h"
#include "words.h"

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

struct range {
	int64_t min;
	uint64_t max;
};

/* What a string must be besides a string: NULL, or the words "must ...". */
typedef const char *sense(const char *text);

struct row {
	char key[16];		/* no pointer: a static-PIE relocates each */
	void (*read)(struct reader *r, const struct row *row,
		     const cJSON *value, void *field);
	union {
		sense *sense;			/* of strings */
		const struct range *range;	/* of numbers */
		const struct words *words;
		const struct shape *shape;	/* of objects */
	};
	uint16_t offset;	/* of the field in the struct */
	bool required;
	bool later;		/* read, then refused: not supported yet */
};

struct shape {
	const struct row *rows;
	uint16_t count;
	uint16_t size;		/* of the struct, where a list has many */
	/* Defaults that are not zero; NULL: there are none. */
	void (*begin)(struct reader *r, void *object);
	/* What must be true of all keys together; NULL: nothing. */
	void (*finish)(struct reader *r, const cJSON *value, void *object,
		       struct seen seen);
};

#define SHAPE(table, type, ...) { \
	.rows = table, \
	.count = sizeof(table) / sizeof(table[0]), \
	.size = sizeof(type), \
	__VA_ARGS__ \
}

/*
 * The kinds of values.  field is where the row's offset says, of the type in
 * the comment; a faulty value leaves it alone.
 */
void read_text(struct reader *r, const struct row *row, const cJSON *value,
	       void *field);		/* const char * */
void read_bool(struct reader *r, const struct row *row, const cJSON *value,
	       void *field);		/* bool */
void read_number(struct reader *r, const struct row *row, const cJSON *value,
		 void *field);		/* 32 bits, signed or not */
void read_long(struct reader *r, const struct row *row, const cJSON *value,
	       void *field);		/* uint64_t */
void read_numbers(struct reader *r, const struct row *row, const cJSON *value,
		  void *field);		/* uint32_t *, size_t */
void read_texts(struct reader *r, const struct row *row, const cJSON *value,
		void *field);		/* struct strings */
void read_argv(struct reader *r, const struct row *row, const cJSON *value,
	       void *field);		/* char **, never NULL then */
void read_word(struct reader *r, const struct row *row, const cJSON *value,
	       void *field);		/* 32 bits: the word's value */
void read_words(struct reader *r, const struct row *row, const cJSON *value,
		void *field);		/* 32 bits: all words' values */
void read_bits(struct reader *r, const struct row *row, const cJSON *value,
	       void *field);		/* uint64_t: a bit a word, by its row */
void read_object(struct reader *r, const struct row *row, const cJSON *value,
		 void *field);		/* the shape's struct */
void read_objects(struct reader *r, const struct row *row, const cJSON *value,
		  void *field);		/* pointer to them, size_t */

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
const char *text_of(struct reader *r, const cJSON *value, sense *makes_sense);

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
