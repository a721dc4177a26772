/* word: a reader of flat JSON objects (RFC 8259), as small as the protocol */

#include "sync/word.h"

#include <stdbool.h>
#include <string.h>

/* No word or key that means something is longer. */
#define LONGEST 8

struct cursor {
	const char *at;
	const char *end;
};

static void skip_space(struct cursor *in)
{
	while (in->at < in->end && *in->at && strchr(" \t\r\n", *in->at))
		in->at++;
}

/* Go past text, where that is what comes next. */
static bool accept(struct cursor *in, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(in->end - in->at) < length ||
	    memcmp(in->at, text, length) != 0)
		return false;
	in->at += length;
	return true;
}

static bool accept_token(struct cursor *in, const char *text)
{
	skip_space(in);
	return accept(in, text);
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \u; -1: they are not there. */
static int read_hex(struct cursor *in)
{
	int value = 0;
	int i;

	for (i = 0; i < 4; i++, in->at++) {
		int digit = in->at < in->end ? hex_digit(*in->at) : -1;

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* The rest of an escape; -1: there is none such. */
static int read_escape(struct cursor *in)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *which;

	if (in->at == in->end || !*in->at)
		return -1;
	if (accept(in, "u"))
		return read_hex(in);
	which = strchr(from, *in->at++);
	return which ? to[which - from] : -1;
}

/*
 * A string.  Its first characters go to text, ended with a NUL; what no word
 * has (NUL, other than ASCII) becomes a "?", which no word has either.
 */
static bool read_string(struct cursor *in, char text[LONGEST + 1])
{
	size_t length = 0;

	if (!accept_token(in, "\""))
		return false;
	while (in->at < in->end && *in->at != '"') {
		int c = (unsigned char)*in->at++;

		if (c < 0x20 || (c == '\\' && (c = read_escape(in)) < 0))
			return false;
		if (length < LONGEST)
			text[length++] = c > 0 && c < 0x80 ? (char)c : '?';
	}
	text[length] = '\0';
	return accept(in, "\"");
}

static bool skip_digits(struct cursor *in)
{
	const char *start = in->at;

	while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
		in->at++;
	return in->at > start;
}

static bool skip_number(struct cursor *in)
{
	accept(in, "-");
	if (!accept(in, "0") && !skip_digits(in))
		return false;
	if (accept(in, ".") && !skip_digits(in))
		return false;
	if (!accept(in, "e") && !accept(in, "E"))
		return true;
	if (!accept(in, "+"))
		accept(in, "-");
	return skip_digits(in);
}

/* Any value that an ignored member may have. */
static bool skip_value(struct cursor *in)
{
	char ignored[LONGEST + 1];

	skip_space(in);
	if (in->at < in->end && *in->at == '"')
		return read_string(in, ignored);
	return accept(in, "true") || accept(in, "false") ||
	       accept(in, "null") || skip_number(in);
}

/* One member; type is filled when it is that, which it may be once. */
static bool read_member(struct cursor *in, char type[LONGEST + 1])
{
	char key[LONGEST + 1];

	if (!read_string(in, key) || !accept_token(in, ":"))
		return false;
	if (strcmp(key, "type") == 0)
		return !type[0] && read_string(in, type) && type[0];
	return strncmp(key, "x-", 2) == 0 && skip_value(in);
}

static bool read_object(struct cursor *in, char type[LONGEST + 1])
{
	if (!accept_token(in, "{"))
		return false;
	do
		if (!read_member(in, type))
			return false;
	while (accept_token(in, ","));
	if (!accept_token(in, "}"))
		return false;
	skip_space(in);
	return in->at == in->end;
}

enum word word_read(const char *text, size_t length)
{
	static const char *const words[] = {
		[WORD_PLAN] = "plan",
		[WORD_RESUME] = "resume",
		[WORD_START] = "start",
		[WORD_ABORT] = "abort",
	};
	struct cursor in = { text, text + length };
	char type[LONGEST + 1] = "";
	unsigned i;

	if (length > MESSAGE_MAX || !read_object(&in, type))
		return WORD_OTHER;
	for (i = WORD_PLAN; i <= WORD_ABORT; i++)
		if (strcmp(type, words[i]) == 0)
			return (enum word)i;
	return WORD_OTHER;
}
