/* box: a few members made a whole plan, and messages taken apart */

#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What follows a JSON string that starts here. */
static const char *string_end(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

static bool is_key(const char *at, const char *end, const char *key)
{
	size_t length = strlen(key);

	return (size_t)(end - at) == length + 2 &&
	       strncmp(at + 1, key, length) == 0 &&
	       end[strspn(end, " \t\n")] == ':';
}

const char *box_member(const char *members, const char *key)
{
	const char *at = members;
	int depth = 0;

	while (*at) {
		if (*at == '"') {
			const char *end = string_end(at);

			if (depth == 0 && is_key(at, end, key))
				return strchr(end, ':') + 1;
			at = end;
			continue;
		}
		depth += (*at == '{' || *at == '[') -
			 (*at == '}' || *at == ']');
		at++;
	}
	return NULL;
}

char *box_plan(struct box *box, const char *fragment)
{
	const struct {
		const char *key;
		const char *value;
	} defaults[] = {
		{ "version", "1" },
		{ "rootfs", "{\"path\": \"" BOX_ROOTFS "\"}" },
		{ "namespaces", box->owner ?
			"[\"mount\", \"pid\", \"ipc\", \"uts\", \"user\"]" :
			"[\"mount\", \"pid\", \"ipc\", \"uts\"]" },
		{ "process", "{\"args\": [\"/bin/pause\"]}" },
	};
	const char *comma = *fragment ? ", " : "";
	char *text = NULL;
	size_t length, i;
	FILE *to = open_memstream(&text, &length);

	assert_non_null(to);
	fprintf(to, "{%s", fragment);
	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (box_member(fragment, defaults[i].key))
			continue;
		fprintf(to, "%s\"%s\": %s", comma, defaults[i].key,
			defaults[i].value);
		comma = ", ";
	}
	fprintf(to, "}");
	assert_int_equal(fclose(to), 0);
	return text;
}

/* One character of a string; the shim escapes no more than these. */
static const char *unescape(const char *at, char *to)
{
	static const char letters[] = "n\nt\tr\rb\bf\f";
	char hex[5] = "";
	const char *letter;

	if (*at != '\\') {
		*to = *at;
		return at + 1;
	}
	if (at[1] == 'u') {
		snprintf(hex, sizeof(hex), "%.4s", at + 2);
		*to = (char)strtol(hex, NULL, 16);
		return at + 2 + strlen(hex);
	}
	letter = strchr(letters, at[1]);
	*to = letter ? letter[1] : at[1];
	return at + 2;
}

void box_message_text(const char *message, const char *key, char *text,
		      size_t size)
{
	const char *at = box_member(message + (*message == '{'), key);
	size_t length = 0;

	text[0] = '\0';
	at = at ? at + strspn(at, " ") : "";
	if (*at++ != '"')
		return;
	while (*at && *at != '"' && length + 1 < size)
		at = unescape(at, &text[length++]);
	text[length] = '\0';
}
