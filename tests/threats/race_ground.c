/* race_ground: two sides for each link, and what must not be found there */

#include "race_ground.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Four directories and files, and again below "deep". */
static void populate(struct box *box, const char *dir, const char *text)
{
	static const char *const below[] = { "", "/deep" };
	char path[256];
	size_t i;
	int n;

	for (i = 0; i < 2; i++) {
		for (n = 0; n < 4; n++) {
			snprintf(path, sizeof(path), "%s%s/t%d", dir,
				 below[i], n);
			box_dir(box, path, 0755);
			snprintf(path, sizeof(path), "%s%s/f%d", dir,
				 below[i], n);
			box_file(box, path, text);
		}
	}
}

void race_ground_make(struct box *box)
{
	populate(box, BOX_OUTSIDE, "outside");
	box_file(box, BOX_OUTSIDE "/ptmx", "");
	populate(box, THREATS_YARD, "outside");
	populate(box, "/race/dir", "inside");
	box_dir(box, "/race/dir/below", 0755);
	box_file(box, "/race/dir/last", "inside");
	box_symlink(box, "/race/absolute", BOX_OUTSIDE);
	box_symlink(box, "/race/relative", "../../outside");
	box_symlink(box, "/race/to-file", BOX_OUTSIDE "/file");
	box_symlink(box, "/race/to-dir", BOX_OUTSIDE "/dir");
	box_node(box, "/race/fifo", S_IFIFO | 0644, 0);
	box_symlink(box, "/dev", "race/dir");
	/* where the links lead to inside: "/tmp" of a box is that outside */
	populate(box, "/." BOX_OUTSIDE, "inside");
	box_dir(box, "/." BOX_OUTSIDE "/dir", 0755);
	populate(box, "/outside", "inside");
}

char *race_ground_yard(void)
{
	const struct timespec never[2] = { { 0, 0 }, { 0, 0 } };

	/* the racer comes and goes there */
	utimensat(AT_FDCWD, THREATS_YARD, never, 0);
	return box_digest(THREATS_YARD);
}
