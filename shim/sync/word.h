/* What a message from the parent says: one word, the type of a flat object. */

#ifndef SYNC_WORD_H
#define SYNC_WORD_H

#include <stddef.h>

/* A message that is longer says nothing that the shim knows. */
#define MESSAGE_MAX 512

enum word {
	WORD_OTHER,	/* no message of the protocol */
	WORD_PLAN,
	WORD_RESUME,
	WORD_START,
	WORD_ABORT,
};

/*
 * text  length bytes: an object with "type" once and no other key but those
 *       that start with "x-", whose values are no objects or lists
 */
enum word word_read(const char *text, size_t length);

#endif
