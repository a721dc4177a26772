/*
 * Memory that is asked for in one place and given back in one go.
 *
 * The plan's arena is filled while the plan is read and kept until execve(2):
 * nothing is ever given back one by one, so there is nothing to free on any
 * path, and twenty thousand mounts lie side by side.
 */

#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* An empty one is all zeros. */
struct arena {
	char *next;		/* first free byte */
	char *end;		/* first byte past the block */
	struct arena_block *blocks;	/* all of them; that of next is first */
	size_t total;		/* bytes asked of the kernel, and kept */
};

/* Zeroed memory for any type; NULL with errno ENOMEM. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed array; NULL with errno ENOMEM, an overflow included. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copy of length bytes of text, ended with a NUL; NULL with errno ENOMEM. */
char *arena_text(struct arena *arena, const char *text, size_t length);

/*
 * Forget all that was allocated.  One block stays for what comes next, so
 * that an arena that is emptied often asks the kernel for nothing.
 */
void arena_reset(struct arena *arena);

/* Give it all back; the arena is empty then, and usable. */
void arena_free(struct arena *arena);

#endif
