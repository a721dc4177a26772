/* Where a message begins and ends.  For the sync room alone. */

#ifndef SYNC_MESSAGE_H
#define SYNC_MESSAGE_H

#include "failure.h"
#include "sync/socket.h"
#include "sync/sync.h"
#include "sync/word.h"

/* Bytes of the first line, with its newline; 0: it is not yet whole. */
size_t message_line(const char *text, size_t length);

/*
 * Send one message.  text ends with the newline that a stream needs and a
 * packet does without.  Returns as socket_send().
 */
int message_send(const struct sync *parent, const char *text, size_t length,
		 enum patience patience, struct failure *why);

/*
 * Wait for the next message, which must be the wanted one.  Returns 0, or -1
 * with *why: the parent went away, gave up ("abort") or sent something else.
 */
int message_expect(struct sync *parent, enum word wanted, struct failure *why);

/* The same for a moment at which the parent has nothing to say; no waiting. */
int message_expect_none(struct sync *parent, struct failure *why);

/* "abort": the sentence.  Returns -1. */
int message_given_up(struct failure *why);

#endif
