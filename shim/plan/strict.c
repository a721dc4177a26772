/* strict: RFC 8259 without what readers disagree on, and within the limits */

#include "strict.h"

#include <stdbool.h>
#include <string.h>

#include "fault.h"
#include "lexer.h"
#include "names.h"

struct strict {
	struct lexer text;
	const char *begin;
	const struct place *at;
	unsigned depth;
	uint32_t entries;	/* of the list or object that ended last */
	struct members keys;	/* of all objects that are open, plan first */
	size_t room;
	struct arena *keep;
	struct arena *scratch;
	struct plan_faults *faults;
};

static int value_check(struct strict *s);

/* Lines and columns from 1, a column a character: as editors count. */
static int syntax_error(struct strict *s, const char *why)
{
	size_t line = 1, column = 1;
	const char *p;

	for (p = s->begin; p < s->text.next; p++) {
		if (*p == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			column++;
		}
	}
	fault(s->faults, s->at, "syntax error at line %zu, column %zu: %s%s",
	      line, column, why,
	      s->text.next == s->text.end ? ", the text ends" : "");
	return -1;
}

static int token_checked(struct strict *s, int result)
{
	return result < 0 ? syntax_error(s, s->text.wrong) : 0;
}

static bool next_is(struct strict *s, char c)
{
	lex_space(&s->text);
	if (s->text.next == s->text.end || *s->text.next != c)
		return false;
	s->text.next++;
	return true;
}

/* After an entry: 1 there is another, 0 that was the last. */
static int entry_follows(struct strict *s, char closing)
{
	if (next_is(s, ','))
		return 1;
	if (next_is(s, closing))
		return 0;
	return syntax_error(s, closing == '}' ? "',' or '}' is expected" :
						"',' or ']' is expected");
}

static int too_many(struct strict *s)
{
	fault(s->faults, s->at, "must have at most %d entries",
	      PLAN_MAX_ENTRIES);
	return -1;
}

static int list_check(struct strict *s)
{
	struct place at = { .up = s->at };
	int more = !next_is(s, ']');

	while (more > 0) {
		if (at.index == PLAN_MAX_ENTRIES)
			return too_many(s);
		s->at = &at;
		if (value_check(s) < 0)
			return -1;
		more = entry_follows(s, ']');
		s->at = at.up;
		at.index++;
	}
	s->entries = (uint32_t)at.index;
	return more;
}

/* Room for one more key. */
static struct member *member_add(struct strict *s)
{
	size_t room = s->room ? 2 * s->room : 64;
	struct member *items;

	if (s->keys.count == s->room) {
		items = arena_array(s->keep, room, sizeof(items[0]));
		if (!items) {
			fault_no_memory(s->faults);
			return NULL;
		}
		if (s->room)
			memcpy(items, s->keys.items,
			       s->room * sizeof(items[0]));
		s->keys.items = items;
		s->room = room;
	}
	return &s->keys.items[s->keys.count++];
}

/* With escapes, what they stand for counts: "\u0061" is "a". */
static int key_decode(struct strict *s, struct member *member)
{
	char *key = arena_alloc(s->keep, member->key_length);

	if (!key)
		return fault_no_memory(s->faults);
	member->key_length = (uint32_t)lex_decode(key, member->key,
			member->key + member->key_length);
	member->key = key;
	return 0;
}

/* A key and its colon; *at becomes its place. */
static int key_check(struct strict *s, struct place *at)
{
	struct member *member;
	const char *begin;
	bool escaped;

	lex_space(&s->text);
	begin = s->text.next + 1;
	if (s->text.next == s->text.end || *s->text.next != '"')
		return syntax_error(s, "a key is expected");
	if (token_checked(s, lex_string(&s->text, &escaped)) < 0)
		return -1;
	member = member_add(s);
	if (!member)
		return -1;
	member->key = begin;
	member->key_length = (uint32_t)(s->text.next - 1 - begin);
	if (escaped && key_decode(s, member) < 0)
		return -1;
	at->key = member->key;
	at->key_end = member->key + member->key_length;
	s->at = at;
	if (!next_is(s, ':'))
		return syntax_error(s, "':' is expected");
	lex_space(&s->text);
	return 0;
}

static void key_repeated(struct strict *s, const struct member *member)
{
	struct place at = {
		.up = s->at,
		.key = member->key,
		.key_end = member->key + member->key_length,
	};

	fault(s->faults, &at, "must be there once only, is a duplicate key");
}

