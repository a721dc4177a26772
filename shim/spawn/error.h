/* From a failure, as every room has it, to what the caller gets. */

#ifndef SPAWN_ERROR_H
#define SPAWN_ERROR_H

#include "failure.h"
#include "spawn/init-shim.h"

/* Room for the sentence of any failure. */
#define SENTENCE_ROOM (12u << 10)

/*
 * Fill *error, where the caller wants it, with copies of the strings of this
 * one; NULL counts as "".
 */
void error_give(struct init_shim_error **error,
		const struct init_shim_error *what);

/* The same of a failure of our own.  Returns -1. */
int error_tell(struct init_shim_error **error, const struct failure *why);

#endif
