/* stdstreams: the null devices among 0-2, opened anew */

#include "stdstreams.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"

/* The new ones by access mode: O_RDONLY, O_WRONLY, O_RDWR; -1: not yet. */
struct nulls {
	int by_mode[3];
};

/* The name is one component of our own /dev, and verified once it is open. */
static int open_null(int dev, int mode, struct failure *why)
{
	autoclose int null = null_open(dev, "null",
				       mode | O_NOFOLLOW | O_NONBLOCK, why);

	if (null >= 0 && file_control(null, F_SETFL, mode) < 0)
		return failed(why, "fcntl");
	return take(&null);
}

static int reopen(struct nulls *nulls, int dev, int fd, struct failure *why)
{
	int mode = file_control(fd, F_GETFL, 0);
	int *null;

	if (mode < 0)
		return failed(why, "fcntl");
	mode &= O_ACCMODE & ~O_PATH;
	null = &nulls->by_mode[mode % 3];
	if (*null < 0)
		*null = open_null(dev, mode, why);
	if (*null < 0)
		return why->error == ENOENT ? 0 : -1;
	return dup2(*null, fd) < 0 ? failed(why, "dup2") : 0;
}

int stdstreams_reopen(const struct inside *inside, struct failure *why)
{
	struct nulls nulls = { { -1, -1, -1 } };
	int done = 0;
	int fd;

	attempt(why, NULL, WHOLE, "reopen", "/dev/null");
	for (fd = 0; done == 0 && inside->dev >= 0 && fd <= 2; fd++) {
		struct stat st;

		done = file_look(fd, &st, why);
		if (done == 0 && is_null(&st))
			done = reopen(&nulls, inside->dev, fd, why);
	}
	for (fd = 0; fd < 3; fd++)
		fd_release(&nulls.by_mode[fd]);
	return done;
}
