/*
 * What the processes before the shim and the caller say to one another: a
 * packet each on a socketpair that execve(2) closes.  End of file without a
 * word about a failure says that the shim runs.
 *
 * For the spawn room alone.
 */

#ifndef SPAWN_CONTROL_H
#define SPAWN_CONTROL_H

#include <stddef.h>

#include "failure.h"

/* What was tried, when it failed. */
enum control_step {
	STEP_ENTER_CGROUP,
	STEP_JOIN,
	STEP_MAKE_USER,
	STEP_BECOME_ROOT,
	STEP_MAKE_TIME,
	STEP_OPEN_OFFSETS,
	STEP_SET_OFFSETS,
	STEP_CLONE,
	STEP_MAKE_CGROUP,
	STEP_PLACE,
	STEP_EXECUTE,
};

enum control_word {
	CONTROL_MAPS,		/* child: write my maps now */
	CONTROL_MAPPED,		/* caller: done */
	CONTROL_BORN,		/* child: the shim's pid, and its pidfd */
	CONTROL_FAILED,		/* child: step, which of a list, errno */
};

struct control {
	enum control_word word;
	enum control_step step;
	int which;
	int error;
	int pid;
};

/* fd goes along; -1: none.  Does nothing when the other end is gone. */
void control_say(int socket, const struct control *control, int fd);

/*
 * Wait for the next one, until the deadline (clock_milliseconds(); -1: none).
 *
 * *fd  what came along, the caller's; -1: nothing
 *
 * Returns 1, 0 at the end of file, or -1 with errno (ETIMEDOUT).
 */
int control_hear(int socket, long long deadline, struct control *control,
		 int *fd);

/* The failure in words; which is an index of the caller's list.  -1. */
int control_failure(const struct control *control, struct failure *why);

#endif
