/* json: escapes, commas, and text that is always UTF-8 */

#include "sync/json.h"

#include <string.h>

#include "format.h"
#include "utf8.h"

static void put(struct json *to, const char *text, size_t length)
{
	if (to->length + length <= to->size)
		memcpy(to->text + to->length, text, length);
	to->length += length;
}

void json_raw(struct json *to, const char *text)
{
	put(to, text, strlen(text));
}

void json_open(struct json *to)
{
	json_raw(to, "{");
	to->comma = false;
}

void json_close(struct json *to)
{
	json_raw(to, "}");
	to->comma = true;
}

/* One character as a JSON string has it; returns the bytes of it in text. */
static size_t put_character(struct json *to, const char *text, size_t left)
{
	size_t bytes = utf8_length(text, left);
	char escape[7];

	if (!bytes) {
		put(to, "\xef\xbf\xbd", 3);	/* U+FFFD */
		return 1;
	}
	if (*text == '"' || *text == '\\')
		put(to, "\\", 1);
	if (bytes > 1 || (unsigned char)*text >= 0x20) {
		put(to, text, bytes);
		return bytes;
	}
	format_text(escape, sizeof(escape), "\\u%04x", (unsigned)*text);
	put(to, escape, 6);
	return 1;
}

static void put_string(struct json *to, const char *text)
{
	size_t left = strlen(text);
	size_t start = to->length;

	put(to, "\"", 1);
	while (left && (!to->longest || to->length - start < to->longest)) {
		size_t bytes = put_character(to, text, left);

		text += bytes;
		left -= bytes;
	}
	put(to, "\"", 1);
}

void json_item(struct json *to, const char *text)
{
	if (to->comma)
		json_raw(to, ",");
	put_string(to, text);
	to->comma = true;
}

void json_key(struct json *to, const char *key)
{
	json_item(to, key);
	json_raw(to, ":");
}

void json_string(struct json *to, const char *key, const char *text)
{
	json_key(to, key);
	put_string(to, text ? text : "");
}

void json_number(struct json *to, const char *key, size_t number)
{
	char digits[24];

	json_key(to, key);
	format_text(digits, sizeof(digits), "%zu", number);
	json_raw(to, digits);
}
