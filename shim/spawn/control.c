/* control: packets of one struct, and what their failures mean */

#include "spawn/control.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/child.h"
#include "spawn/packet.h"

void control_say(int socket, const struct control *control, int fd)
{
	struct failure untold = {0};

	packet_send(socket, control, sizeof(*control), fd, &untold);
}

int control_hear(int socket, long long deadline, struct control *control,
		 int *fd)
{
	ssize_t got;

	*fd = -1;
	if (!packet_wait(socket, deadline)) {
		errno = ETIMEDOUT;
		return -1;
	}
	got = packet_receive(socket, control, sizeof(*control), fd);
	if (got < 0)
		return -1;
	return got == sizeof(*control);
}

static const struct {
	const char *step;
	const char *operation;
} steps[] = {
	[STEP_ENTER_CGROUP] = { "enter a cgroup", "write" },
	[STEP_JOIN] = { "join a namespace", "setns" },
	[STEP_MAKE_USER] = { "make the user namespace", "unshare" },
	[STEP_BECOME_ROOT] = { "become root in the user namespace",
			       "setresuid" },
	[STEP_MAKE_TIME] = { "make the time namespace", "unshare" },
	[STEP_OPEN_OFFSETS] = { "set the clocks of the time namespace",
				"open" },
	[STEP_SET_OFFSETS] = { "set the clocks of the time namespace",
			       "write" },
	[STEP_CLONE] = { "make the namespaces", "clone3" },
	[STEP_MAKE_CGROUP] = { "make the cgroup namespace", "unshare" },
	[STEP_PLACE] = { "hand on the descriptors", "dup2" },
	[STEP_EXECUTE] = { "execute the shim", "execveat" },
};

int control_failure(const struct control *control, struct failure *why)
{
	attempt(why, NULL, WHOLE, steps[control->step].step, NULL);
	return failed_as(why, steps[control->step].operation, control->error);
}
