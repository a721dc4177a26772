/* Searches for paths in a box's rootfs, by path_find() and by walk_find(). */

#ifndef SEEK_H
#define SEEK_H

#include "box.h"
#include "kernel/path.h"

/* Which of them: set by the setup. */
int seek_by_path(void **state);
int seek_by_walk(void **state);

/* A test with each. */
#define SEEK_BOTH(function) \
	{ #function " (path_find)", function, seek_by_path, box_close, NULL }, \
	{ #function " (walk_find)", function, seek_by_walk, box_close, NULL }

/* What came of the last one. */
extern struct path_search search;
extern struct failure search_failure;

/* Search; returns as path_find() does. */
int seek(struct box *box, const char *path, enum path_links links,
	 mode_t make);

/*
 * The text of the file that is found, "<dir>", "<link>", or the name of the
 * error: "<ENOENT>".
 */
const char *seek_text(struct box *box, const char *path,
		      enum path_links links);

#define assert_found(box, path, text) \
	assert_string_equal(seek_text(box, path, PATH_FOLLOW), text)

#endif
