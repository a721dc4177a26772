/* word: flat JSON objects, with the tokens that a plan has */

#include "sync/word.h"

#include <stdbool.h>
#include <string.h>

#include "plan/lexer.h"

/* Go past a sign, where that is what comes next. */
static bool accept(struct lexer *in, char sign)
{
	lex_space(in);
	if (in->next == in->end || *in->next != sign)
		return false;
	in->next++;
	return true;
}

/* A string, which no NUL is in; text is ended with one. */
static bool read_string(struct lexer *in, char text[MESSAGE_MAX])
{
	const char *start;
	bool escaped;

	if (!accept(in, '"'))
		return false;
	start = in->next--;
	if (lex_string(in, &escaped) < 0)
		return false;
	text[lex_decode(text, start, in->next - 1)] = '\0';
	return true;
}

/* Any value that an ignored member may have. */
static bool skip_value(struct lexer *in, char ignored[MESSAGE_MAX])
{
	return read_string(in, ignored) || lex_word(in, "true") == 0 ||
	       lex_word(in, "false") == 0 || lex_word(in, "null") == 0 ||
	       lex_number(in) == 0;
}

/* One member; type is filled when it is that, which it may be once. */
static bool read_member(struct lexer *in, char type[MESSAGE_MAX])
{
	char key[MESSAGE_MAX];

	if (!read_string(in, key) || !accept(in, ':'))
		return false;
	if (strcmp(key, "type") == 0)
		return !type[0] && read_string(in, type) && type[0];
	return key[0] == 'x' && key[1] == '-' && skip_value(in, key);
}

static bool read_object(struct lexer *in, char type[MESSAGE_MAX])
{
	if (!accept(in, '{'))
		return false;
	do
		if (!read_member(in, type))
			return false;
	while (accept(in, ','));
	if (!accept(in, '}'))
		return false;
	lex_space(in);
	return in->next == in->end;
}

enum word word_read(const char *text, size_t length)
{
	static const char words[][8] = {
		[WORD_PLAN] = "plan",
		[WORD_RESUME] = "resume",
		[WORD_START] = "start",
		[WORD_ABORT] = "abort",
	};
	struct lexer in = { .next = text, .end = text + length };
	char type[MESSAGE_MAX] = "";
	enum word word = WORD_ABORT;

	if (length > MESSAGE_MAX || !read_object(&in, type))
		return WORD_OTHER;
	while (word != WORD_OTHER && strcmp(type, words[word]) != 0)
		word--;
	return word;
}
