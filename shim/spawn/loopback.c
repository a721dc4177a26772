/* loopback: a child enters the namespace, since we have to stay outside */

#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"

/* What the child could not do: its exit status, with errno behind it. */
enum step { STEP_DONE, STEP_SETNS, STEP_SOCKET, STEP_IOCTL };

static const char *const step_calls[] = {
	[STEP_SETNS] = "setns", [STEP_SOCKET] = "socket",
	[STEP_IOCTL] = "ioctl",
};

static int namespace_of(pid_t process, const char *name, struct failure *why)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", process, name);
	return file_open(AT_FDCWD, path, O_RDONLY, why);
}

static enum step bring_up(int user, int network)
{
	struct ifreq lo = { .ifr_name = "lo" };
	int any;

	if ((user >= 0 && setns(user, CLONE_NEWUSER) < 0) ||
	    setns(network, CLONE_NEWNET) < 0)
		return STEP_SETNS;
	/* any socket will do, and this one every kernel has */
	any = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (any < 0)
		return STEP_SOCKET;
	if (ioctl(any, SIOCGIFFLAGS, &lo) < 0)
		return STEP_IOCTL;
	lo.ifr_flags |= IFF_UP;
	return ioctl(any, SIOCSIFFLAGS, &lo) < 0 ? STEP_IOCTL : STEP_DONE;
}

/* The child's report: a step and an errno, both small. */
static _Noreturn void report(int to, enum step step)
{
	int said[2] = { (int)step, errno };

	_exit(write(to, said, sizeof(said)) != sizeof(said));
}

int loopback_up(pid_t process, bool in_user, struct failure *why)
{
	autoclose int user = -1, network = -1, reader = -1, writer = -1;
	int ends[2], said[2] = { STEP_SETNS, ECHILD };
	ssize_t got;
	pid_t child;

	attempt(why, NULL, WHOLE, "bring up", "the loopback interface");
	if (in_user && (user = namespace_of(process, "user", why)) < 0)
		return -1;
	if ((network = namespace_of(process, "net", why)) < 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return failed(why, "pipe2");
	reader = ends[0];
	writer = ends[1];
	child = fork();
	if (child < 0)
		return failed(why, "fork");
	if (child == 0)
		report(writer, bring_up(user, network));
	fd_close(&writer);
	while ((got = read(reader, said, sizeof(said))) < 0 && errno == EINTR)
		;
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (got != sizeof(said) || said[0] == STEP_DONE)
		return got == sizeof(said) ? 0 : failed_as(why, "fork", ECHILD);
	return failed_as(why, step_calls[said[0]], said[1]);
}
