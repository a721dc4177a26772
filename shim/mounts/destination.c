/* destination: where a mount goes, and where none may go */

#include "mounts/destination.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fd.h"
#include "format.h"
#include "kernel/proc.h"
#include "plan/guarded.h"

/*
 * resolved has no symlink and no "..", by the kernel's own word or because
 * each component was opened without following: it is where the descriptor
 * is, however the plan or a link of the image spells it.
 */
static int guard(const struct mount *m, const char *resolved, int source,
		 struct failure *why)
{
	enum guarded place;

	if (!resolved[0])
		return refused(why, "the destination is the root itself");
	place = guarded_place(m->destination, resolved);
	if (place == GUARDED_NOT ||
	    (place == GUARDED_ROOT &&
	     (strcmp(m->type, "proc") == 0 || proc_is_root(source))))
		return 0;
	why->hint = "only a proc filesystem on /proc itself, and a few files "
		    "of it, may be mounted over";
	return refused(why, "the destination is %s /proc",
		       place == GUARDED_ROOT ? "on" : "below");
}

int destination_open(const struct mount *m, const struct scene *scene,
		     struct wanted *wanted, struct failure *why)
{
	struct path_search search = {
		.root = scene->inside->root,
		.path = m->destination,
		.parent = scene->parent,
		.links = wanted->links,
		.make = m->flags & MOUNT_REQUIRE ? 0 : wanted->make,
	};
	autorelease int fd = path_find(&search, why);

	if (fd < 0)
		return -1;
	wanted->made = search.made;
	if (guard(m, search.resolved, wanted->source, why) < 0)
		return -1;
	return take(&fd);
}

int destination_dir(const struct mount *m, const struct scene *scene,
		    enum path_links links, struct failure *why)
{
	struct wanted dir = {
		.make = S_IFDIR | 0755,
		.links = links,
		.source = -1,
	};

	return destination_open(m, scene, &dir, why);
}

/* Will an earlier mount of the plan bring this path? */
static bool comes_with_a_mount(const struct plan *plan, size_t index)
{
	const char *path = plan->mounts[index].destination;
	size_t i;

	for (i = 0; i < index; i++) {
		const char *above = plan->mounts[i].destination;
		size_t length = strlen(above);

		if (strncmp(path, above, length) == 0 && path[length] == '/')
			return true;
	}
	return false;
}

int destinations_verify(const struct scene *scene, struct failure *why)
{
	const struct plan *plan = scene->plan;
	char missing[sizeof(why->detail)];
	size_t length = 0;
	size_t i, first = 0;

	for (i = 0; i < plan->mount_count; i++) {
		const struct mount *m = &plan->mounts[i];
		autorelease int fd = -1;

		if (!(m->flags & MOUNT_REQUIRE))
			continue;
		attempt(why, "/mounts", i, "find", m->destination);
		fd = path_open(scene->inside->root, m->destination, 0, why);
		if (fd >= 0)
			continue;
		if (why->error != ENOENT)
			return -1;
		if (comes_with_a_mount(plan, i))
			continue;
		if (!length)
			first = i;
		if (length < sizeof(missing))
			length += (size_t)format_text(missing + length,
						   sizeof(missing) - length,
						   "%s%s", length ? ", " : "",
						   m->destination);
	}
	if (!length)
		return 0;
	attempt(why, "/mounts", first, "find",
		plan->mounts[first].destination);
	return refused(why, "missing in the rootfs: %s", missing);
}
