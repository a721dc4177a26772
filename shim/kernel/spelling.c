/* spelling: paths as text, before anything is looked up */

#include "kernel/path.h"

#include <limits.h>
#include <string.h>

bool path_climbs(const char *path)
{
	while (path) {
		if (path[0] == '.' && path[1] == '.' &&
		    (path[2] == '/' || path[2] == '\0'))
			return true;
		path = strchr(path, '/');
		if (path)
			path++;
	}
	return false;
}

const char *path_split(const char *path, char *parent)
{
	const char *last = strrchr(path, '/');
	size_t length = last ? (size_t)(last - path) : 0;
	const char *name = last ? last + 1 : path;

	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return NULL;
	if (length >= PATH_MAX)
		return NULL;
	memcpy(parent, path, length);
	parent[length] = '\0';
	if (length == 0)
		memcpy(parent, ".", 2);
	return name;
}

enum path_relation path_compare(const char *path, const char *place)
{
	for (;;) {
		size_t length;

		while (*path == '/' || (path[0] == '.' &&
					(path[1] == '/' || !path[1])))
			path++;
		length = strcspn(path, "/");
		if (!length)
			return *place ? PATH_ELSEWHERE : PATH_SAME;
		if (!*place)
			return PATH_BELOW;
		if (strncmp(path, place, length) != 0)
			return PATH_ELSEWHERE;
		path += length;
		place += length;
		if (*place == '/')
			place++;
		else if (*place)
			return PATH_ELSEWHERE;
	}
}
