/* hostproc: proc and sysfs of the host put out of reach, for "move" */

#include "hostproc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>

#include "arena.h"
#include "fd.h"
#include "kernel/file.h"
#include "kernel/mountinfo.h"
#include "kernel/proc.h"

struct line_list {
	struct arena memory;
	struct mountinfo_line *items;
	size_t count;
};

static int read_lines(struct line_list *lines, struct text *table,
		      int proc, struct failure *why)
{
	struct mountinfo_line line;
	char *cursor;
	size_t room = 0;

	if (mountinfo_read(table, proc, why) < 0)
		return -1;
	for (cursor = table->bytes; *cursor; cursor++)
		room += *cursor == '\n';
	lines->items = arena_array(&lines->memory, room, sizeof(line));
	if (!lines->items)
		return failed(why, "mmap");
	cursor = table->bytes;
	while (mountinfo_next(&cursor, &line))
		lines->items[lines->count++] = line;
	return 0;
}

static const struct mountinfo_line *parent_of(const struct line_list *lines,
					      const struct mountinfo_line *of)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (lines->items[i].id == of->parent && &lines->items[i] != of)
			return &lines->items[i];
	return NULL;
}

/* By the chain of parents, not by its path: a path proves nothing. */
static bool is_below(const struct line_list *lines,
		     const struct mountinfo_line *line, int rootfs)
{
	size_t steps = lines->count;

	for (; line && steps-- > 0; line = parent_of(lines, line))
		if (line->id == rootfs)
			return true;
	return false;
}

static int cover(const struct mountinfo_line *line, struct failure *why)
{
	if (mount("tmpfs", line->point, "tmpfs",
		  MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return 0;
	/* one file of it, which a tmpfs cannot cover, makes nobody a procfs */
	return errno == ENOTDIR ? 0 : failed(why, "mount");
}

/*
 * What lies on it goes first, known by the mount's id: of the host's tree
 * nothing is needed any more.
 */
static int hide(const struct mountinfo_line *line, int proc,
		struct failure *why)
{
	int id;

	attempt(why, "/rootfs/switch", WHOLE, "hide the host's", line->point);
	do {
		autoclose int there = file_open(AT_FDCWD, line->point,
						O_PATH | O_NOFOLLOW, why);

		/* a parent that went took it along */
		if (there < 0)
			return errno == ENOENT ? 0 : -1;
		id = proc_mount_id(proc, there);
		if (id < 0)
			return failed(why, "statx");
		if (umount2(line->point, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
			continue;
		/* locked together with others (EINVAL), or not ours (EPERM) */
		if (errno != EPERM && errno != EINVAL)
			return failed(why, "umount2");
		return id == line->id ? cover(line, why) : 0;
	} while (id != line->id);
	return 0;
}

static int hide_all(const struct line_list *lines, int proc, int rootfs,
		    struct failure *why)
{
	size_t i = lines->count;

	/* what is mounted later may lie on what was mounted before */
	while (i-- > 0) {
		const struct mountinfo_line *line = &lines->items[i];

		if ((strcmp(line->type, "proc") == 0 ||
		     strcmp(line->type, "sysfs") == 0) &&
		    !is_below(lines, line, rootfs) &&
		    hide(line, proc, why) < 0)
			return -1;
	}
	return 0;
}

int hostproc_hide(const struct outside *outside, const struct inside *inside,
		  struct failure *why)
{
	struct text table = { .bytes = NULL };
	struct line_list lines = { .count = 0 };
	int rootfs = proc_mount_id(outside->proc, inside->root);
	int done = -1;

	if (rootfs < 0)
		return failed(why, "statx");
	if (read_lines(&lines, &table, outside->proc, why) == 0)
		done = hide_all(&lines, outside->proc, rootfs, why);
	arena_free(&lines.memory);
	text_free(&table);
	return done;
}
