/* stdstreams: the null devices among the standard streams, opened anew */

#include "stdstreams.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fd.h"

static int is_null(int fd, struct failure *why)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return failed(why, "fstat");
	return S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

static int reopen(int dev, int fd, struct failure *why)
{
	int mode = fcntl(fd, F_GETFL);
	autoclose int null = -1;

	if (mode < 0)
		return failed(why, "fcntl");
	/* the name is one component of our own /dev, and verified once open */
	null = openat(dev, "null", (mode & O_ACCMODE) | O_NOFOLLOW |
		      O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (null < 0)
		return errno == ENOENT ? 0 : failed(why, "openat");
	if (verify_null(null, why) < 0)
		return -1;
	if (fcntl(null, F_SETFL, mode & ~O_NONBLOCK) < 0)
		return failed(why, "fcntl");
	return dup2(null, fd) < 0 ? failed(why, "dup2") : 0;
}

int stdstreams_reopen(const struct inside *inside, struct failure *why)
{
	int fd;

	attempt(why, NULL, WHOLE, "reopen", "/dev/null");
	for (fd = 0; inside->dev >= 0 && fd <= 2; fd++) {
		int null = is_null(fd, why);

		if (null < 0 || (null && reopen(inside->dev, fd, why) < 0))
			return -1;
	}
	return 0;
}
