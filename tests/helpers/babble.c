/*
 * babble: a shim that says what it is told to
 *
 * It is called as the shim is, and its plan is a script, a line each:
 *
 *	- MESSAGE	say it
 *	+ MESSAGE	with a descriptor
 *	* MESSAGE	with three
 *	? MESSAGE	wait for it, or exit with 3
 *	large		say a message that is larger than there is any
 *	exit N		and without it: end of file, and then wait
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int parent;

static void say(const char *text, size_t length, size_t count)
{
	int fds[3] = { 0, 0, 0 };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(fds))];
	} control = {0};
	struct iovec part = { .iov_base = (char *)text, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (count) {
		message.msg_control = &control;
		message.msg_controllen =
			(socklen_t)CMSG_SPACE(count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len =
			(socklen_t)CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
	}
	if (sendmsg(parent, &message, MSG_NOSIGNAL) < 0)
		exit(2);
}

static void say_large(void)
{
	static char text[60000] = "{\"type\":\"error\",\"message\":\"";
	size_t length = strlen(text);

	memset(text + length, 'x', sizeof(text) - length - 2);
	memcpy(text + sizeof(text) - 2, "\"}", 2);
	say(text, sizeof(text), 0);
}

static void expect(const char *text)
{
	char got[256];
	ssize_t length = recv(parent, got, sizeof(got), 0);

	if (length != (ssize_t)strlen(text) ||
	    memcmp(got, text, (size_t)length) != 0)
		exit(3);
}

static void obey(const char *line)
{
	static const char counts[] = "-+ *";
	const char *count = strchr(counts, *line);

	if (*line == '?')
		expect(line + 2);
	else if (strcmp(line, "large") == 0)
		say_large();
	else if (strncmp(line, "exit ", 5) == 0)
		exit(atoi(line + 5));
	else if (*line && count)
		say(line + 2, strlen(line + 2), (size_t)(count - counts));
}

int main(int argc, char **argv)
{
	static char script[65536];
	char *line;

	(void)argc;
	parent = atoi(argv[2]);
	if (recv(parent, script, sizeof(script) - 1, 0) < 0)
		return 1;
	for (line = strtok(script, "\n"); line; line = strtok(NULL, "\n"))
		obey(line);
	close(parent);
	for (;;)
		pause();
}
