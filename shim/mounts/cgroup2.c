/* cgroup2: a mount of its own with a cgroup namespace, else the host's */

#include "mounts/cgroup2.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"

int cgroup2_find(const struct scene *scene, const char *path,
		 struct failure *why)
{
	autorelease int fd = file_open(scene->outside->root, path,
				       O_PATH | O_DIRECTORY, why);

	return file_is_of(fd, CGROUP2_SUPER_MAGIC) ? take(&fd) : -1;
}

struct mount cgroup_restrict(const struct mount *m)
{
	struct mount deep = *m;

	deep.all_set |= m->attr_set;
	/*
	 * An atime mode is a field: set, it is cleared first.  Relatime is 0
	 * in it, and what the engines' plans have: no reason to be refused
	 * where the host has another, which a user namespace has to keep.
	 */
	if (m->attr_set & MOUNT_ATTR__ATIME)
		deep.all_clear |= MOUNT_ATTR__ATIME;
	else
		deep.attr_clear &= ~(uint32_t)MOUNT_ATTR__ATIME;
	return deep;
}

/*
 * The host's mount, with all below it: without a cgroup namespace a new one
 * would show the same, and set the options of all others to its own.
 */
static int bind_hosts(const struct mount *m, const struct scene *scene,
		      int destination, struct failure *why)
{
	autorelease int host = cgroup2_find(scene, "sys/fs/cgroup", why);
	autorelease int tree = -1;
	const struct mount deep = cgroup_restrict(m);

	if (m->data && m->data[0])
		return refused(why, "option \"%s\": the host's cgroup2 keeps "
			       "its own", m->data[0]);
	if (host < 0)
		host = cgroup2_find(scene, "sys/fs/cgroup/unified", why);
	if (host < 0)
		return refused(why, "the host has no cgroup2 at "
			       "/sys/fs/cgroup to bind");
	tree = tree_clone(host, "", 0, TREE_WHOLE, why);
	if (tree < 0 || attributes_apply(&deep, tree, why) < 0)
		return -1;
	return mount_attach(tree, destination, why);
}

/*
 * In a user namespace that does not own the cgroup namespace a mount is
 * refused.  The host's then serves, but only to read: it shows more.
 */
static int bind_readonly(const struct mount *m, const struct scene *scene,
			 int destination, struct failure *why)
{
	struct mount readonly = *m;

	readonly.attr_set |= MOUNT_ATTR_RDONLY;
	return bind_hosts(&readonly, scene, destination, why);
}

int mount_cgroup2(const struct mount *m, const struct scene *scene,
		  struct failure *why)
{
	const struct filesystem fs = { .m = m, .type = "cgroup2" };
	autorelease int destination = destination_dir(m, scene, PATH_FOLLOW,
						      why);

	if (destination < 0)
		return -1;
	if (!(scene->plan->namespaces & CLONE_NEWCGROUP))
		return bind_hosts(m, scene, destination, why);
	if (filesystem_mount(&fs, destination, why) == 0)
		return 0;
	/*
	 * Where the host's /sys was bound, its cgroup2 is there already, and
	 * mount(2) does not put the same filesystem on itself.  Attaching does.
	 */
	if (why->error == EBUSY)
		return filesystem_attach(&fs, destination, why);
	return why->error == EPERM ?
	       bind_readonly(m, scene, destination, why) : -1;
}
