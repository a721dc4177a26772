/*
 * Between the person's terminal and the container's: bytes both ways, the
 * size of the window, and the end.
 *
 * The person's terminal passes all keys on while it lasts, so that Ctrl-C and
 * Ctrl-Z are the container's, and is as before in every way out: returns,
 * exits and signals, but for SIGKILL.  Where stdin is no terminal it works
 * too, and its end is Ctrl-D.  Handlers know no context: there is one relay.
 */

#ifndef RELAY_H
#define RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "launch.h"

/* Bytes that are on their way in one direction. */
struct flow {
	int from;		/* -1: it has ended */
	int to;			/* -1: nobody takes them any more */
	char bytes[4096];
	size_t start, end;
};

struct relay {
	int master;		/* owned; -1: there is no terminal */
	int peer;		/* so that no other's end is the end of all */
	bool runs;
	bool is_terminal;	/* stdin is one, too */
	struct flow in, out;
};

/* How many descriptors it waits for. */
#define RELAY_FDS 2

/* Is there a terminal for a container to have? */
bool relay_has_terminal(void);

/* The plan's terminal, if it asks for one, begins with the person's size. */
void relay_plan(struct launch *launch);

/* The container's terminal, which is given away; nothing moves yet. */
void relay_take(struct relay *relay, int master);

/* Before  the target runs, and nobody has anything to say any more */
void relay_begin(struct relay *relay);

/* What to wait for: RELAY_FDS of them, -1 where nothing is. */
void relay_await(const struct relay *relay, struct pollfd *fds);

/* Move what can be moved, by what poll(2) said of these. */
void relay_move(struct relay *relay, const struct pollfd *fds);

/* SIGWINCH and SIGCONT are ours then: true. */
bool relay_hears(struct relay *relay, int signal);

/* What is left goes to the person, and the terminal is as before. */
void relay_end(struct relay *relay);

#endif
