/* maps: uid_map and gid_map, and who may write them */

#include "spawn/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "spawn/program.h"

/* "4294967295 4294967295 4294967295\n" */
#define LINE_ROOM 36

struct map {
	const char *file;	/* "uid_map" */
	const char *helper;	/* "newuidmap" */
	const struct init_shim_map *ranges;
	size_t count;
	bool own;		/* nothing but the caller's own id */
};

static int open_file(pid_t pid, const char *name, int flags,
		     struct failure *why)
{
	char path[64];
	int fd;

	format_text(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0 && errno == EACCES)
		why->hint = "a process that has changed its user is nobody's "
			    "until it executes something: PR_SET_DUMPABLE of "
			    "prctl(2)";
	return fd < 0 ? failed_because(why, "open", "%s", path) : fd;
}

/* The kernel takes it in one write(2), or not at all. */
static int write_file(pid_t pid, const char *name, const char *text,
		      struct failure *why)
{
	autoclose int fd = open_file(pid, name, O_WRONLY, why);

	if (fd < 0)
		return -1;
	if (write(fd, text, strlen(text)) < 0)
		return failed_because(why, "write", "/proc/%d/%s", pid, name);
	return 0;
}

/* The lines of the file; free(3). */
static char *map_text(const struct map *map)
{
	size_t size = map->count * LINE_ROOM + 1, length = 0, i;
	char *text = calloc(1, size);

	for (i = 0; text && i < map->count; i++)
		length += format_text(text + length, size - length,
				      "%u %u %u\n", map->ranges[i].inside,
				      map->ranges[i].outside,
				      map->ranges[i].count);
	return text;
}

static int write_directly(pid_t pid, const struct map *map,
			  struct failure *why)
{
	char *text = map_text(map);
	int result = text ? write_file(pid, map->file, text, why)
			  : failed(why, "calloc");

	free(text);
	return result;
}

/* "newuidmap PID INSIDE OUTSIDE COUNT..." */
static int write_by_helper(pid_t pid, const struct map *map, int64_t deadline,
			   struct failure *why)
{
	size_t count = 2 + 3 * map->count + 1, i;
	char **args = calloc(count, sizeof(*args));
	char (*numbers)[12] = calloc(count, sizeof(*numbers));
	int result;

	if (!args || !numbers) {
		result = failed(why, "calloc");
	} else {
		args[0] = (char *)map->helper;
		format_text(numbers[1], sizeof(*numbers), "%d", pid);
		for (i = 0; i < map->count; i++) {
			const struct init_shim_map *range = &map->ranges[i];
			char (*at)[12] = &numbers[2 + 3 * i];

			format_text(at[0], sizeof(*at), "%u", range->inside);
			format_text(at[1], sizeof(*at), "%u", range->outside);
			format_text(at[2], sizeof(*at), "%u", range->count);
		}
		for (i = 1; i + 1 < count; i++)
			args[i] = numbers[i];
		result = program_run(args, deadline, why);
	}
	free(args);
	free(numbers);
	return result;
}

static int write_map(pid_t pid, const struct map *map, int64_t deadline,
		     struct failure *why)
{
	if (write_directly(pid, map, why) == 0)
		return 0;
	if (why->error != EPERM || map->own)
		return -1;
	return write_by_helper(pid, map, deadline, why);
}

static bool is_own(const struct map *map, uint32_t id)
{
	return map->count == 1 && map->ranges[0].count == 1 &&
	       map->ranges[0].outside == id;
}

/*
 * An ordinary user may map the own group only once nobody can drop groups
 * there, for to lose one can be to gain a right (CVE-2014-8989).
 */
static int write_gids(pid_t pid, const struct map *map, int64_t deadline,
		      struct failure *why)
{
	if (write_map(pid, map, deadline, why) == 0)
		return 0;
	if (why->error != EPERM || !map->own)
		return -1;
	if (write_file(pid, "setgroups", "deny", why) < 0)
		return -1;
	return write_directly(pid, map, why);
}

int maps_write(pid_t pid, const struct init_shim_how *how, int64_t deadline,
	       struct failure *why)
{
	const struct init_shim_map own_uid = { 0, geteuid(), 1 };
	const struct init_shim_map own_gid = { 0, getegid(), 1 };
	struct map uids = { .file = "uid_map", .helper = "newuidmap" };
	struct map gids = { .file = "gid_map", .helper = "newgidmap" };

	uids.ranges = how->uid_map_count ? how->uid_maps : &own_uid;
	uids.count = how->uid_map_count ? how->uid_map_count : 1;
	uids.own = is_own(&uids, own_uid.outside);
	gids.ranges = how->gid_map_count ? how->gid_maps : &own_gid;
	gids.count = how->gid_map_count ? how->gid_map_count : 1;
	gids.own = is_own(&gids, own_gid.outside);

	attempt(why, NULL, WHOLE, "map the users of the user namespace", NULL);
	if (write_map(pid, &uids, deadline, why) < 0)
		return -1;
	attempt(why, NULL, WHOLE, "map the groups of the user namespace",
		NULL);
	return write_gids(pid, &gids, deadline, why);
}
