/* memory: a few pages without asking, then the kernel's */

#include "memory.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Pages that are never touched cost nothing. */
#define OWN ((size_t)96 << 10)

static struct {
	alignas(max_align_t) char bytes[OWN];
	size_t used;
} own;

void *memory_take(size_t size)
{
	size_t whole = (size + 15) & ~(size_t)15;
	void *memory = own.bytes + own.used;

	if (whole >= size && whole <= OWN - own.used) {
		own.used += whole;
		return memory;
	}
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory != MAP_FAILED)
		return memory;
	errno = ENOMEM;
	return NULL;
}

bool memory_is_own(const void *memory)
{
	return (uintptr_t)memory - (uintptr_t)own.bytes < OWN;
}

void memory_forget(void)
{
	/* but for the pages that others have a part of */
	uintptr_t page = (uintptr_t)getpagesize();
	uintptr_t first = ((uintptr_t)own.bytes + page - 1) & -page;
	uintptr_t end = ((uintptr_t)own.bytes + OWN) & -page;

	if (first < end)
		madvise((void *)first, end - first, MADV_DONTNEED);
}

void memory_give(void *memory, size_t size)
{
	if (memory && !memory_is_own(memory))
		munmap(memory, size);
}
