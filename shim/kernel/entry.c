/* entry: one component, opened without leaving the mount it is in */

#include "kernel/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"
#include "kernel/file.h"
#include "kernel/proc.h"

/*
 * Without openat2(2), that is before Linux 5.6 or under a filter: opened
 * first, and let go of where it turns out to be in another mount.
 */
static int open_and_compare(int dir, const char *name, int flags)
{
	int outer = proc_mount_id(dir);
	/* last, so that errno is its own where it fails */
	autoclose int fd = openat(dir, name, flags);

	if (fd < 0)
		return -1;
	if (outer < 0 || proc_mount_id(fd) != outer) {
		errno = EXDEV;
		return -1;
	}
	return take(&fd);
}

int entry_open(int dir, const char *name, int flags)
{
	int fd = file_try_within(dir, name, flags | O_NOFOLLOW,
				 RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);

	if (fd >= 0 || errno != ENOSYS)
		return fd;
	return open_and_compare(dir, name, flags | O_NOFOLLOW | O_CLOEXEC);
}
