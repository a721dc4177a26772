/* race_ground: two sides for each link, and what must not be found there */

#include "race_ground.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void sweep(const char *path)
{
	struct dirent *entry;
	DIR *dir = opendir(path);

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, "new", 3) == 0 &&
		    unlinkat(dirfd(dir), entry->d_name, 0) < 0)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	if (dir)
		closedir(dir);
}

void race_ground_sweep(void)
{
	static const char *const sides[] = {
		"/race/dir", BOX_OUTSIDE, "/outside",
	};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		snprintf(path, sizeof(path), BOX_ROOTFS "%s", sides[i]);
		sweep(path);
		strcat(path, "/deep");
		sweep(path);
	}
}

char *race_ground_yard(void)
{
	const struct timespec never[2] = { { 0, 0 }, { 0, 0 } };

	/* the racer comes and goes there */
	utimensat(AT_FDCWD, THREATS_YARD, never, 0);
	return box_digest(THREATS_YARD);
}
