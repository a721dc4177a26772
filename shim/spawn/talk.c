/* talk: the protocol (README.md, "Use from a daemon"), the parent's end */

#include "spawn/talk.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/fds.h"
#include "spawn/error.h"
#include "spawn/packet.h"
#include "spawn/reading.h"
#include "spawn/wait.h"

/* A plan up to this size goes as a packet, a larger one as a file. */
#define PACKET_MAX (32u << 10)

/*
 * What is said.
 */

static int say(struct init_shim_container *container, const char *text,
	       int fd, struct failure *why)
{
	return packet_send(container->socket, text, strlen(text), fd, why);
}

static int give_file(struct init_shim_container *container, int fd,
		     struct failure *why)
{
	return say(container, "{\"type\":\"plan\"}", fd, why);
}

int talk_give_plan(struct init_shim_container *container, const char *plan,
		   size_t length, struct failure *why)
{
	autoclose int file = -1;

	attempt(why, NULL, WHOLE, "send the plan", NULL);
	container->goes_on = reading_goes_on(plan, length);
	/*
	 * An empty packet would be the end of file, and a machine may have
	 * small buffers: net.core.wmem_default.
	 */
	if (length && length <= PACKET_MAX &&
	    packet_send(container->socket, plan, length, -1, why) == 0)
		return 0;
	file = fds_make_file(plan, length, why);
	return file < 0 ? -1 : give_file(container, file, why);
}

int init_shim_give_plan(struct init_shim_container *container,
			const char *plan, size_t length,
			struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };

	if (talk_give_plan(container, plan, length, &why) < 0)
		return error_tell(error, &why);
	return 0;
}

int init_shim_give_plan_fd(struct init_shim_container *container, int fd,
			   struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };

	attempt(&why, NULL, WHOLE, "send the plan", NULL);
	if (give_file(container, fd, &why) < 0)
		return error_tell(error, &why);
	return 0;
}

static int answer(struct init_shim_container *container, const char *text,
		  struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };

	attempt(&why, NULL, WHOLE, "answer the shim", NULL);
	if (say(container, text, -1, &why) < 0)
		return error_tell(error, &why);
	return 0;
}

int init_shim_resume(struct init_shim_container *container,
		     struct init_shim_error **error)
{
	return answer(container, "{\"type\":\"resume\"}", error);
}

int init_shim_start(struct init_shim_container *container,
		    struct init_shim_error **error)
{
	/* it would take that for one message too many, if it heard it */
	if (container->goes_on)
		return 0;
	return answer(container, "{\"type\":\"start\"}", error);
}

int init_shim_abort(struct init_shim_container *container,
		    struct init_shim_error **error)
{
	return answer(container, "{\"type\":\"abort\"}", error);
}

/*
 * What is heard.
 */

int init_shim_poll_fd(const struct init_shim_container *container)
{
	return container->socket;
}

/* The longest are whole ones of the shim's: sync/report.c. */
struct words {
	char type[16], stage[32], pointer[1024], operation[64], path[8192];
	char name[32], kernel[1024], hint[2048], message[16384];
	unsigned long long number, done, total;
};

static bool read_words(struct words *words, const char *text, size_t length)
{
#define STRING(key) { #key, words->key, sizeof(words->key), NULL }
#define NUMBER(key, member) { key, NULL, 0, &words->member }
	const struct reading_member members[] = {
		STRING(type), STRING(stage), STRING(pointer),
		STRING(operation), STRING(path), STRING(name), STRING(kernel),
		STRING(hint), STRING(message),
		NUMBER("errno", number), NUMBER("done", done),
		NUMBER("total", total),
	};
#undef STRING
#undef NUMBER

	memset(words, 0, sizeof(*words));
	return reading_flat(text, length, members,
			    sizeof(members) / sizeof(members[0]));
}

