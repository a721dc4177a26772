/* reading: flat messages and one list of a plan, with the tokens of the shim */

#include "spawn/reading.h"

#include <stdlib.h>
#include <string.h>

#include "plan/lexer.h"
#include "spawn/init-shim.h"

/* Go past a sign, where that is what comes next. */
static bool accept(struct lexer *in, char sign)
{
	lex_space(in);
	if (in->next == in->end || *in->next != sign)
		return false;
	in->next++;
	return true;
}

static bool at_string(struct lexer *in)
{
	lex_space(in);
	return in->next < in->end && *in->next == '"';
}

/* A string, as much of it as fits; size 0: none. */
static bool read_string(struct lexer *in, char *text, size_t size)
{
	const char *start = in->next + 1;
	bool escaped;
	char *whole;
	size_t length;

	if (lex_string(in, &escaped) < 0)
		return false;
	if (!size)
		return true;
	whole = malloc((size_t)(in->next - start));
	if (!whole)
		return false;
	length = lex_decode(whole, start, in->next - 1);
	if (length >= size)
		length = size - 1;
	memcpy(text, whole, length);
	text[length] = '\0';
	free(whole);
	return true;
}

/* A value that is no object or list. */
static bool skip_simple(struct lexer *in)
{
	if (at_string(in))
		return read_string(in, NULL, 0);
	return lex_word(in, "true") == 0 || lex_word(in, "false") == 0 ||
	       lex_word(in, "null") == 0 || lex_number(in) == 0;
}

/* Whatever the value is; brackets are counted, not matched. */
static bool skip_value(struct lexer *in)
{
	size_t depth = 0;

	do {
		while (accept(in, '{') || accept(in, '['))
			depth++;
		if (depth && (accept(in, '}') || accept(in, ']'))) {
			depth--;
			continue;
		}
		if (depth && (accept(in, ',') || accept(in, ':')))
			continue;
		if (!skip_simple(in))
			return false;
	} while (depth);
	return true;
}

static bool read_number(struct lexer *in, unsigned long long *number)
{
	const char *start = in->next;

	/* what follows it in a whole message is no digit */
	if (lex_number(in) < 0)
		return false;
	*number = strtoull(start, NULL, 10);
	return true;
}

static bool read_member(struct lexer *in, const struct reading_member *members,
			size_t count)
{
	char key[64];
	size_t i;

	if (!at_string(in) || !read_string(in, key, sizeof(key)) ||
	    !accept(in, ':'))
		return false;
	lex_space(in);
	for (i = 0; i < count && strcmp(members[i].key, key) != 0; i++)
		;
	if (i < count && members[i].number)
		return read_number(in, members[i].number);
	if (i < count && at_string(in))
		return read_string(in, members[i].text, members[i].size);
	return skip_value(in);
}

bool reading_flat(const char *text, size_t length,
		  const struct reading_member *members, size_t count)
{
	struct lexer in = { .next = text, .end = text + length };

	if (!accept(&in, '{'))
		return false;
	if (accept(&in, '}'))
		return true;
	do
		if (!read_member(&in, members, count))
			return false;
	while (accept(&in, ','));
	return accept(&in, '}');
}

static const struct {
	const char *word;
	unsigned bit;
} words[] = {
	{ "mount", INIT_SHIM_MOUNT },
	{ "pid", INIT_SHIM_PID },
	{ "network", INIT_SHIM_NETWORK },
	{ "ipc", INIT_SHIM_IPC },
	{ "uts", INIT_SHIM_UTS },
	{ "user", INIT_SHIM_USER },
	{ "cgroup", INIT_SHIM_CGROUP },
	{ "time", INIT_SHIM_TIME },
};

static int add_namespace(struct lexer *in, unsigned *namespaces,
			 struct failure *why)
{
	char word[16];
	size_t i;

	if (!at_string(in) || !read_string(in, word, sizeof(word)))
		return refused(why, "\"namespaces\" of the plan is no list of "
			       "strings");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0) {
			*namespaces |= words[i].bit;
			return 0;
		}
	return refused(why, "the plan lists a namespace \"%s\"", word);
}

static int read_list(struct lexer *in, unsigned *namespaces,
		     struct failure *why)
{
	if (!accept(in, '['))
		return refused(why, "\"namespaces\" of the plan is no list");
	if (accept(in, ']'))
		return 0;
	do
		if (add_namespace(in, namespaces, why) < 0)
			return -1;
	while (accept(in, ','));
	return 0;
}

/* A key is read, and its value comes next. */
static bool at_value_of(struct lexer *in, char *key, size_t size)
{
	return at_string(in) && read_string(in, key, size) && accept(in, ':');
}

static int not_json(const struct lexer *in, const char *plan,
		    struct failure *why)
{
	return refused(why, "the plan is no JSON, see byte %zu",
		       (size_t)(in->next - plan));
}

int reading_namespaces(const char *plan, unsigned *namespaces,
		       struct failure *why)
{
	struct lexer in = { .next = plan, .end = plan + strlen(plan) };
	char key[16];

	*namespaces = 0;
	attempt(why, NULL, WHOLE, "find the namespaces to make", NULL);
	if (!accept(&in, '{'))
		return not_json(&in, plan, why);
	if (accept(&in, '}'))
		return 0;
	do {
		if (!at_value_of(&in, key, sizeof(key)))
			return not_json(&in, plan, why);
		if (strcmp(key, "namespaces") == 0)
			return read_list(&in, namespaces, why);
		if (!skip_value(&in))
			return not_json(&in, plan, why);
	} while (accept(&in, ','));
	return 0;
}

/* The value of a member of the object that comes next; false: none. */
static bool find_member(struct lexer *in, const char *name)
{
	char key[16];

	if (!accept(in, '{') || accept(in, '}'))
		return false;
	do {
		if (!at_value_of(in, key, sizeof(key)))
			return false;
		if (strcmp(key, name) == 0)
			return true;
	} while (skip_value(in) && accept(in, ','));
	return false;
}

bool reading_goes_on(const char *plan, size_t length)
{
	struct lexer in = { .next = plan, .end = plan + length };

	lex_space(&in);
	if (in.next == in.end || *in.next != '{')
		return false;
	if (!find_member(&in, "sync") || !find_member(&in, "start"))
		return true;
	lex_space(&in);
	return lex_word(&in, "true") < 0;
}
