/* utf8: which bytes are a character, and which of those may be shown */

#include "utf8.h"

#include <stdbool.h>
#include <string.h>

#include "format.h"

/* Too long for its value, a surrogate, or past U+10FFFF. */
static bool is_forbidden(unsigned char first, unsigned char second)
{
	return first < 0xc2 || first > 0xf4 ||
	       (first == 0xe0 && second < 0xa0) ||
	       (first == 0xed && second > 0x9f) ||
	       (first == 0xf0 && second < 0x90) ||
	       (first == 0xf4 && second > 0x8f);
}

size_t utf8_length(const char *text, size_t left)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length, i;

	if (at[0] < 0x80)
		return 1;
	length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
	if (length > left || is_forbidden(at[0], at[1]))
		return 0;
	for (i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static bool is_control(const char *text, size_t length)
{
	unsigned char first = (unsigned char)text[0];

	if (length == 1)
		return first < 0x20 || first == 0x7f;
	/* U+0080 to U+009F: CSI in one character */
	return first == 0xc2 && (unsigned char)text[1] < 0xa0;
}

size_t utf8_visible(char *to, size_t size, const char *text, size_t length)
{
	size_t done = 0;

	while (length) {
		size_t bytes = utf8_length(text, length);
		char escape[5];
		const char *shown = text;
		size_t wide = bytes;

		if (!bytes || is_control(text, bytes)) {
			bytes = 1;
			shown = *text == '\n' ? "\\n" : escape;
			format_text(escape, sizeof(escape), "\\x%02x",
				 (unsigned)(unsigned char)*text);
			wide = strlen(shown);
		}
		if (done + wide >= size)
			break;
		memcpy(to + done, shown, wide);
		done += wide;
		text += bytes;
		length -= bytes;
	}
	to[done] = '\0';
	return done;
}
