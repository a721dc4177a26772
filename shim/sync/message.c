/* message: a line each on a stream, a packet each on SOCK_SEQPACKET */

#include "sync/message.h"

#include <string.h>
#include <sys/socket.h>

#include "fd.h"
#include "utf8.h"

/* So much of a message that nobody expected is quoted. */
#define QUOTED 64

int message_send(const struct sync *parent, const char *text, size_t length,
		 enum patience patience, struct failure *why)
{
	if (parent->type == SOCK_SEQPACKET)
		length--;
	return socket_send(parent->fd, text, length, patience, why);
}

size_t message_line(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] == '\n')
			return i + 1;
	return 0;
}

/* Bytes of the first message in pending, with its newline; 0: not yet whole. */
static size_t whole_length(const struct sync *parent)
{
	if (parent->type == SOCK_SEQPACKET)
		return parent->pending_length;
	return message_line(parent->pending, parent->pending_length);
}

/* More of it.  Returns as socket_receive(). */
static int receive_more(struct sync *parent, enum patience patience,
			struct failure *why)
{
	struct arrival in = {
		.bytes = parent->pending + parent->pending_length,
		.room = sizeof(parent->pending) - parent->pending_length,
		.fd = -1,
	};
	int got;

	if (!in.room)
		return refused(why, "the parent sent a message of more than "
			       "%zu bytes", sizeof(parent->pending));
	got = socket_receive(parent->fd, &in, patience, why);
	if (in.fd >= 0) {
		fd_close(&in.fd);
		if (got > 0)
			return refused(why, "the parent sent a descriptor "
				       "that nobody asked for");
	}
	parent->pending_length += in.length;
	return got;
}

int message_given_up(struct failure *why)
{
	return refused(why, "the parent gave up (abort)");
}

static int unexpected(const char *text, size_t length, struct failure *why)
{
	char quoted[QUOTED + 1];

	if (length && text[length - 1] == '\n')
		length--;
	utf8_visible(quoted, sizeof(quoted), text, length);
	return refused(why, "the parent sent an unexpected message: %s",
		       quoted);
}

/* The first message leaves pending; is it the wanted one? */
static int judge(struct sync *parent, size_t length, enum word wanted,
		 struct failure *why)
{
	enum word word = word_read(parent->pending, length);

	if (word == WORD_ABORT)
		return message_given_up(why);
	if (word == WORD_OTHER || word != wanted)
		return unexpected(parent->pending, length, why);
	parent->pending_length -= length;
	memmove(parent->pending, parent->pending + length,
		parent->pending_length);
	return 0;
}

int message_expect(struct sync *parent, enum word wanted, struct failure *why)
{
	size_t length;

	while (!(length = whole_length(parent)))
		if (receive_more(parent, SOCKET_WAIT, why) < 0)
			return -1;
	return judge(parent, length, wanted, why);
}

int message_expect_none(struct sync *parent, struct failure *why)
{
	if (!parent->pending_length &&
	    receive_more(parent, SOCKET_TRY, why) < 0)
		return -1;
	/* half a message is one too many as well */
	if (parent->pending_length)
		return judge(parent, parent->pending_length, WORD_OTHER, why);
	return 0;
}
