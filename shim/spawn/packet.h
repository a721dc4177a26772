/* Packets and the descriptor that comes along.  For the spawn room alone. */

#ifndef SPAWN_PACKET_H
#define SPAWN_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* The moment in so many milliseconds; -1: never. */
int64_t packet_deadline(int milliseconds);

/* Milliseconds until then, for poll(2). */
int packet_left(int64_t deadline);

/* Is there something to receive before then? */
bool packet_wait(int fd, int64_t deadline);

/*
 * Send a packet; fd goes along, -1: none.  Does not wait: there is room for
 * what the protocol says.  Returns 0, or -1 with *why (EPIPE: nobody is there).
 */
int packet_send(int socket, const void *bytes, size_t length, int fd,
		struct failure *why);

/*
 * Receive a packet, which is there.
 *
 * *fd  what came along, the caller's; -1: nothing
 *
 * Returns its length, 0 at the end of file, or -1 with errno (EMSGSIZE: it
 * does not fit; EPROTO: more than one descriptor came).
 */
ssize_t packet_receive(int socket, void *bytes, size_t room, int *fd);

/* The size of the next packet; 0: the end of file. */
size_t packet_size(int socket);

#endif
