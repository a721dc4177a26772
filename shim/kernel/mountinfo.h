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

#endif
