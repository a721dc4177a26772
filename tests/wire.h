/*
 * Both ends of a socket: the shim's, as the sync room has it, and that of a
 * parent, which is the test.  What the parent says is in the socket before
 * the shim asks for it, so that one process can be both.
 */

#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "sync/sync.h"

struct wire {
	struct sync sync;
	int parent;		/* the other end; -1: it went away */
	struct failure why;
	char error[16384];	/* the sentence, by wire_error() */
	char heard[65536];	/* by wire_hear() */
};

/* For cmocka's setup and teardown; every test leaves no descriptor behind. */
int wire_open_stream(void **state);
int wire_open_packet(void **state);
int wire_close(void **state);

/* A test, once with each type of socket. */
#define WIRE_STREAM(test) \
	{ #test " (stream)", test, wire_open_stream, wire_close, NULL }
#define WIRE_PACKET(test) \
	{ #test " (packet)", test, wire_open_packet, wire_close, NULL }
#define WIRE_BOTH(test) WIRE_STREAM(test), WIRE_PACKET(test)

/* The parent says text; on a stream with a newline behind it. */
void wire_say(struct wire *wire, const char *text);

/* The same with descriptors. */
void wire_say_with(struct wire *wire, const char *text, const int *fds,
		   size_t count);

/* The bytes and nothing else. */
void wire_say_bytes(struct wire *wire, const char *bytes, size_t length);

/* The parent is gone. */
void wire_end(struct wire *wire);

/* What the shim said and nobody has read yet; "" for nothing. */
const char *wire_hear(struct wire *wire);

/* The sentence of the failure; "" where there was none. */
const char *wire_error(struct wire *wire, int returned);

#endif
