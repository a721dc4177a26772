/*
 * Memory of the kernel's, for arenas and texts.
 *
 * The first of it is the program's own: a plain plan needs no more, and its
 * text, structs and trees lie side by side on few pages, each of which is a
 * page fault.  What is larger is mapped.
 */

#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * size bytes, zeroed, for any type; the caller's.  More than is
 * left is mapped by itself, and may grow by mremap(2).  NULL: errno ENOMEM.
 */
void *memory_take(size_t size);

/* Is it the program's own?  Such memory cannot be remapped. */
bool memory_is_own(const void *memory);

/* Let go of it: what was mapped goes back, the rest is not used again. */
void memory_give(void *memory, size_t size);

/* The pages of the program's own go back: nobody may use what was taken. */
void memory_forget(void);

#endif
