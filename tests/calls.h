/*
 * System calls, counted by ptrace(2): of one process, from its execve(2) to
 * the next, which makes it the target.  The tracer is a process of its own,
 * so that who spawns the process can go on talking to it, and nobody's child.
 */

#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CALLS_FINDING 512

/* A call, before it is made or after. */
struct traced_call {
	pid_t pid;
	bool is_entry;
	long number;		/* at its entry, as the arguments */
	uint64_t args[6];
	int64_t answer;		/* afterwards */
};

struct calls {
	/* For each call of one process; finding begins empty.  Or NULL. */
	void (*look)(const struct traced_call *call, char *finding,
		     size_t size);
	int socket;		/* to the tracer */
	char finding[CALLS_FINDING];	/* what look() has found */
};

/*
 * Starts the tracer, which has look() by now, before this process becomes a subreaper: prctl(2).
 * Returns 0, or -1 with errno.
 */
int calls_open(struct calls *calls);

/*
 * In the process that is to be counted, before it calls execve(2); made of
 * system calls only, for vfork(2).  Goes on uncounted where ptrace(2) is
 * refused: calls_counted() tells.
 */
void calls_begin(const struct calls *calls);

/*
 * Waits for the second execve(2), or the end.  Returns the number of calls,
 * the last execve(2) among them, or -1 with errno: EPERM, where ptrace(2) is
 * refused; ECHILD, where the process ended before, or never began.
 */
long calls_counted(struct calls *calls);

/* The tracer ends. */
void calls_close(struct calls *calls);

#endif
