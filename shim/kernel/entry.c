/* entry: one component, opened without leaving the mount it is in */

#include "kernel/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"
#include "kernel/file.h"

/* The mount that a descriptor is in: Linux 5.8.  Returns -1 with errno. */
static int mount_id(int fd, uint64_t *id)
{
	struct statx_mount answer;

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_MNT_ID,
		    &answer) < 0)
		return -1;
	if (!(answer.mask & STATX_MNT_ID)) {
		errno = ENOSYS;
		return -1;
	}
	*id = answer.mount_id;
	return 0;
}

/*
 * Without openat2(2), that is before Linux 5.6 or under a filter: opened
 * first, and let go of where it turns out to be in another mount.
 */
static int open_and_compare(int dir, const char *name, int flags)
{
	autoclose int fd = openat(dir, name, flags);
	uint64_t outer, inner;

	if (fd < 0 || mount_id(dir, &outer) < 0 || mount_id(fd, &inner) < 0)
		return -1;
	if (outer != inner) {
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
