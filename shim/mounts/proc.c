/* proc: fresh, without a label, on a real directory reached without links */

#include <errno.h>

#include "fd.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

int mount_proc(const struct mount *m, const struct scene *scene,
	       struct failure *why)
{
	const struct filesystem fs = { .m = m };
	autorelease int destination = destination_dir(m, scene, PATH_NO_LINKS,
						      why);

	if (destination < 0)
		return -1;
	if (filesystem_mount(&fs, destination, why) == 0)
		return 0;
	/* never a bind of another procfs: it would show another's processes */
	if (why->error == EPERM)
		why->hint = "in a user namespace the kernel gives a procfs "
			    "only with a pid namespace of its own, and where "
			    "nothing covers parts of the one outside";
	return -1;
}
