/* spawn: from clone3(2) to the shim that reads its plan */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "spawn/child.h"
#include "spawn/container.h"
#include "spawn/control.h"
#include "spawn/error.h"
#include "spawn/maps.h"
#include "spawn/order.h"
#include "spawn/packet.h"
#include "spawn/talk.h"
#include "spawn/wait.h"

/* What init_shim_spawn() takes when nobody says how long it may. */
#define USUAL_TIMEOUT 30000

/* The caller's side of it. */
struct delivery {
	struct init_shim_container *container;
	const struct init_shim_how *how;
	struct order order;
	int64_t deadline;
	int control;		/* our end */
	int theirs;		/* the children's; -1: closed */
	pid_t between;		/* 0: none */
	struct control failed;	/* a child said so; word CONTROL_FAILED */
};

/* In words that name the path, where the caller gave one. */
static int tell_failure(const struct delivery *it, struct failure *why)
{
	const struct control *failed = &it->failed;

	control_failure(failed, why);
	if (failed->step == STEP_JOIN)
		why->path = it->how->joins[failed->which].path;
	return -1;
}

static int answer(struct delivery *it, const struct control *said, int fd,
		  struct failure *why)
{
	static const struct control mapped = { .word = CONTROL_MAPPED };

	switch (said->word) {
	case CONTROL_MAPS:
		if (maps_write(it->between, it->how, it->deadline, why) < 0)
			return -1;
		control_say(it->control, &mapped, -1);
		return 0;
	case CONTROL_BORN:
		it->container->pid = said->pid;
		it->container->pidfd = fd;
		return 0;
	default:
		it->failed = *said;
		return 0;
	}
}

/*
 * Until no process before the shim is left: each holds the socket, and loses
 * it at execve(2) or at its end.
 */
static int listen_to_children(struct delivery *it, struct failure *why)
{
	struct control said;
	int got, fd;

	while ((got = control_hear(it->control, it->deadline, &said,
				   &fd)) > 0)
		if (answer(it, &said, fd, why) < 0)
			return -1;
	if (got < 0) {
		attempt(why, NULL, WHOLE, "spawn the shim", NULL);
		return failed(why, "poll");
	}
	if (it->failed.word == CONTROL_FAILED)
		return tell_failure(it, why);
	if (!it->container->pid) {
		attempt(why, NULL, WHOLE, "spawn the shim", NULL);
		return refused(why, "the process between was killed");
	}
	return 0;
}

static void reap(pid_t pid)
{
	/* __WALL: it does not send SIGCHLD */
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}

static int make_child(struct delivery *it, struct failure *why)
{
	struct order *order = &it->order;
	pid_t pid;
	int pidfd;

	attempt(why, NULL, WHOLE, "make the namespaces", NULL);
	pid = birth_give(&order->birth, order->between ? between_live
						       : child_live,
			 order, &pidfd);
	fd_close(&it->theirs);
	if (pid < 0)
		return failed(why, "clone3");
	if (order->between) {
		it->between = pid;
		fd_close(&pidfd);
	} else {
		it->container->pid = pid;
		it->container->pidfd = pidfd;
	}
	return 0;
}

/* Before a child is there: whatever it waits for, it is told no more. */
static void end_children(struct delivery *it)
{
	struct control said;
	int fd;

	/* they see the end of file, and end */
	shutdown(it->control, SHUT_WR);
	while (control_hear(it->control, -1, &said, &fd) > 0)
		if (said.word == CONTROL_BORN) {
			it->container->pid = said.pid;
			it->container->pidfd = fd;
		}
}

static int deliver(struct delivery *it, struct failure *why)
{
	int result = make_child(it, why);

	if (result == 0) {
		result = listen_to_children(it, why);
		if (result < 0)
			end_children(it);
	}
	if (it->between)
		reap(it->between);
	return result;
}

/* Both ends of a socket that nothing inherits by accident. */
static int make_pair(int *ours, int *theirs, struct failure *why)
{
	int ends[2];

	attempt(why, NULL, WHOLE, "spawn the shim", NULL);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return failed(why, "socketpair");
	*ours = ends[0];
	*theirs = ends[1];
	return 0;
}

static int spawn(const struct init_shim *shim,
		 const struct init_shim_how *how,
		 struct init_shim_container *container, struct failure *why)
{
	struct delivery it = { .container = container, .how = how };
	autoclose int socket = -1;
	autoclose int control = -1;
	int result;

	it.theirs = -1;
	if (make_pair(&container->socket, &socket, why) < 0 ||
	    make_pair(&control, &it.theirs, why) < 0)
		return -1;
	it.control = control;
	it.deadline = packet_deadline(how->timeout ? how->timeout
						   : USUAL_TIMEOUT);
	result = order_make(&it.order, shim, how, socket, it.theirs, why);
	/* the shim finds it as soon as it looks */
	if (result == 0 && how->plan)
		result = talk_give_plan(container, how->plan,
					strlen(how->plan), why);
	if (result == 0)
		result = deliver(&it, why);
	fd_close(&it.theirs);
	order_free(&it.order);
	return result;
}

struct init_shim_container *
init_shim_spawn(const struct init_shim *shim, const struct init_shim_how *how,
		struct init_shim_error **error)
{
	struct init_shim_container *container = malloc(sizeof(*container));
	struct failure why = { .stage = "spawn" };
	int cancel;

	if (!container) {
		attempt(&why, NULL, WHOLE, "spawn the shim", NULL);
		failed(&why, "malloc");
		error_tell(error, &why);
		return NULL;
	}
	*container = (struct init_shim_container){
		.pidfd = -1, .socket = -1,
	};
	/* a child that stands still for us must not be left behind */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	if (spawn(shim, how, container, &why) < 0) {
		error_tell(error, &why);
		init_shim_free(container);
		container = NULL;
	}
	pthread_setcancelstate(cancel, &cancel);
	return container;
}
