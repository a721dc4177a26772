/*
 * The tokens of JSON, RFC 8259 to the letter, in text that need not end with
 * a NUL.  Narrower than the RFC in what no C string or plan can hold: no NUL
 * in a string, no lone surrogate, numbers of at most 63 characters.
 */

#ifndef PLAN_LEXER_H
#define PLAN_LEXER_H

#include <stdbool.h>
#include <stddef.h>

struct lexer {
	const char *next;	/* first byte that is not read yet */
	const char *end;
	const char *wrong;	/* after a failure: why, in words */
};

/* cJSON of some versions copies a number to 64 bytes. */
#define LEXER_MAX_NUMBER 63

/*
 * Each moves next past its token and returns 0, or returns -1 with wrong
 * filled and next at the byte to blame.
 */

/* From the opening to the closing quote; *escaped: with a backslash in it. */
int lex_string(struct lexer *text, bool *escaped);

int lex_number(struct lexer *text);

/* true, false and null */
int lex_word(struct lexer *text, const char *word);

/* Move past what may stand between tokens: mostly nothing. */
static inline void lex_space(struct lexer *text)
{
	while (text->next < text->end && *text->next <= ' ' &&
	       (*text->next == ' ' || *text->next == '\n' ||
		*text->next == '\r' || *text->next == '\t'))
		text->next++;
}

/*
 * What a sound string stands for: text to end are the bytes between its
 * quotes; to has room for as many.  Returns the bytes written.
 */
size_t lex_decode(char *to, const char *text, const char *end);

#endif
