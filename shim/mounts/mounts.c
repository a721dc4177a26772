/* mounts: the walk over the plan's mounts, and the table of their kinds */

#include "mounts/mounts.h"

#include <string.h>

#include "commands.h"
#include "kernel/abi.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/kind.h"
#include "sync/sync.h"

/* A new kind is a file and a row; what has no row is any other filesystem. */
static const struct {
	char type[8];		/* as in the plan */
	mount_kind *mount;
} kinds[] = {
	{ "bind", mount_bind },
	{ "cgroup", mount_cgroup },
	{ "cgroup2", mount_cgroup2 },
	{ "mqueue", mount_mqueue },
	{ "proc", mount_proc },
	{ "sysfs", mount_sysfs },
	{ "tmpfs", mount_tmpfs },
};

static mount_kind *kind_of(const struct mount *m)
{
	size_t i;

	if (m->flags & MOUNT_REMOUNT)
		return mount_remount;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].type, m->type) == 0)
			return kinds[i].mount;
	return mount_other;
}

static int run_all(const struct commands *commands, size_t mount,
		   const struct scene *scene, const struct sync *parent,
		   struct failure *why)
{
	int null = scene->outside->null;
	size_t i;

	/* they may mount something over it */
	path_parent_forget(scene->parent);
	for (i = 0; i < commands->count; i++) {
		const struct command *command = &commands->items[i];

		attempt(why, "/mounts", mount, "run", command->path);
		if (command_run(command, NULL, null, parent->fd, why) < 0)
			return -1;
	}
	return 0;
}

static bool is_on_dev(const struct mount *m)
{
	return path_compare(m->destination, "dev") == PATH_SAME;
}

bool mount_is_readonly_dev(const struct mount *m)
{
	return (attributes_of(m) & MOUNT_ATTR_RDONLY) &&
	       !(m->flags & MOUNT_BIND) && is_on_dev(m);
}

/* A /dev becomes read-only at the very end: finalize.c. */
static const struct mount *as_made(const struct mount *m,
				   struct mount *writable)
{
	const uint32_t readonly = MOUNT_ATTR_RDONLY;

	if (!mount_is_readonly_dev(m) || (m->flags & MOUNT_REMOUNT))
		return m;
	*writable = *m;
	writable->attr_set &= ~readonly;
	writable->all_set &= ~readonly;
	return writable;
}

static int attach_one(size_t index, const struct scene *scene,
		      const struct sync *parent, struct failure *why)
{
	const struct mount *m = &scene->plan->mounts[index];
	struct mount writable;

	if (m->extra && run_all(&m->extra->pre, index, scene, parent, why) < 0)
		return -1;
	attempt(why, "/mounts", index, "mount", m->destination);
	if (kind_of(m)(as_made(m, &writable), scene, why) < 0)
		return -1;
	if (m->extra && run_all(&m->extra->post, index, scene, parent, why) < 0)
		return -1;
	return 0;
}

int mounts_attach(const struct plan *plan, const struct outside *outside,
		  const struct inside *inside, struct sync *parent,
		  struct failure *why)
{
	struct path_parent parent_of_last = { .known = false };
	const struct scene scene = { plan, outside, inside, &parent_of_last };
	size_t i;

	why->stage = "mounts";
	if (destinations_verify(&scene, why) < 0)
		return -1;
	for (i = 0; i < plan->mount_count; i++)
		if (attach_one(i, &scene, parent, why) < 0 ||
		    (plan->sync.progress &&
		     sync_progress(parent, "mounts", i + 1, plan->mount_count,
				   why) < 0))
			return -1;
	path_parent_forget(&parent_of_last);
	return 0;
}

const struct mount *mounts_on_dev(const struct plan *plan)
{
	size_t i = plan->mount_count;

	while (i-- > 0)
		if (is_on_dev(&plan->mounts[i]))
			return &plan->mounts[i];
	return NULL;
}
