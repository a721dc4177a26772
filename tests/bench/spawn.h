/* Spawn a subject as a daemon does, and look at what it takes. */

#ifndef SPAWN_H
#define SPAWN_H

#include "stage.h"

struct subject {
	const char *name;
	const char *api;	/* of the floor: floor.c; else NULL */
	const char *where;
	int program;		/* -1: a peer, known by its name */
};

enum look {
	LOOK_TIME,		/* from clone(2) to the target's execve(2) */
	LOOK_CALLS,		/* system calls, from the subject's execve(2) */
	LOOK_INSIDE,		/* while it waits before execve(2) */
	LOOK_SHOW,		/* the target is SHOW */
};

struct measured {
	double microseconds;
	double cpu;		/* microseconds on a CPU, until then */
	long calls;		/* -1: ptrace(2) is refused */
	long peak;		/* KiB resident */
	long faults;
};

/* output: the target's stdout.  Dies where the subject fails. */
void spawn(const struct subject *subject, const struct scenario *scenario,
	   enum look look, int output, struct measured *measured);

#endif
