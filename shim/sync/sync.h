/*
 * The shim's end of the protocol with its parent (README.md, "From a
 * daemon"): JSON messages over an inherited Unix socket, a line each on
 * SOCK_STREAM, a packet each on SOCK_SEQPACKET.
 *
 * Only this room knows the bytes on the socket.  Without a socket every call
 * succeeds at once, and sync_report tells stderr alone.
 */

#ifndef SYNC_H
#define SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"
#include "options.h"
#include "sync/word.h"

struct text;

struct sync {
	int fd;			/* -1: no parent to talk to */
	int type;		/* SOCK_STREAM or SOCK_SEQPACKET */
	bool carries_plan;	/* --socket-fd: the first message is the plan */
	bool quiet;
	bool progress;		/* main: as the plan's sync.progress says */
	int64_t progress_due;	/* milliseconds of the clock */
	char pending[MESSAGE_MAX]; /* read, not looked at yet */
	size_t pending_length;
};

/*
 * Take the socket that the command line names, make every inherited
 * descriptor from 3 on close-on-exec (neither hooks nor the target see one)
 * and put /dev/null on those of 0-2 that are closed.
 *
 * Before  the shim has opened anything
 *
 * Returns 0, or -1 with *why (ENOTSOCK; no Unix socket of these two types).
 */
int sync_open(struct sync *parent, const struct options *opt,
	      struct failure *why);

/*
 * The first message of --socket-fd: the plan itself, or {"type":"plan"} with
 * a descriptor that holds it.  Fills text (see kernel/text.h), which the caller
 * lets go.  Before it returns the shim has done nothing.
 *
 * Returns 0, or -1 with *why: the parent went away or sent something else.
 */
int sync_receive_plan(struct sync *parent, struct text *text,
		      struct failure *why);

/*
 * Say "hooks", and wait for "resume"; "abort" and end of file are failures.
 * What does not depend on the hooks can be done in between.
 */
int sync_announce_hooks(const struct sync *parent, struct failure *why);
int sync_await_hooks(struct sync *parent, struct failure *why);

/* Say "ready"; with wait (sync.start) wait for "start". */
int sync_ready(struct sync *parent, bool wait, struct failure *why);

/*
 * Is the parent still there, and has it not said "abort"?  To be asked last:
 * who dies after that dies after the target was started.
 */
int sync_look(struct sync *parent, struct failure *why);

/*
 * Give the parent a descriptor, which stays the caller's: {"type": what}.
 * Neither stage nor attempt are said here.
 */
int sync_hand_over(const struct sync *parent, const char *what, int fd,
		   struct failure *why);

/*
 * Say how far a stage is, at most ten times a second.  Cheap to call for
 * each item: of many items only every 64th looks at the clock.  A parent that
 * does not read loses progress messages, it does not hold the shim.
 */
int sync_progress(struct sync *parent, const char *stage, size_t done,
		  size_t total, struct failure *why);

/*
 * Tell parent and person of the failure, once.  On stderr it is one line in
 * one write(2): newlines become \n and what would drive a terminal \x1b, for
 * the output of a command of the image may be in it.  Returns the exit status:
 * 125, or 126 and 127 where the target was to blame.
 */
int sync_report(const struct sync *parent, const struct failure *why);

#endif
