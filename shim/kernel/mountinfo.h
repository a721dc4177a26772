/*
 * The table of mounts, as text, for the few who cannot do without: never on
 * the normal path, since it costs as much as the host has mounts.
 *
 * Source: proc_pid_mountinfo(5).
 */

#ifndef KERNEL_MOUNTINFO_H
#define KERNEL_MOUNTINFO_H

#include <stdbool.h>

#include "failure.h"
#include "arena.h"
#include "kernel/text.h"

/* One line of it; the strings are of the table, and decoded. */
struct mountinfo_line {
	int id;
	int parent;
	char *root;		/* of the filesystem, what is mounted */
	char *point;		/* seen from our "/" */
	char *type;
	char *super_options;
};

/*
 * Read the table of the mount namespace that the shim is in, ended with a
 * NUL; the caller lets it go with text_free().  0 or -1 with *why.
 */
int mountinfo_read(struct text *table, int proc, struct failure *why);

/*
 * The next line; cursor starts as table->bytes.  Taken apart where it stands,
 * so that a table is walked once.  False at the end.
 */
bool mountinfo_next(char **cursor, struct mountinfo_line *line);

/* All lines of it at once, for those that compare them. */
struct mountinfo_list {
	struct arena memory;
	struct text table;
	struct mountinfo_line *items;
	size_t count;
};

/* As mountinfo_read(); the caller's to free, unless it failed. */
int mountinfo_list(struct mountinfo_list *list, int proc, struct failure *why);
void mountinfo_list_free(struct mountinfo_list *list);

/*
 * Is the mount, or one that it is mounted below, the one with the id top?  By
 * the chain of parents, not by its path: a path proves nothing.  Not where
 * the mount "except" is on the way; -1: none is.
 */
bool mountinfo_is_below(const struct mountinfo_list *list,
			const struct mountinfo_line *line, int top,
			int except);

#endif
