/* The text of a plan or a kernel's file, in memory as it was read. */

#ifndef KERNEL_TEXT_H
#define KERNEL_TEXT_H

#include <stddef.h>

#include "failure.h"

/* What is larger is no plan, and no file of the kernel: refused. */
#define TEXT_MAX_BYTES (64u << 20)

struct text {
	char *bytes;		/* memory_take(); NULL: none yet */
	size_t length;
	size_t room;		/* bytes there */
};

/*
 * Read a descriptor to its end: a file, a pipe, a memfd (from its start).  The
 * text is empty before; what it has of memory is used.
 *
 * Returns 0, or -1 with *why (read's errno; more than TEXT_MAX_BYTES).  Grows
 * by mremap(2), so that a large text is never held twice.
 */
int text_read(struct text *text, int fd, struct failure *why);

/* Room for size more bytes behind what is there; as text_read() fails. */
int text_reserve(struct text *text, size_t size, struct failure *why);

/* Let go of the memory. */
void text_free(struct text *text);

#endif
