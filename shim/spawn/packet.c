/* packet: sendmsg(2) and recvmsg(2) of the parent's end */

#include "spawn/packet.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/child.h"

/* One more than is ever sent, so that one too many is seen. */
union descriptors {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(2 * sizeof(int))];
};

int64_t packet_deadline(int milliseconds)
{
	return milliseconds < 0 ? -1 : clock_milliseconds() + milliseconds;
}

int packet_left(int64_t deadline)
{
	int64_t left;

	if (deadline < 0)
		return -1;
	left = deadline - clock_milliseconds();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

bool packet_wait(int fd, int64_t deadline)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	int ready;

	do
		ready = poll(&wait, 1, packet_left(deadline));
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

int packet_send(int socket, const void *bytes, size_t length, int fd,
		struct failure *why)
{
	union descriptors control = {0};
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? failed(why, "sendmsg") : 0;
}

/* The first one becomes *fd; were there others?  They are closed. */
static bool take_descriptors(const struct cmsghdr *control, size_t length,
			     int *fd)
{
	const unsigned char *list = CMSG_DATA(control);
	bool others = false;
	int one;

	if (length < CMSG_LEN(sizeof(int)) ||
	    control->cmsg_level != SOL_SOCKET ||
	    control->cmsg_type != SCM_RIGHTS)
		return false;
	for (length = control->cmsg_len - CMSG_LEN(0); length >= sizeof(one);
	     length -= sizeof(one), list += sizeof(one)) {
		memcpy(&one, list, sizeof(one));
		if (*fd < 0)
			*fd = one;
		else
			others = close(one) == 0;
	}
	return others;
}

ssize_t packet_receive(int socket, void *bytes, size_t room, int *fd)
{
	union descriptors control;
	struct iovec part = { .iov_base = bytes, .iov_len = room };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t got;

	*fd = -1;
	do
		got = recvmsg(socket, &message,
			      MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == ECONNRESET ? 0 : -1;
	if (take_descriptors(&control.header, message.msg_controllen, fd) ||
	    (message.msg_flags & MSG_CTRUNC))
		errno = EPROTO;
	else if (message.msg_flags & MSG_TRUNC)
		errno = EMSGSIZE;
	else
		return got;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -1;
}

size_t packet_size(int socket)
{
	ssize_t size;

	do
		size = recv(socket, NULL, 0,
			    MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
	while (size < 0 && errno == EINTR);
	return size > 0 ? (size_t)size : 0;
}
