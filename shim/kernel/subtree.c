/* subtree: mounts below a mount, by the table of mounts, Linux 5.12 ends it */

#include "kernel/subtree.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mountinfo.h"
#include "kernel/path.h"
#include "kernel/proc.h"
#include "kernel/stage.h"
#include "kernel/walk.h"

#define MAX_SCANS 4		/* of the table, until it is to be at rest */

struct subtree {
	struct mountinfo_list list;
	const struct mountinfo_line *top;
	int fd;			/* of the topmost mount; borrowed */
	int stage;		/* lies on the new root, and is none of it */
	size_t ids;		/* a sum over those that were reached */
	bool moved;		/* one was not where the table has it */
};

static bool is_below(const struct subtree *tree,
		     const struct mountinfo_line *line)
{
	return mountinfo_is_below(&tree->list, line, tree->top->id,
				  tree->stage);
}

/* Is the one path the other's, or on the way to it? */
static bool is_on_way(const char *point, const char *to)
{
	size_t length = strlen(point);

	return strncmp(point, to, length) == 0 &&
	       (to[length] == '/' || !to[length]);
}

/* By a mount that was made later on it, or on a directory on the way. */
static bool is_covered(const struct subtree *tree,
		       const struct mountinfo_line *line)
{
	const struct mountinfo_line *by = tree->list.items;
	size_t i;

	for (i = 0; i < tree->list.count; i++, by++)
		if (is_on_way(by->point, line->point) && is_below(tree, by) &&
		    !mountinfo_is_below(&tree->list, line, by->id, -1))
			return true;
	return false;
}

/* By a path without links, from the top; a file has nothing below it. */
static int reach(const struct subtree *tree,
		 const struct mountinfo_line *line, struct failure *why)
{
	struct path_search search = {
		.root = tree->fd,
		.path = line->point + strlen(tree->top->point),
		.links = PATH_NO_LINKS,
	};

	return line == tree->top ? file_copy(tree->fd, why) :
				   walk_find(&search, why);
}

static int take_step(struct subtree *tree, const struct mountinfo_line *line,
		     subtree_step *step, const struct mount_attr *attr,
		     struct failure *why)
{
	autorelease int mount = reach(tree, line, why);

	/* the way that is closed to us is so for who would execute there */
	if (mount < 0 && why->error == EACCES &&
	    attr->attr_set == MOUNT_ATTR_NOEXEC)
		return 0;
	if (mount < 0 || proc_mount_id(mount) != line->id) {
		tree->moved = true;
		return 0;
	}
	tree->ids = tree->ids * 31 + (size_t)line->id;
	return step(mount, attr, why);
}

static int find_top(struct subtree *tree, struct failure *why)
{
	int id = proc_mount_id(tree->fd);
	const struct mountinfo_line *line = tree->list.items;
	size_t i;

	for (i = 0; i < tree->list.count; i++, line++)
		if (line->id == id) {
			tree->top = line;
			return 0;
		}
	return failed_as(why, "mount", EINVAL);
}

static int scan(struct subtree *tree, subtree_step *step,
		const struct mount_attr *attr, struct failure *why)
{
	size_t i;
	int done;

	if (mountinfo_list(&tree->list, proc_trusted(why), why) < 0)
		return -1;
	done = find_top(tree, why);
	for (i = 0; done == 0 && i < tree->list.count; i++) {
		const struct mountinfo_line *line = &tree->list.items[i];

		if (is_below(tree, line) && !is_covered(tree, line))
			done = take_step(tree, line, step, attr, why);
	}
	mountinfo_list_free(&tree->list);
	return done;
}

int subtree_each(int top, subtree_step *step, const struct mount_attr *attr,
		 struct failure *why)
{
	struct subtree tree = { .fd = top, .stage = stage_id() };
	size_t before;
	int scans = MAX_SCANS;

	do {
		before = tree.ids;
		tree.ids = 1;
		tree.moved = false;
		if (scan(&tree, step, attr, why) < 0)
			return -1;
		if (!tree.moved && tree.ids == before)
			return 0;
	} while (--scans);
	errno = EBUSY;
	return failed_because(why, "mount", "what is mounted below changes");
}
