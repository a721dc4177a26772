/* guard: not in the host's own mount namespace */

#include "guard.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/file.h"

int guard_host(const struct plan *plan, struct failure *why)
{
	struct stat first, ours;

	/* musl knows the number of its only thread, which is the process */
	if (!(plan->namespaces & CLONE_NEWNS) || gettid() == 1)
		return 0;
	why->stage = "root";
	attempt(why, "/namespaces", WHOLE, "build a container here", NULL);
	/*
	 * Where PID 1's cannot be seen (another user's, no /proc) we are not
	 * the root of the host, and mount(2) itself is the guard.
	 */
	if (file_stat(AT_FDCWD, "/proc/1/ns/mnt", &first, 0) < 0 ||
	    file_stat(AT_FDCWD, "/proc/self/ns/mnt", &ours, 0) < 0)
		return 0;
	if (first.st_dev != ours.st_dev || first.st_ino != ours.st_ino)
		return 0;
	why->hint = "start it with: unshare --mount --pid --fork init-shim ...";
	return refused(why, "this is the host's own mount namespace, though "
		       "the plan says that it is new");
}
