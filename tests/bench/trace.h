/*
 * The kernel's own record of forks and execs (tracefs), which tells of every
 * program the same, whatever it does with its descriptors.
 */

#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>

/* In the stage's mount namespace.  False where this kernel has no tracefs. */
bool trace_open(void);
void trace_close(void);

void trace_clear(void);

/*
 * Microseconds up to the execve(2) of the program since trace_clear(): from
 * the fork of the process that calls it, and from our own first fork.
 * Returns false where it was not executed.
 */
bool trace_read(const char *program, double *from_fork, double *from_spawn);

#endif
