/* A kernel that lacks a system call, or refuses it: by seccomp(2). */

#ifndef LACKING_H
#define LACKING_H

#include <stdbool.h>

/*
 * From here on the call fails with error, for this process and its children.
 * For a child of the test: there is no way back.  False where this machine
 * has no filters.
 */
bool lacking(long number, int error);

#endif
