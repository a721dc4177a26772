/* symlink: the option copy-symlink of a bind, as crun has it */

#include "mounts/symlink.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/path.h"

int symlink_copy(const struct mount *m, const struct scene *scene, int source,
		 struct failure *why)
{
	char parent[PATH_MAX], text[PATH_MAX], there[PATH_MAX];
	const char *name = path_split(m->destination, parent);
	autorelease int dir = -1;

	if (!name)
		return refused(why, "the destination has no name for a link");
	if (file_read_link(source, "", text, sizeof(text), why) < 0)
		return -1;
	dir = path_make_dir(scene->inside->root, parent, 0755, why);
	if (dir < 0)
		return -1;
	if (symlinkat(text, dir, name) == 0)
		return 0;
	failed(why, "symlinkat");
	if (errno == EEXIST &&
	    file_read_link(dir, name, there, sizeof(there), why) >= 0 &&
	    strcmp(text, there) == 0)
		return 0;
	return failed_as(why, "symlinkat", EEXIST);
}
