/* box: a few members made a whole plan */

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
