/* wire: a socketpair with the sync room at one end */

#include "wire.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static size_t descriptors_before;

static size_t count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static int wire_open(void **state, int type)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	int ends[2];

	if (!wire)
		return -1;
	descriptors_before = count_descriptors();
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	wire->sync.fd = ends[0];
	wire->sync.type = type;
	wire->sync.carries_plan = true;
	wire->parent = ends[1];
	*state = wire;
	return 0;
}

int wire_open_stream(void **state)
{
	return wire_open(state, SOCK_STREAM);
}

int wire_open_packet(void **state)
{
	return wire_open(state, SOCK_SEQPACKET);
}

int wire_close(void **state)
{
	struct wire *wire = *state;

	close(wire->sync.fd);
	wire_end(wire);
	free(wire);
	assert_int_equal(count_descriptors(), descriptors_before);
	return 0;
}

void wire_say_with(struct wire *wire, const char *text, const int *fds,
		   size_t count)
{
	bool stream = wire->sync.type == SOCK_STREAM;
	_Alignas(struct cmsghdr) char control[256] = "";
	struct iovec parts[] = {
		{ .iov_base = (char *)text, .iov_len = strlen(text) },
		{ .iov_base = (char *)"\n", .iov_len = stream },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	struct cmsghdr *header = (struct cmsghdr *)control;
	size_t size = count * sizeof(int);

	if (count) {
		message.msg_control = control;
		message.msg_controllen = (socklen_t)CMSG_SPACE(size);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = (socklen_t)CMSG_LEN(size);
		memcpy(CMSG_DATA(header), fds, size);
	}
	assert_int_equal(sendmsg(wire->parent, &message, 0),
			 strlen(text) + stream);
}

void wire_say(struct wire *wire, const char *text)
{
	wire_say_with(wire, text, NULL, 0);
}

void wire_say_bytes(struct wire *wire, const char *bytes, size_t length)
{
	assert_int_equal(send(wire->parent, bytes, length, 0), length);
}

void wire_end(struct wire *wire)
{
	if (wire->parent >= 0)
		close(wire->parent);
	wire->parent = -1;
}

const char *wire_hear(struct wire *wire)
{
	size_t room = sizeof(wire->heard) - 1;
	ssize_t got = recv(wire->parent, wire->heard, room, MSG_DONTWAIT);

	wire->heard[got > 0 ? got : 0] = '\0';
	return wire->heard;
}

const char *wire_error(struct wire *wire, int returned)
{
	if (returned == 0)
		return "";
	return failure_sentence(&wire->why, wire->error, sizeof(wire->error));
}
