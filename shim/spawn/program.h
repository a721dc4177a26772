/* Other programs of the host.  For the spawn room alone. */

#ifndef SPAWN_PROGRAM_H
#define SPAWN_PROGRAM_H

#include <stdint.h>

#include "failure.h"

/*
 * Run one that PATH finds, and wait for it; what it writes goes into the
 * failure.
 *
 * args  argv, ended with NULL
 *
 * Returns 0, or -1 with *why: it failed, or was killed at the deadline.
 */
int program_run(char *const args[], int64_t deadline, struct failure *why);

#endif
