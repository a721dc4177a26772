/* sense: the limits of path_resolution(7), environ(7) and uname(2) */

#include "sense.h"

#include <stddef.h>
#include <string.h>

#define MAX_PATH 4095		/* PATH_MAX, without its NUL */
#define MAX_COMPONENT 255	/* NAME_MAX */
#define MAX_HOST_NAME 64	/* __NEW_UTS_LEN */

const char *some_text(const char *text)
{
	return *text ? NULL : "must not be empty";
}

static bool has_long_component(const char *path)
{
	size_t length;

	while (*path) {
		path += *path == '/';
		length = strcspn(path, "/");
		if (length > MAX_COMPONENT)
			return true;
		path += length;
	}
	return false;
}

const char *short_path(const char *text)
{
	size_t length = strlen(text);

	if (length == 0)
		return "must not be empty";
	if (length <= MAX_COMPONENT)
		return NULL;
	if (length > MAX_PATH)
		return "must be a path of at most 4095 bytes";
	if (has_long_component(text))
		return "must have components of at most 255 bytes";
	return NULL;
}

const char *absolute_path(const char *text)
{
	if (*text != '/')
		return "must be an absolute path";
	return short_path(text);
}

bool is_root_path(const char *path)
{
	size_t length;

	while (*path) {
		path += *path == '/';
		length = strcspn(path, "/");
		if (length > 2 || strncmp(path, "..", length) != 0)
			return false;
		path += length;
	}
	return true;
}

const char *container_path(const char *text)
{
	const char *why = absolute_path(text);

	if (!why && is_root_path(text))
		why = "must not be the root itself";
	return why;
}

const char *environment(const char *text)
{
	if (*text == '=' || !strchr(text, '='))
		return "must be KEY=value";
	return NULL;
}

const char *host_name(const char *text)
{
	if (strlen(text) > MAX_HOST_NAME)
		return "must have at most 64 bytes";
	return some_text(text);
}

const char *no_flag(const char *text)
{
	(void)text;
	return "must not be there, the runtime-spec has no flag yet";
}

const char *sense_missing(enum sense sense, const char *text)
{
	switch (sense) {
#define SENSE_CASE(name) \
	case SENSE_##name: \
		return name(text);
	SENSES(SENSE_CASE)
	case ANY_TEXT:
		break;
	}
	return NULL;
}
