/* run_listener: the container's process state, and the descriptor with it */

#include "run_listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "document.h"
#include "fd.h"
#include "run_state.h"

static int connect_to(const char *path, struct failure *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	autoclose int agent = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return refused(why, "a socket's path is shorter");
	memcpy(address.sun_path, path, strlen(path));
	agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (agent < 0)
		return failed(why, "socket");
	if (connect(agent, (struct sockaddr *)&address, sizeof(address)) < 0)
		return failed(why, "connect");
	return take(&agent);
}

/* runtime.md of the spec: "Container Process State" */
static char *process_state(const struct launch *launch, pid_t pid)
{
	cJSON *all = must(cJSON_CreateObject()), *fds, *state;
	char *text;

	state = run_state(launch, "creating", pid);
	document_copy(all, "ociVersion", document_member(state, "ociVersion"));
	fds = must(cJSON_CreateArray());
	cJSON_AddItemToArray(fds, must(cJSON_CreateString("seccompFd")));
	document_add(all, "fds", fds);
	document_add(all, "pid", document_number(pid));
	if (launch->listener_metadata)
		document_add(all, "metadata",
			     cJSON_CreateString(launch->listener_metadata));
	document_add(all, "state", state);
	text = document_print(all, false);
	cJSON_Delete(all);
	return text;
}

static int send_both(int agent, char *text, int listener, struct failure *why)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = {
		.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(sizeof(int)),
	} };
	struct iovec all = { text, strlen(text) };
	const struct msghdr message = {
		.msg_iov = &all, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control.room),
	};
	ssize_t sent;

	memcpy(CMSG_DATA(&control.head), &listener, sizeof(listener));
	do
		sent = sendmsg(agent, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return failed(why, "sendmsg");
	return (size_t)sent == all.iov_len ? 0 :
	       refused(why, "it took only half of the message");
}

int run_listener_send(const struct launch *launch, int listener, pid_t pid,
		      struct failure *why)
{
	autoclose int agent = -1;
	char *text;
	int done;

	attempt(why, "/process/seccomp/listenerPath", WHOLE,
		"hand the seccomp listener to", launch->listener);
	agent = connect_to(launch->listener, why);
	if (agent < 0)
		return -1;
	text = process_state(launch, pid);
	done = send_both(agent, text, listener, why);
	free(text);
	return done;
}
