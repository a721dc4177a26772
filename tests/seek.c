/* seek: one search, and what was found */

#include "seek.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/walk.h"

struct path_search search;
struct failure search_failure;

static int (*find)(struct path_search *search, struct failure *why);

int seek_by_path(void **state)
{
	find = path_find;
	return box_open(state);
}

int seek_by_walk(void **state)
{
	find = walk_find;
	return box_open(state);
}

int seek(struct box *box, const char *path, enum path_links links,
	 mode_t make)
{
	autoclose int root = box_open_path(box, "/", O_PATH);

	search = (struct path_search){
		.root = root,
		.path = path,
		.links = links,
		.make = make,
	};
	/* the answer is not there before */
	memset(search.resolved, '?', 8);
	attempt(&search_failure, NULL, WHOLE, "find", path);
	return find(&search, &search_failure);
}

static void read_again(int found, char *text, size_t size)
{
	char path[64];
	autoclose int file = -1;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
	file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	length = read(file, text, size - 1);
	assert_true(length >= 0);
	text[length] = '\0';
}

const char *seek_text(struct box *box, const char *path,
		      enum path_links links)
{
	autoclose int found = seek(box, path, links, 0);
	static char text[4096];
	struct stat st;

	if (found < 0) {
		snprintf(text, sizeof(text), "<%s>",
			 errno_name(search_failure.error));
		return text;
	}
	assert_int_equal(fcntl(found, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(found, F_GETFL) & O_PATH, O_PATH);
	assert_int_equal(fstat(found, &st), 0);
	if (S_ISDIR(st.st_mode))
		return "<dir>";
	if (S_ISLNK(st.st_mode))
		return "<link>";
	read_again(found, text, sizeof(text));
	return text;
}
