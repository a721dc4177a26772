/* image: what is opened was looked at before, and is looked at again */

#include "kernel/image.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/path.h"

int image_open(int root, const char *path, struct failure *why)
{
	struct path_search search = { .root = root, .path = path };
	autoclose int place = path_find(&search, why);
	autoclose int fd = -1;
	struct stat found, opened;

	if (place < 0 || file_look(place, &found, why) < 0)
		return -1;
	if (!S_ISREG(found.st_mode))
		return refused(why, "it is not a regular file");
	/* or a fifo that is there by now, or a lease, would hold us */
	fd = file_open(root, search.resolved, O_RDONLY | O_NONBLOCK |
		       O_NOCTTY | O_NOFOLLOW, why);
	if (fd < 0 || file_look(fd, &opened, why) < 0)
		return -1;
	if (opened.st_ino != found.st_ino || opened.st_dev != found.st_dev)
		return refused(why, "it was exchanged meanwhile");
	return take(&fd);
}
