/* proc: fresh, without a label, on a real directory reached without links */

#include <errno.h>
#include <string.h>

#include "fd.h"
#include "format.h"
#include "kernel/mountinfo.h"
#include "kernel/proc.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"

/*
 * The kernel shows no more of a procfs than is seen outside; what hides parts
 * of that stands in the table of mounts.
 */
static void name_covers(struct failure *why)
{
	struct failure other;
	int proc = proc_trusted(&other);
	struct mountinfo_line line;
	struct text table;
	char covers[sizeof(why->detail)];
	size_t length = 0;
	char *cursor;

	if (proc < 0 || mountinfo_read(&table, proc, &other) < 0)
		return;
	cursor = table.bytes;
	while (mountinfo_next(&cursor, &line))
		if (strncmp(line.point, "/proc/", 6) == 0 &&
		    length < sizeof(covers))
			length += format_text(covers + length,
					      sizeof(covers) - length, "%s%s",
					      length ? ", " : "", line.point);
	if (length)
		explained(why, "covered outside: %s", covers);
	text_free(&table);
}

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
	if (why->error != EPERM)
		return -1;
	name_covers(why);
	why->hint = "in a user namespace the kernel gives a procfs "
		    "only with a pid namespace of its own, and where nothing "
		    "covers parts of the one outside";
	return -1;
}
