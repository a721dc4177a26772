/* arena: blocks of the kernel, handed out from front to back */

#include "arena.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "memory.h"

/* Enough for a plain plan, or for a tree, and near to what is beside it. */
#define FIRST_SIZE ((size_t)9 << 10)
#define BLOCK_SIZE ((size_t)64 << 10)

/* What is larger has a block of its own, or the rest of one is wasted. */
#define LARGE (BLOCK_SIZE / 4)

#define PAGE ((size_t)4096)

struct arena_block {
	alignas(max_align_t) struct arena_block *older;
	size_t size;		/* this header included */
};

static size_t round_up(size_t size, size_t to)
{
	return (size + to - 1) / to * to;
}

static struct arena_block *block_take(struct arena *arena, size_t size)
{
	struct arena_block *block = memory_take(size);

	if (!block)
		return NULL;
	block->size = size;
	arena->total += size;
	return block;
}

/* A block behind the first: the rest of that one is still to be used. */
static void *alloc_large(struct arena *arena, size_t size)
{
	size_t whole = round_up(sizeof(struct arena_block) + size, PAGE);
	struct arena_block *block = block_take(arena, whole);

	if (!block)
		return NULL;
	if (arena->blocks) {
		block->older = arena->blocks->older;
		arena->blocks->older = block;
	} else {
		arena->blocks = block;
		arena->next = arena->end = (char *)block + whole;
	}
	return block + 1;
}

static void *alloc(struct arena *arena, size_t size, size_t align)
{
	size_t gap = (size_t)-(uintptr_t)arena->next & (align - 1);
	struct arena_block *block;
	size_t room;
	char *memory;

	if (size > PTRDIFF_MAX - 2 * PAGE) {
		errno = ENOMEM;
		return NULL;
	}
	if (!arena->blocks ||
	    gap + size > (size_t)(arena->end - arena->next)) {
		if (size > LARGE)
			return alloc_large(arena, size);
		room = arena->blocks || size > FIRST_SIZE - sizeof(*block)
			? BLOCK_SIZE : FIRST_SIZE;
		block = block_take(arena, room);
		if (!block)
			return NULL;
		block->older = arena->blocks;
		arena->blocks = block;
		arena->next = (char *)(block + 1);
		arena->end = (char *)block + room;
		gap = 0;
	}
	memory = arena->next + gap;
	arena->next = memory + size;
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return alloc(arena, size, alignof(max_align_t));
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return arena_alloc(arena, bytes);
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *copy;

	if (length == SIZE_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	copy = alloc(arena, length + 1, 1);
	if (copy)
		memcpy(copy, text, length);
	return copy;
}

static void blocks_give(struct arena *arena, struct arena_block *block)
{
	struct arena_block *older;

	for (; block; block = older) {
		older = block->older;
		arena->total -= block->size;
		memory_give(block, block->size);
	}
}

void arena_reset(struct arena *arena)
{
	struct arena_block *first = arena->blocks;

	if (!first)
		return;
	blocks_give(arena, first->older);
	first->older = NULL;
	memset(first + 1, 0, (size_t)(arena->next - (char *)(first + 1)));
	arena->next = (char *)(first + 1);
}

void arena_free(struct arena *arena)
{
	blocks_give(arena, arena->blocks);
	*arena = (struct arena){0};
}
