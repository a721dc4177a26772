/*
 * arena: a stand-in that asks malloc(3) for each piece, so that whoever
 * leaves his own is caught.
 */

#include "arena.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	void *piece;
};

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = malloc(sizeof(*block));

	if (!block)
		return NULL;
	block->piece = calloc(1, size ? size : 1);
	if (!block->piece) {
		free(block);
		errno = ENOMEM;
		return NULL;
	}
	block->next = arena->blocks;
	arena->blocks = block;
	arena->total += size;
	return block->piece;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t whole;

	if (__builtin_mul_overflow(count, size, &whole)) {
		errno = ENOMEM;
		return NULL;
	}
	return arena_alloc(arena, whole);
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, text, length);
	return copy;
}

void arena_reset(struct arena *arena)
{
	arena_free(arena);
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->blocks, *next;

	for (; block; block = next) {
		next = block->next;
		free(block->piece);
		free(block);
	}
	*arena = (struct arena){ .next = NULL };
}
