/* idmap: the maps as lines, and the kernel's reasons in words */

#include "mounts/idmap.h"

#include <errno.h>

#include "fd.h"
#include "format.h"
#include "kernel/mount.h"
#include "kernel/userns.h"

/* The kernel takes less than a page: user_namespaces(7). */
#define MAP_ROOM 4096

static void write_map(char *text, const struct id_map *map, size_t count)
{
	size_t length = 0, i;

	for (i = 0; i < count && length < MAP_ROOM; i++)
		length += format_text(text + length, MAP_ROOM - length,
				      "%u %u %u\n", map[i].container_id,
				      map[i].host_id, map[i].size);
}

static int make(const struct mount_extra *extra, int proc,
		struct failure *why)
{
	char uids[MAP_ROOM], gids[MAP_ROOM];
	int userns;

	write_map(uids, extra->uid_map, extra->uid_map_count);
	write_map(gids, extra->gid_map, extra->gid_map_count);
	userns = userns_make(proc, uids, gids, why);
	/* EACCES: we are not dumpable, and so is who holds it: proc(5) */
	if (userns < 0 && (why->error == EPERM || why->error == EACCES))
		why->hint = "each hostID must be an id of the user namespace "
			    "that the shim is in, and it needs CAP_SETUID, "
			    "CAP_SETGID, CAP_SETFCAP and CAP_SYS_PTRACE there";
	return userns;
}

static int refused_by_kernel(struct failure *why)
{
	switch (why->error) {
	case ENOSYS:
		why->hint = "ids are mapped by mount_setattr(2), Linux 5.12, "
			    "and by nothing else";
		break;
	case EINVAL:
		why->hint = "this filesystem has no mapped ids in this "
			    "kernel, or has those of this user namespace";
		break;
	case EPERM:
		why->hint = "its ids are mapped already, or the filesystem "
			    "belongs to another user namespace: then the "
			    "parent has to map them, and pass the mount as "
			    "sourceFd";
		break;
	}
	return explained(why, "idmap");
}

int idmap_apply(const struct mount *m, const struct scene *scene, int tree,
		struct failure *why)
{
	int proc = scene->outside->proc;
	autoclose int userns = m->extra && m->extra->uid_map_count ?
			       make(m->extra, proc, why) :
			       userns_own(proc, why);
	const struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)userns,
	};

	if (userns < 0)
		return -1;
	if (mount_change(tree, m->flags & MOUNT_IDMAP_RECURSIVE ? TREE_WHOLE :
			       TREE_ONE, &attr, why) < 0)
		return refused_by_kernel(why);
	return 0;
}
