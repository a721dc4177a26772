/* userns: a child makes it, for only who is new may be the first in it */

#include "kernel/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/child.h"
#include "kernel/file.h"
#include "kernel/proc.h"

#define NAME_ROOM 64		/* "self", or a process's number, and a file */

/*
 * The last step is a magic link and so is followed, in a directory that was
 * reached without any.
 */
static int open_of(int proc, const char *process, struct failure *why)
{
	char path[NAME_ROOM];
	autoclose int dir = -1;

	format_text(path, sizeof(path), "%s/ns", process);
	dir = proc_open_file(proc, path, O_RDONLY | O_DIRECTORY, why);
	return dir < 0 ? -1 : file_open(dir, "user", O_RDONLY, why);
}

int userns_own(int proc, struct failure *why)
{
	return open_of(proc, "self", why);
}

/*
 * In the child: make it, say the number that the procfs knows us by, and stay
 * until the parent has what it wants, or is gone.
 */
static _Noreturn void hold(int proc, int parent)
{
	struct failure why;
	char number[NAME_ROOM];
	ssize_t length;

	if (unshare(CLONE_NEWUSER) < 0)
		_exit(errno);
	length = file_read_link(proc, "self", number, sizeof(number), &why);
	if (length < 0 || write(parent, number, (size_t)length) < 0)
		_exit(errno);
	while (read(parent, number, sizeof(number)) > 0)
		;
	_exit(0);
}

static int map(int proc, const char *process, const char *file,
	       const char *lines, struct failure *why)
{
	char path[NAME_ROOM];

	format_text(path, sizeof(path), "%s/%s", process, file);
	if (proc_write(proc, path, lines, why) == 0)
		return 0;
	return explained(why, "%s", file);
}

int userns_make(int proc, const char *uid_map, const char *gid_map,
		struct failure *why)
{
	autoclose int userns = -1;
	char process[NAME_ROOM / 2];
	ssize_t length;
	int ends[2], status = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return failed(why, "socketpair");
	child = child_fork();
	if (child == 0) {
		close(ends[0]);
		hold(proc, ends[1]);
	}
	close(ends[1]);
	if (child < 0)
		failed(why, "fork");
	length = read(ends[0], process, sizeof(process) - 1);
	if (length > 0) {
		process[length] = '\0';
		if (map(proc, process, "uid_map", uid_map, why) == 0 &&
		    map(proc, process, "gid_map", gid_map, why) == 0)
			userns = open_of(proc, process, why);
	}
	close(ends[0]);
	if (child > 0 && waitpid(child, &status, 0) == child && length <= 0)
		failed_as(why, "unshare", WEXITSTATUS(status));
	return take(&userns);
}
