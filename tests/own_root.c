/*
 * own_root: before any test runs the signals are at their default, as a daemon
 * has them, and in a chroot "/" becomes the root of a mount namespace.
 *
 * There the kernel makes no user namespaces (current_chrooted), and without a
 * mount at "/" nothing can switch the root.  Linked into every test program.
 */

#include "own_root.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"

/* What "/" is: a directory of a mount, whose id is 0 before Linux 5.8. */
struct place {
	uint64_t mount;
	struct stat dir;
};

static struct place root_place(void)
{
	struct statx_mount st = { .mask = 0 };
	struct place place = { .mount = 0 };

	if (syscall(SYS_statx, AT_FDCWD, "/", 0, STATX_MNT_ID, &st) == 0 &&
	    (st.mask & STATX_MNT_ID))
		place.mount = st.mount_id;
	if (stat("/", &place.dir) < 0)
		perror("own_root");
	return place;
}

/* setns(2) puts our "/" where the namespace has it. */
static int leave_chroot(void)
{
	autoclose int here = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	return here < 0 ? -1 : setns(here, CLONE_NEWNS);
}

static bool is_chrooted(void)
{
	autoclose int root = open("/", O_PATH | O_CLOEXEC);
	struct place ours = root_place(), lowest;

	if (root < 0 || leave_chroot() < 0)
		return false;
	lowest = root_place();
	if (fchdir(root) < 0 || chroot(".") < 0)
		return false;
	return ours.mount != lowest.mount ||
	       ours.dir.st_dev != lowest.dir.st_dev ||
	       ours.dir.st_ino != lowest.dir.st_ino;
}

static int make_root(void)
{
	autoclose int tree = -1;

	if (unshare(CLONE_NEWNS) < 0)
		return -1;
	tree = (int)syscall(NR_OPEN_TREE, AT_FDCWD, "/", OPEN_TREE_CLONE |
			    AT_RECURSIVE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || leave_chroot() < 0 ||
	    mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0)
		return -1;
	if (syscall(NR_MOVE_MOUNT, tree, "", AT_FDCWD, "/",
		    MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -1;
	return fchdir(tree) < 0 || chroot(".") < 0 ? -1 : 0;
}

bool own_root_was_made;

static __attribute__((constructor)) void own_root(void)
{
	char cwd[PATH_MAX];
	int number;

	/* who started us may ignore some, as nohup(1) does */
	for (number = 1; number <= SIGRTMAX; number++)
		signal(number, SIG_DFL);
	if (geteuid() != 0 || !getcwd(cwd, sizeof(cwd)))
		return;
	if (is_chrooted()) {
		if (make_root() < 0)
			perror("own_root");
		own_root_was_made = true;
	}
	if (chdir(cwd) < 0)
		perror("own_root");
}
