/* lexer: the tokens of JSON, RFC 8259, sections 2, 6 and 7 */

#include "lexer.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "utf8.h"

static int wrong(struct lexer *text, const char *why)
{
	text->wrong = why;
	return -1;
}

int lex_word(struct lexer *text, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(text->end - text->next) < length ||
	    memcmp(text->next, word, length) != 0)
		return wrong(text, "a value is expected");
	text->next += length;
	return 0;
}

static bool at_digit(const struct lexer *text)
{
	return text->next < text->end &&
	       *text->next >= '0' && *text->next <= '9';
}

static bool take_one_of(struct lexer *text, const char *these)
{
	if (text->next == text->end || !*text->next ||
	    !strchr(these, *text->next))
		return false;
	text->next++;
	return true;
}

static int digits(struct lexer *text)
{
	if (!at_digit(text))
		return wrong(text, "a digit is expected");
	while (at_digit(text))
		text->next++;
	return 0;
}

int lex_number(struct lexer *text)
{
	const char *begin = text->next;

	take_one_of(text, "-");
	if (take_one_of(text, "0")) {
		if (at_digit(text))
			return wrong(text, "a number has no leading zero");
	} else if (digits(text) < 0) {
		return -1;
	}
	if (take_one_of(text, ".") && digits(text) < 0)
		return -1;
	if (take_one_of(text, "eE")) {
		take_one_of(text, "+-");
		if (digits(text) < 0)
			return -1;
	}
	if (text->next - begin > LEXER_MAX_NUMBER)
		return wrong(text, "a number has at most 63 characters");
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of \uXXXX at p, or -1. */
static int code_unit(const char *p, const char *end)
{
	int unit = 0, i;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if (hex_digit(p[i]) < 0)
			return -1;
		unit = unit << 4 | hex_digit(p[i]);
	}
	return unit;
}

static bool is_surrogate(int unit, int first)
{
	return unit >= first && unit < first + 0x400;
}

#define HIGH_SURROGATE 0xd800
#define LOW_SURROGATE 0xdc00

/* At a backslash. */
static int lex_escape(struct lexer *text)
{
	int unit;

	if (text->end - text->next < 2)
		return wrong(text, "the string does not end");
	if (text->next[1] != 'u') {
		if (!text->next[1] || !strchr("\"\\/bfnrt", text->next[1]))
			return wrong(text, "there is no such escape");
		text->next += 2;
		return 0;
	}
	unit = code_unit(text->next, text->end);
	if (unit < 0)
		return wrong(text, "\\u needs four hexadecimal digits");
	if (unit == 0)
		return wrong(text, "a string has no NUL");
	if (is_surrogate(unit, LOW_SURROGATE) ||
	    (is_surrogate(unit, HIGH_SURROGATE) &&
	     !is_surrogate(code_unit(text->next + 6, text->end),
			   LOW_SURROGATE)))
		return wrong(text, "a surrogate is not one of a pair");
	text->next += is_surrogate(unit, HIGH_SURROGATE) ? 12 : 6;
	return 0;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/*
 * Eight characters at once: the top bit of a byte is set where the character
 * is not plain ASCII, or ends the string, or begins an escape.  A byte may
 * borrow from the one above it, so only the lowest bit that is set is true.
 */
static uint64_t special_bits(const char *text)
{
	uint64_t c;

	memcpy(&c, text, sizeof(c));
	c = le64toh(c);
	return (c | (c - EACH(0x20)) | ((c ^ EACH('"')) - EACH(1)) |
		((c ^ EACH('\\')) - EACH(1))) & EACH(0x80);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Most of a plan is plain characters in strings. */
static void skip_plain(struct lexer *text)
{
	uint64_t special;

	while (text->end - text->next >= 8) {
		special = special_bits(text->next);
		if (special) {
			text->next += __builtin_ctzll(special) / 8;
			return;
		}
		text->next += 8;
	}
	while (text->next < text->end && is_plain((unsigned char)*text->next))
		text->next++;
}

static int lex_special(struct lexer *text, bool *escaped)
{
	size_t length;

	if (*text->next == '\\') {
		*escaped = true;
		return lex_escape(text);
	}
	if (!*text->next)
		return wrong(text, "a string has no NUL");
	if ((unsigned char)*text->next < 0x20)
		return wrong(text, "a control character must be escaped");
	length = utf8_length(text->next, (size_t)(text->end - text->next));
	if (!length)
		return wrong(text, "this is no UTF-8");
	text->next += length;
	return 0;
}

int lex_string(struct lexer *text, bool *escaped)
{
	*escaped = false;
	text->next++;
	for (;;) {
		skip_plain(text);
		if (text->next == text->end)
			return wrong(text, "the string does not end");
		if (*text->next == '"')
			break;
		if (lex_special(text, escaped) < 0)
			return -1;
	}
	text->next++;
	return 0;
}

static size_t utf8_encode(char *to, int c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* One escape; returns the bytes written, *text moves past it. */
static size_t decode_escape(char *to, const char **text, const char *end)
{
	static const char escapes[] = "\"\\/bfnrt";
	static const char stand_for[] = "\"\\/\b\f\n\r\t";
	int unit = code_unit(*text, end);

	if (unit < 0) {
		*to = stand_for[strchr(escapes, (*text)[1]) - escapes];
		*text += 2;
		return 1;
	}
	*text += 6;
	if (is_surrogate(unit, HIGH_SURROGATE)) {
		unit = 0x10000 + ((unit - HIGH_SURROGATE) << 10) +
		       (code_unit(*text, end) - LOW_SURROGATE);
		*text += 6;
	}
	return utf8_encode(to, unit);
}

size_t lex_decode(char *to, const char *text, const char *end)
{
	const char *begin = to;

	while (text < end) {
		if (*text == '\\')
			to += decode_escape(to, &text, end);
		else
			*to++ = *text++;
	}
	return (size_t)(to - begin);
}
