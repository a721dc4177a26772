/* socket: sendmsg(2) and recvmsg(2), and all that can come of them */

#include "sync/socket.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/child.h"

/*
 * Room for two descriptors, one more than there ever is, and for the
 * credentials that come along where the parent has set SO_PASSCRED.
 */
#define CONTROL_ROOM (CMSG_SPACE(2 * sizeof(int)) + \
		      CMSG_SPACE(sizeof(struct ucred)))

/* ECONNRESET: it went without having read what we sent; unix(7). */
static bool is_gone(int error)
{
	return error == EPIPE || error == ECONNRESET;
}

static int gone(struct failure *why)
{
	return refused(why, "the parent went away");
}

/*
 * After a call that failed: shall it be made again?  Waits where it would
 * have had to.  The parent may have made both ends of the socket O_NONBLOCK,
 * which is its business: the flag is on the open file, not on our descriptor,
 * and stays as it is.
 */
static bool try_again(int socket, short events)
{
	struct pollfd wait = { .fd = socket, .events = events };

	if (errno == EAGAIN)
		poll(&wait, 1, -1);
	return errno == EAGAIN || errno == EINTR;
}

/* The first descriptor of a list is taken, the others closed; were there? */
static bool take_list(const unsigned char *list, size_t size, int *fd)
{
	bool others = false;
	int one;

	for (; size >= sizeof(one); size -= sizeof(one)) {
		memcpy(&one, list, sizeof(one));
		list += sizeof(one);
		if (*fd < 0) {
			*fd = one;
			continue;
		}
		close(one);
		others = true;
	}
	return others;
}

/* By hand, since musl's CMSG_NXTHDR() does not compile without warnings. */
static bool take_descriptors(const struct msghdr *message, int *fd)
{
	size_t at = 0;
	bool others = false;

	while (at + sizeof(struct cmsghdr) <= message->msg_controllen) {
		struct cmsghdr *control = (struct cmsghdr *)
			((unsigned char *)message->msg_control + at);

		if (control->cmsg_level == SOL_SOCKET &&
		    control->cmsg_type == SCM_RIGHTS)
			others |= take_list(CMSG_DATA(control),
					    control->cmsg_len - CMSG_LEN(0),
					    fd);
		at += CMSG_ALIGN(control->cmsg_len);
	}
	return others;
}

/* The descriptors first, whatever else is wrong: none may stay open. */
static int check(struct msghdr *message, struct arrival *in,
		 struct failure *why)
{
	bool others = take_descriptors(message, &in->fd);

	if (others || (message->msg_flags & MSG_CTRUNC))
		return refused(why, "the parent sent more descriptors than "
			       "there is use for");
	if (message->msg_flags & MSG_TRUNC)
		return refused(why, "the parent sent a message of more than "
			       "%zu bytes", in->room);
	in->ended = in->length == 0;
	return in->ended ? gone(why) : 1;
}

int socket_receive(int socket, struct arrival *in, enum patience patience,
		   struct failure *why)
{
	union {
		struct cmsghdr align;
		char bytes[CONTROL_ROOM];
	} control;
	struct iovec to = { .iov_base = in->bytes, .iov_len = in->room };
	int flags = MSG_CMSG_CLOEXEC |
		    (patience == SOCKET_TRY ? MSG_DONTWAIT : 0);
	ssize_t got;

	for (;;) {
		struct msghdr message = {
			.msg_iov = &to,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof(control),
		};

		got = parent_receive(socket, &message, flags);
		if (got >= 0) {
			in->length = (size_t)got;
			return check(&message, in, why);
		}
		if (errno == EAGAIN && patience == SOCKET_TRY)
			return 0;
		if (!try_again(socket, POLLIN))
			break;
	}
	in->ended = is_gone(errno);
	return in->ended ? gone(why) : failed(why, "recvmsg");
}

size_t socket_packet_size(int socket)
{
	ssize_t size;

	do
		size = recv(socket, NULL, 0, MSG_PEEK | MSG_TRUNC);
	while (size < 0 && try_again(socket, POLLIN));
	return size > 0 ? (size_t)size : 0;
}

int socket_hand_over(int socket, const char *bytes, size_t length, int fd,
		     struct failure *why)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {
		.header = {
			.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		},
	};
	struct iovec from = { .iov_base = (char *)bytes, .iov_len = length };
	const struct msghdr message = {
		.msg_iov = &from,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	/* so few bytes go whole, or not at all */
	while (parent_send(socket, &message, MSG_NOSIGNAL) < 0) {
		if (is_gone(errno))
			return gone(why);
		if (!try_again(socket, POLLOUT))
			return failed(why, "sendmsg");
	}
	return 0;
}

int socket_send(int socket, const char *bytes, size_t length,
		enum patience patience, struct failure *why)
{
	int flags = MSG_NOSIGNAL |
		    (patience == SOCKET_TRY ? MSG_DONTWAIT : 0);

	while (length) {
		ssize_t sent = send(socket, bytes, length, flags);

		if (sent >= 0) {
			bytes += sent;
			length -= (size_t)sent;
			/* half a message must become a whole one */
			flags = MSG_NOSIGNAL;
			continue;
		}
		if (errno == EAGAIN && (flags & MSG_DONTWAIT))
			return 0;
		if (is_gone(errno))
			return gone(why);
		if (!try_again(socket, POLLOUT))
			return failed(why, "send");
	}
	return 0;
}
