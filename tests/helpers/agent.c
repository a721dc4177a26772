/*
 * agent SOCKET: answers one call of a seccomp listener that it is handed, with
 * "No locks available", and prints the message that came with it.
 */

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* <linux/seccomp.h>, which musl's include path does not reach */
struct call {
	uint64_t id;
	uint32_t pid;
	uint32_t flags;
	uint8_t data[64];
};

struct answer {
	uint64_t id;
	int64_t value;
	int32_t error;
	uint32_t flags;
};

/* musl has the request as an int */
#define RECEIVE (int)_IOWR('!', 0, struct call)
#define SEND (int)_IOWR('!', 1, struct answer)

static int receive(int from)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char text[8192];
	struct iovec all = { text, sizeof(text) - 1 };
	struct msghdr message = {
		.msg_iov = &all, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t got = recvmsg(from, &message, 0);
	int fd;

	if (got <= 0 || message.msg_controllen < sizeof(control.head))
		return -1;
	text[got] = '\0';
	puts(text);
	fflush(stdout);
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
	return fd;
}

static int answer(int listener)
{
	struct call call = {0};
	struct answer no = { .error = -ENOLCK };

	if (ioctl(listener, RECEIVE, &call) < 0)
		return -1;
	no.id = call.id;
	return ioctl(listener, SEND, &no);
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int at = socket(AF_UNIX, SOCK_STREAM, 0), listener;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]));
	if (bind(at, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(at, 1) < 0)
		return 1;
	listener = receive(accept(at, NULL, NULL));
	return listener < 0 || answer(listener) < 0;
}
