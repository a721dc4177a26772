/* resident: pages that can be read again are given back */

#include "kernel/resident.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The program's own header, where it has been loaded: ld(1). */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/*
 * A fault brings in what lies around it, up to 64 KiB and the ends of its
 * mapping: of a program this small nearly all.  Pieces that differ in their
 * advice are mappings of their own.
 */
#define PIECE ((size_t)8 << 10)

/* More of the stack than anybody uses, and than this call does. */
#define STACK ((size_t)1 << 20)
#define OURS 1024

static void give_back(char *at, size_t size)
{
	size_t piece;

	for (piece = 0; piece + PIECE < size; piece += 2 * PIECE)
		madvise(at + piece, PIECE, MADV_RANDOM);
	madvise(at, size, MADV_DONTNEED);
}

/* Below ours are frames of calls that have returned. */
static void give_stack_back(void)
{
	uintptr_t end = ((uintptr_t)__builtin_frame_address(0) - OURS) &
			-(uintptr_t)getpagesize();

	madvise((void *)(end - STACK), STACK, MADV_DONTNEED);
}

void resident_shrink(void)
{
	char *header = (char *)&__ehdr_start;
	/* where addresses of the file are counted from */
	char *base = __ehdr_start.e_type == ET_DYN ? header : NULL;
	const ElfW(Phdr) *part = (void *)(header + __ehdr_start.e_phoff);
	int parts = __ehdr_start.e_phnum;

	for (; parts--; part++)
		if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
			give_back(base + part->p_vaddr, part->p_memsz);
	give_stack_back();
}
