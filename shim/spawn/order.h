/*
 * What there is to do between clone3(2) and execve(2), all of it prepared by
 * the caller: the processes in between only make system calls.
 *
 * For the spawn room alone.
 */

#ifndef SPAWN_ORDER_H
#define SPAWN_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"
#include "spawn/birth.h"
#include "spawn/container.h"

struct order_join {
	uint64_t type;
	int fd;
	bool done;
};

/* A descriptor, and its number in the shim. */
struct order_fd {
	int fd;
	int number;
};

struct order {
	const struct init_shim *shim;
	bool quiet;

	/*
	 * A process goes between: it enters a user namespace, or others that
	 * only its children are in, and clones the shim.  Otherwise the shim
	 * is the caller's child at once.
	 */
	bool between;

	uint64_t flags;		/* CLONE_NEW*: to make */
	struct order_join *joins;
	size_t join_count;
	struct birth birth;
	int *cgroup_files;	/* "cgroup.procs", each to be written to */
	size_t cgroup_count;
	size_t cgroup_of_birth;	/* but for this one, if birth went well */

	char offsets[128];	/* for /proc/PID/timens_offsets; "": none */
	bool maps;		/* the user namespace is new */

	/* In order of their numbers, 0 to 2 first; the socket is among them. */
	struct order_fd *fds;
	size_t fd_count;
	int free_number;	/* they are all below it */
	char socket_number[16];

	int *kept;		/* all these descriptors, in order */
	size_t kept_count;
	int *moved;		/* room for the child: fd_count + 2 */

	int control;		/* the children's end, borrowed: control.h */
};

/* Release what the order owns, which is not what the caller lent. */
void order_free(struct order *order);

/*
 * Check how and make an order of it.
 *
 * socket, control  the children's ends, borrowed
 *
 * Returns 0, or -1 with *why; order_free() in both cases.
 */
int order_make(struct order *order, const struct init_shim *shim,
	       const struct init_shim_how *how, int socket, int control,
	       struct failure *why);

#endif