static int many_keys_check(struct strict *s, const struct member *members,
			   size_t count)
{
	struct name *names = arena_array(s->scratch, count, sizeof(*names));
	size_t i;

	if (!names)
		return fault_no_memory(s->faults);
	for (i = 0; i < count; i++)
		names[i] = (struct name){ members[i].key,
					  members[i].key_length, i };
	names_sort(names, count);
	for (i = 0; (i = names_repeated(names, count, i)) < count; i++)
		key_repeated(s, &members[names[i].index]);
	arena_reset(s->scratch);
	return 0;
}

/* Whether members[i] has the key of one before it. */
static bool is_repeated(const struct member *members, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (members[k].key_length == members[i].key_length &&
		    memcmp(members[k].key, members[i].key,
			   members[i].key_length) == 0)
			return true;
	return false;
}

/* Up to this many keys, each is compared with each: no memory, no sorting. */
#define FEW_KEYS 24

static int keys_check(struct strict *s, const struct member *members,
		      size_t count)
{
	size_t i;

	if (count > FEW_KEYS)
		return many_keys_check(s, members, count);
	for (i = 1; i < count; i++)
		if (is_repeated(members, i))
			key_repeated(s, &members[i]);
	return 0;
}

/* A key and its value, which is noted beside it for the plan's reader. */
static int member_check(struct strict *s, struct place *at)
{
	size_t index = s->keys.count;
	struct member *member;
	const char *begin;

	if (key_check(s, at) < 0)
		return -1;
	begin = s->text.next;
	s->entries = 0;
	if (value_check(s) < 0)
		return -1;
	member = &s->keys.items[index];
	member->value = begin;
	member->length = (uint32_t)(s->text.next - begin);
	member->entries = s->entries;
	return 0;
}

static int object_check(struct strict *s)
{
	struct place at = { .up = s->at };
	size_t first = s->keys.count;
	int more = !next_is(s, '}');

	while (more > 0) {
		if (s->keys.count - first == PLAN_MAX_ENTRIES)
			return too_many(s);
		if (member_check(s, &at) < 0)
			return -1;
		more = entry_follows(s, '}');
		s->at = at.up;
	}
	s->entries = (uint32_t)(s->keys.count - first);
	if (more < 0)
		return -1;
	if (s->entries > 1 &&
	    keys_check(s, &s->keys.items[first], s->entries) < 0)
		return -1;
	if (s->depth > 1)
		s->keys.count = first;
	return 0;
}

static int nested_check(struct strict *s)
{
	int result;

	if (s->depth == PLAN_MAX_DEPTH) {
		fault(s->faults, s->at, "must be at most %d levels deep",
		      PLAN_MAX_DEPTH);
		return -1;
	}
	s->depth++;
	result = *s->text.next++ == '{' ? object_check(s) : list_check(s);
	s->depth--;
	return result;
}

static int value_check(struct strict *s)
{
	bool escaped;

	lex_space(&s->text);
	if (s->text.next == s->text.end)
		return syntax_error(s, "a value is expected");
	switch (*s->text.next) {
	case '{':
	case '[':
		return nested_check(s);
	case '"':
		return token_checked(s, lex_string(&s->text, &escaped));
	case 't':
		return token_checked(s, lex_word(&s->text, "true"));
	case 'f':
		return token_checked(s, lex_word(&s->text, "false"));
	case 'n':
		return token_checked(s, lex_word(&s->text, "null"));
	case '-':
	case '0' ... '9':
		return token_checked(s, lex_number(&s->text));
	}
	return syntax_error(s, "a value is expected");
}

static int text_check(struct strict *s, size_t length)
{
	bool is_object;

	if (length > PLAN_MAX_BYTES) {
		fault(s->faults, NULL, "must have at most %u bytes, has %zu",
		      PLAN_MAX_BYTES, length);
		return -1;
	}
	lex_space(&s->text);
	is_object = s->text.next < s->text.end && *s->text.next == '{';
	if (value_check(s) < 0)
		return -1;
	lex_space(&s->text);
	if (s->text.next < s->text.end)
		return syntax_error(s, "nothing may follow the plan");
	if (!is_object) {
		fault(s->faults, NULL, "must be an object");
		return -1;
	}
	return 0;
}

int strict_check(const char *text, size_t length, struct arena *keep,
		 struct arena *scratch, struct plan_faults *faults,
		 struct members *members)
{
	struct strict s = {
		.text = { .next = text, .end = text + length },
		.begin = text,
		.keep = keep,
		.scratch = scratch,
		.faults = faults,
	};

	if (text_check(&s, length) < 0)
		return -1;
	*members = s.keys;
	return 0;
}
