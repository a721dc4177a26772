/*
 * Bytes through the socket, whole and with the descriptors that come along,
 * and what it means that the other end is gone.  For the sync room alone.
 */

#ifndef SYNC_SOCKET_H
#define SYNC_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"

enum patience {
	SOCKET_WAIT,		/* until there is something to do */
	SOCKET_TRY,		/* do nothing where it would have to wait */
};

/* What one recvmsg(2) brought. */
struct arrival {
	char *bytes;		/* where it goes: room for that many */
	size_t room;
	size_t length;		/* so many came */
	bool ended;		/* nothing did, nor will: the parent is gone */
	int fd;			/* the descriptor that came; -1: none yet */
};

/*
 * Receive what there is.  A descriptor becomes in->fd, the caller's, also
 * when the call fails; a second one is closed and refused, as is a packet that
 * is larger than its room.
 *
 * Returns 1, 0 (SOCKET_TRY: there is nothing), or -1 with *why.
 */
int socket_receive(int socket, struct arrival *in, enum patience patience,
		   struct failure *why);

/*
 * Wait for a packet and say how large it is.  0: there is none, and
 * socket_receive() says why.
 */
size_t socket_packet_size(int socket);

/*
 * Send all of it, in one call where the kernel lets us.  Returns 0
 * (SOCKET_TRY: perhaps nothing was sent), or -1 with *why.
 */
int socket_send(int socket, const char *bytes, size_t length,
		enum patience patience, struct failure *why);

/* The same of a short text, with a descriptor. */
int socket_hand_over(int socket, const char *bytes, size_t length, int fd,
		     struct failure *why);

#endif
