/* facilities: system calls that came with newer kernels */

#include "kernel/facilities.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/abi.h"

const struct facility facilities[] = {
	{ "open_tree", NR_OPEN_TREE },
	{ "move_mount", NR_MOVE_MOUNT },
	{ "fsopen", NR_FSOPEN },
	{ "fsconfig", NR_FSCONFIG },
	{ "fsmount", NR_FSMOUNT },
	{ "pidfd_open", NR_PIDFD_OPEN },
	{ "close_range", NR_CLOSE_RANGE },
	{ "openat2", NR_OPENAT2 },
	{ "mount_setattr", NR_MOUNT_SETATTR },
	{ "open_tree_attr", NR_OPEN_TREE_ATTR },
};

const size_t facility_count = sizeof(facilities) / sizeof(facilities[0]);

bool facility_is_there(const struct facility *facility)
{
	/* a bad descriptor, pointer and flags: nothing can come of it */
	if (syscall((long)facility->number, -1, NULL, -1, -1, -1, -1) >= 0)
		return true;
	/*
	 * Without privileges the mount calls say EPERM as well, before they
	 * look at anything; what matters then is that they are there.
	 */
	return errno != ENOSYS && (errno != EPERM || geteuid() != 0);
}
