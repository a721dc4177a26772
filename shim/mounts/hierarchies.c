/* hierarchies: those of cgroup v1, as /proc/self/cgroup names them */

#include "mounts/hierarchies.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/mountinfo.h"
#include "kernel/path.h"
#include "kernel/proc.h"
#include "mounts/filesystem.h"

#define NAMED "name="

/* "4:memory:/user.slice"; the line of cgroup2 names no controllers. */
static void add(struct hierarchies *all, char *line)
{
	struct hierarchy *hierarchy = &all->list[all->count];

	strsep(&line, ":");
	hierarchy->controllers = strsep(&line, ":");
	hierarchy->ours = line;
	hierarchy->mount = -1;
	hierarchy->hidden = false;
	if (line && hierarchy->controllers[0])
		all->count++;
}

static int read_text(struct hierarchies *all, struct failure *why)
{
	int proc = proc_trusted(why);
	ssize_t length;

	if (proc < 0)
		return -1;
	length = proc_read(proc, "self/cgroup", all->text, sizeof(all->text),
			   why);
	if (length < 0)
		return -1;
	if ((size_t)length == sizeof(all->text) - 1)
		return failed_as(why, "read", EFBIG);
	return 0;
}

int hierarchies_read(struct hierarchies *all, const struct outside *outside,
		     struct failure *why)
{
	char *line;

	all->outside = outside;
	all->count = 0;
	if (read_text(all, why) < 0)
		return -1;
	do {
		if (all->count == HIERARCHIES_MAX)
			return refused(why, "more than %d cgroup hierarchies",
				       HIERARCHIES_MAX);
		line = strrchr(all->text, '\n');
		add(all, line ? line + 1 : all->text);
		if (line)
			*line = '\0';
	} while (line);
	return 0;
}

const char *hierarchy_name(const struct hierarchy *hierarchy)
{
	const char *name = hierarchy->controllers;

	return strncmp(name, NAMED, strlen(NAMED)) == 0 ?
	       name + strlen(NAMED) : name;
}

/* Say which hierarchy it was, besides what refused. */
static int blame(const struct hierarchy *hierarchy, struct failure *why)
{
	return explained(why, "cgroup hierarchy %s", hierarchy->controllers);
}

static int set_controllers(int fs, const char *controllers,
			   struct failure *why)
{
	char copy[256];
	char *rest = copy;
	char *option;

	if (format_text(copy, sizeof(copy), "%s", controllers) >= sizeof(copy))
		return failed_as(why, "fsconfig", ENAMETOOLONG);
	while ((option = strsep(&rest, ",")))
		if (fs_set(fs, option, why) < 0)
			return -1;
	return 0;
}

static int make_one(const struct hierarchy *hierarchy, uint64_t attrs,
		    struct failure *why)
{
	autoclose int fs = fs_open("cgroup", why);
	const char *name = hierarchy_name(hierarchy);
	const char *source = name == hierarchy->controllers ? "cgroup" : name;

	if (fs < 0 || fs_set_string(fs, "source", source, why) < 0 ||
	    set_controllers(fs, hierarchy->controllers, why) < 0)
		return -1;
	return fs_mount(fs, attrs, why);
}

int hierarchies_make(struct hierarchies *all, uint64_t attrs,
		     struct failure *why)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		struct hierarchy *hierarchy = &all->list[i];

		hierarchy->mount = make_one(hierarchy, attrs, why);
		if (hierarchy->mount < 0)
			return blame(hierarchy, why);
	}
	return 0;
}

/* Does a comma-separated list of options have this one? */
static bool lists(const char *options, const char *option, size_t length)
{
	while (strncmp(options, option, length) != 0 ||
	       (options[length] != ',' && options[length])) {
		options = strchr(options, ',');
		if (!options)
			return false;
		options++;
	}
	return true;
}

/* A controller is in one hierarchy only, so the first of each will do. */
static struct hierarchy *hierarchy_of(struct hierarchies *all,
				      const struct mountinfo_line *line)
{
	size_t i;

	if (strcmp(line->type, "cgroup") != 0)
		return NULL;
	for (i = 0; i < all->count; i++) {
		const char *controllers = all->list[i].controllers;

		if (lists(line->super_options, controllers,
			  strcspn(controllers, ",")))
			return &all->list[i];
	}
	return NULL;
}

/*
 * Where is our cgroup, below the one that a mount shows as its root?  NULL:
 * not there.  Both are told as seen from our cgroup namespace, and what lies
 * outside of that has ".." for a name that cannot be looked up.
 */
static const char *below(const char *root, const char *ours)
{
	size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (strncmp(root, ours, length) != 0 ||
	    (ours[length] != '/' && ours[length]) ||
	    path_climbs(ours + length))
		return NULL;
	return ours + length;
}

static int clone_ours(int root, const struct mountinfo_line *line,
		      const char *ours, struct failure *why)
{
	char path[PATH_MAX];

	if (format_text(path, sizeof(path), "%s%s", line->point, ours) >=
	    sizeof(path))
		return failed_as(why, "open_tree", ENAMETOOLONG);
	return tree_clone(root, path, AT_SYMLINK_NOFOLLOW, TREE_WHOLE, why);
}

/* Bind what this mount shows of a hierarchy that has no mount yet. */
static int bind_one(struct hierarchies *all, const struct mount *m,
		    const struct mountinfo_line *line, struct failure *why)
{
	struct hierarchy *hierarchy = hierarchy_of(all, line);
	const char *ours;

	if (!hierarchy || hierarchy->mount >= 0)
		return 0;
	ours = below(line->root, hierarchy->ours);
	hierarchy->hidden = !ours;
	if (!ours)
		return 0;
	hierarchy->mount = clone_ours(all->outside->root, line, ours, why);
	if (hierarchy->mount < 0)
		return blame(hierarchy, why);
	if (!file_is_of(hierarchy->mount, CGROUP_SUPER_MAGIC))
		return refused(why, "cgroup hierarchy %s: something else is "
			       "mounted over %s%s", hierarchy->controllers,
			       line->point, ours);
	if (attributes_apply(m, hierarchy->mount, why) < 0)
		return blame(hierarchy, why);
	return 0;
}

static int verify_shown(const struct hierarchies *all, struct failure *why)
{
	size_t i;

	for (i = 0; i < all->count; i++)
		if (all->list[i].hidden)
			return refused(why, "cgroup hierarchy %s: no mount of "
				       "it shows our cgroup %s",
				       all->list[i].controllers,
				       all->list[i].ours);
	return 0;
}

int hierarchies_bind(struct hierarchies *all, const struct mount *m,
		     struct failure *why)
{
	struct text table;
	struct mountinfo_line line;
	char *cursor;
	int done = 0;
	int proc = proc_trusted(why);

	if (proc < 0 || mountinfo_read(&table, proc, why) < 0)
		return -1;
	cursor = table.bytes;
	while (done == 0 && mountinfo_next(&cursor, &line))
		done = bind_one(all, m, &line, why);
	text_free(&table);
	return done < 0 ? -1 : verify_shown(all, why);
}

void hierarchies_close(struct hierarchies *all)
{
	size_t i;

	for (i = 0; i < all->count; i++)
		fd_close(&all->list[i].mount);
}
