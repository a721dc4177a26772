/*
 * Why execve(2) refused a file that is there; for this room only.  What it says
 * is one number for a dozen causes, most of them in another file than the one
 * that was named.  Source: execve(2), elf(5).
 */

#ifndef PROCESS_REFUSAL_H
#define PROCESS_REFUSAL_H

#include "failure.h"

/*
 * Look for the cause, and give *why a hint where it is found: in the file, in
 * the interpreter that its first line names, in the loader of that ...
 *
 * path     as execve(2) had it, in a root that is "/" now
 * error    what it said
 */
void refusal_explain(const char *path, int error, struct failure *why);

#endif
