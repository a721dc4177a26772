/* sync: what shim and parent say to one another, and when */

#include "sync/sync.h"

#include <string.h>
#include <sys/socket.h>

#include "fd.h"
#include "format.h"
#include "kernel/child.h"
#include "kernel/fds.h"
#include "kernel/text.h"
#include "sync/json.h"
#include "sync/message.h"
#include "sync/socket.h"

/* Between two progress messages. */
#define PROGRESS_MILLISECONDS 100

/* So many items are worth a look at the clock each, others as many at once. */
#define CLOSE_LOOKS 64

static void begin(struct failure *why, const char *stage, const char *step)
{
	why->stage = stage;
	attempt(why, NULL, WHOLE, step, NULL);
}

static int say(const struct sync *parent, const char *text,
	       struct failure *why)
{
	return message_send(parent, text, strlen(text), SOCKET_WAIT, why);
}

/* A Unix socket that keeps order and says when the other end is gone. */
static int check_socket(struct sync *parent, struct failure *why)
{
	socklen_t size = sizeof(int);
	int domain = 0;

	/* no call tells both */
	if (getsockopt(parent->fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0 ||
	    getsockopt(parent->fd, SOL_SOCKET, SO_TYPE, &parent->type,
		       &size) < 0)
		return failed_because(why, "getsockopt", "descriptor %d",
				      parent->fd);
	if (domain != AF_UNIX || (parent->type != SOCK_STREAM &&
				  parent->type != SOCK_SEQPACKET))
		return refused(why, "descriptor %d is no Unix socket of type "
			       "SOCK_STREAM or SOCK_SEQPACKET", parent->fd);
	return 0;
}

int sync_open(struct sync *parent, const struct options *opt,
	      struct failure *why)
{
	*parent = (struct sync){
		.fd = -1,
		.carries_plan = opt->socket_fd >= 0,
		.quiet = opt->quiet,
	};
	begin(why, "plan", "make the inherited descriptors safe");
	if (fds_fill_standard(why) < 0 || fds_close_on_exec(3, why) < 0)
		return -1;
	parent->fd = parent->carries_plan ? opt->socket_fd : opt->sync_fd;
	if (parent->fd < 0)
		return 0;
	begin(why, "plan", "talk to the parent");
	if (check_socket(parent, why) < 0) {
		/* not ours to talk to, nor to tell why */
		parent->fd = -1;
		return -1;
	}
	return 0;
}

/* A packet: its size is known before it is taken. */
static int receive_packet(const struct sync *parent, struct text *text,
			  struct arrival *in, struct failure *why)
{
	if (text_reserve(text, socket_packet_size(parent->fd) + 1, why) < 0)
		return -1;
	in->bytes = text->bytes;
	in->room = text->room;
	if (socket_receive(parent->fd, in, SOCKET_WAIT, why) < 0)
		return -1;
	text->length = in->length;
	return 0;
}

/* What came behind the plan's line is the next message. */
static int keep_rest(struct sync *parent, struct text *text, size_t line,
		     struct failure *why)
{
	size_t rest = text->length - line;

	if (rest > sizeof(parent->pending))
		return refused(why, "the parent sent more than a message "
			       "behind the plan's line");
	memcpy(parent->pending, text->bytes + line, rest);
	parent->pending_length = rest;
	text->length = line - 1;
	return 0;
}

/* A line, as long as it may be. */
static int receive_line(struct sync *parent, struct text *text,
			struct arrival *in, struct failure *why)
{
	size_t line;

	do {
		if (text_reserve(text, 1, why) < 0)
			return -1;
		in->bytes = text->bytes + text->length;
		in->room = text->room - text->length;
		if (socket_receive(parent->fd, in, SOCKET_WAIT, why) < 0)
			return -1;
		line = message_line(in->bytes, in->length);
		if (line)
			line += text->length;
		text->length += in->length;
	} while (!line);
	return keep_rest(parent, text, line, why);
}

/* The message is the plan, or says where it is. */
static int open_message(struct text *text, int fd, struct failure *why)
{
	switch (word_read(text->bytes, text->length)) {
	case WORD_ABORT:
		return message_given_up(why);
	case WORD_PLAN:
		if (fd < 0)
			return refused(why, "the message \"plan\" came "
				       "without its descriptor");
		text->length = 0;
		return text_read(text, fd, why);
	default:
		if (fd >= 0)
			return refused(why, "the parent sent a descriptor "
				       "that nobody asked for");
		return 0;
	}
}

int sync_receive_plan(struct sync *parent, struct text *text,
		      struct failure *why)
{
	struct arrival in = { .fd = -1 };
	autoclose int fd = -1;
	int got;

	begin(why, "plan", "receive the plan");
	got = parent->type == SOCK_SEQPACKET
		? receive_packet(parent, text, &in, why)
		: receive_line(parent, text, &in, why);
	fd = in.fd;
	if (in.ended)
		return refused(why, "the parent went away before the whole "
			       "plan had arrived");
	return got < 0 ? -1 : open_message(text, fd, why);
}

static void begin_hooks(struct failure *why)
{
	begin(why, "hooks", "wait for the parent's hooks");
}

int sync_announce_hooks(const struct sync *parent, struct failure *why)
{
	if (parent->fd < 0)
		return 0;
	begin_hooks(why);
	return say(parent, "{\"type\":\"hooks\"}\n", why);
}

int sync_await_hooks(struct sync *parent, struct failure *why)
{
	if (parent->fd < 0)
		return 0;
	begin_hooks(why);
	return message_expect(parent, WORD_RESUME, why);
}

int sync_ready(struct sync *parent, bool wait, struct failure *why)
{
	if (parent->fd < 0)
		return 0;
	begin(why, "process", wait ? "wait for the start" : "start the target");
	if (say(parent, "{\"type\":\"ready\"}\n", why) < 0)
		return -1;
	return wait ? message_expect(parent, WORD_START, why) : 0;
}

int sync_look(struct sync *parent, struct failure *why)
{
	return parent->fd < 0 ? 0 : message_expect_none(parent, why);
}

int sync_hand_over(const struct sync *parent, const char *what, int fd,
		   struct failure *why)
{
	char text[64];
	size_t length = format_text(text, sizeof(text),
				    "{\"type\":\"%s\"}\n", what);

	if (parent->type == SOCK_SEQPACKET)
		length--;
	return socket_hand_over(parent->fd, text, length, fd, why);
}

/* Is it time to look at the clock?  Often at first, which may be all. */
static bool is_worth_a_look(size_t done)
{
	return done <= CLOSE_LOOKS || done % CLOSE_LOOKS == 0;
}

int sync_progress(struct sync *parent, const char *stage, size_t done,
		  size_t total, struct failure *why)
{
	char text[160];
	struct json to = { .text = text, .size = sizeof(text) };
	int64_t now;

	if (parent->fd < 0 || !parent->progress || !is_worth_a_look(done))
		return 0;
	now = clock_milliseconds();
	if (now < parent->progress_due)
		return 0;
	parent->progress_due = now + PROGRESS_MILLISECONDS;
	json_open(&to);
	json_string(&to, "type", "progress");
	json_string(&to, "stage", stage);
	json_number(&to, "done", done);
	json_number(&to, "total", total);
	json_close(&to);
	json_raw(&to, "\n");
	return message_send(parent, text, to.length, SOCKET_TRY, why);
}