static void give_shims_error(const struct words *words,
			     struct init_shim_error **error)
{
	error_give(error, &(struct init_shim_error){
		.origin = INIT_SHIM_BY_SHIM,
		.message = words->message,
		.stage = words->stage,
		.pointer = words->pointer,
		.operation = words->operation,
		.path = words->path,
		.number = (int)words->number,
		.name = words->name,
		.kernel = words->kernel,
		.hint = words->hint,
	});
}

static const struct event {
	const char *type;
	enum init_shim_event event;
	bool has_fd;
} events[] = {
	{ "hooks", INIT_SHIM_HOOKS, false },
	{ "console", INIT_SHIM_CONSOLE, true },
	{ "seccomp", INIT_SHIM_SECCOMP, true },
	{ "progress", INIT_SHIM_PROGRESS, false },
	{ "ready", INIT_SHIM_READY, false },
};

static const struct event *find_event(const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (strcmp(events[i].type, type) == 0)
			return &events[i];
	return NULL;
}

/* *fd is given away with the message, where one belongs there. */
static int understand(struct init_shim_container *container,
		      const char *text, size_t length, int *fd,
		      struct init_shim_message *message, struct words *words,
		      struct failure *why)
{
	const struct event *event;

	if (!read_words(words, text, length))
		return refused(why, "the shim sent what is no message");
	if (strcmp(words->type, "error") == 0)
		return -1;
	event = find_event(words->type);
	if (!event)
		return refused(why, "the shim sent a message \"%s\"",
			       words->type);
	if (event->has_fd != (*fd >= 0))
		return refused(why, "the message \"%s\" came with%s "
			       "descriptor", words->type,
			       event->has_fd ? "out its" : " a");
	if (event->event == INIT_SHIM_READY)
		container->ready = true;
	*message = (struct init_shim_message){
		.event = event->event,
		.fd = take(fd),
		.done = words->done,
		.total = words->total,
	};
	memcpy(message->stage, words->stage, sizeof(message->stage));
	return 1;
}

static int take_packet(struct init_shim_container *container, char *text,
		       size_t length, struct init_shim_message *message,
		       struct words *words, struct failure *why)
{
	autoclose int fd = -1;
	ssize_t got = packet_receive(container->socket, text, length, &fd);

	if (got < 0)
		return failed(why, "recvmsg");
	text[got] = '\0';
	return understand(container, text, (size_t)got, &fd, message, words,
			  why);
}

/* A packet of that length is there. */
static int hear(struct init_shim_container *container, size_t length,
		struct init_shim_message *message,
		struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };
	struct words *words = calloc(1, sizeof(*words));
	char *text = malloc(length + 1);
	int result;

	attempt(&why, NULL, WHOLE, "understand the shim", NULL);
	result = words && text
		? take_packet(container, text, length, message, words, &why)
		: failed(&why, "malloc");
	if (result < 0 && words && strcmp(words->type, "error") == 0) {
		give_shims_error(words, error);
	} else if (result < 0) {
		error_tell(error, &why);
		/* this is no shim of ours, or we cannot follow it */
		init_shim_kill(container, SIGKILL, NULL);
	}
	container->failed = result < 0;
	free(text);
	free(words);
	return result;
}

static int nothing_follows(struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };

	attempt(&why, NULL, WHOLE, "listen to the shim", NULL);
	refused(&why, "the container has failed before");
	return error_tell(error, &why);
}

int init_shim_next(struct init_shim_container *container, int timeout,
		   struct init_shim_message *message,
		   struct init_shim_error **error)
{
	size_t length;

	if (container->failed)
		return nothing_follows(error);
	if (!packet_wait(container->socket, packet_deadline(timeout)))
		return 0;
	length = packet_size(container->socket);
	if (length)
		return hear(container, length, message, error);
	if (!container->ready) {
		container->failed = true;
		return wait_for_silent_death(container, error);
	}
	container->running = true;
	*message = (struct init_shim_message){
		.event = INIT_SHIM_RUNNING, .fd = -1,
	};
	return 1;
}
