/* text: bytes of a file, in one piece that grows where it must */

#include "kernel/text.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/file.h"
#include "memory.h"

/* Where more than was asked for may come; only what is used is memory. */
#define LEAST_ROOM (64u << 10)

/* One byte more than a text may have shows that it has more. */
#define MOST_ROOM ((size_t)TEXT_MAX_BYTES + 1)

static int too_large(struct failure *why)
{
	return refused(why, "it is larger than the %u MiB that a plan may have",
		       TEXT_MAX_BYTES >> 20);
}

static int grow(struct text *text, size_t room, struct failure *why)
{
	bool is_mapped = text->bytes && !memory_is_own(text->bytes);
	void *bytes;

	/* not libc's mremap(2), which has locks for it */
	if (is_mapped)
		bytes = (void *)syscall(SYS_mremap, text->bytes, text->room,
					room, MREMAP_MAYMOVE);
	else
		bytes = memory_take(room);
	if (!bytes || bytes == MAP_FAILED)
		return failed(why, is_mapped ? "mremap" : "mmap");
	if (!is_mapped && text->length)
		memcpy(bytes, text->bytes, text->length);
	text->bytes = bytes;
	text->room = room;
	return 0;
}

int text_reserve(struct text *text, size_t size, struct failure *why)
{
	size_t room = text->room * 2;

	if (size <= text->room - text->length)
		return 0;
	if (size > MOST_ROOM - text->length)
		return too_large(why);
	/* who asks for a byte knows not how many come */
	if (size == 1 && room < LEAST_ROOM)
		room = LEAST_ROOM;
	if (room < text->length + size)
		room = text->length + size;
	return grow(text, room < MOST_ROOM ? room : MOST_ROOM, why);
}

/* read(2), or for a file pread(2) from its start; waits where it must. */
static ssize_t read_some(struct text *text, int fd, bool is_file)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char *to = text->bytes + text->length;
	size_t size = text->room - text->length;
	ssize_t got;

	for (;;) {
		got = is_file ? pread(fd, to, size, (off_t)text->length)
			      : read(fd, to, size);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN)
			poll(&wait, 1, -1);
	}
}

/*
 * A file of a known size needs one call: a short answer is its end.  A text
 * that fills the largest room asks for more, and is refused.
 */
static int read_all(struct text *text, int fd, bool is_file,
		    struct failure *why)
{
	ssize_t got;
	bool more;

	do {
		if (text_reserve(text, text->length == text->room, why) < 0)
			return -1;
		got = read_some(text, fd, is_file);
		if (got < 0)
			return failed(why, is_file ? "pread" : "read");
		text->length += (size_t)got;
		more = is_file ? text->length == text->room : got > 0;
	} while (more);
	return 0;
}

int text_read(struct text *text, int fd, struct failure *why)
{
	struct stat about;
	bool is_file;

	if (file_look(fd, &about, why) < 0)
		return -1;
	/* what procfs makes on the fly says that it is empty */
	is_file = S_ISREG(about.st_mode) && about.st_size > 0;
	if (text_reserve(text, is_file ? (size_t)about.st_size + 1 : 1,
			 why) < 0)
		return -1;
	return read_all(text, fd, is_file, why);
}

void text_free(struct text *text)
{
	memory_give(text->bytes, text->room);
	*text = (struct text){0};
}
