/* Resident memory, of a program that will do nothing for long. */

#ifndef KERNEL_RESIDENT_H
#define KERNEL_RESIDENT_H

/*
 * Give the pages of our code back, which come from the file again as they are
 * used, and the stack below the caller.  A hundred times the cost of a usual
 * system call.
 */
void resident_shrink(void);

#endif
