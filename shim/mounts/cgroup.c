/* cgroup: the hierarchies of v1 in one tmpfs, or cgroup2 where there is none */

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "mounts/cgroup2.h"
#include "mounts/destination.h"
#include "mounts/filesystem.h"
#include "mounts/hierarchies.h"
#include "mounts/kind.h"

/* What the OCI runtimes give these, whether the plan names it or not. */
#define DEFAULT_ATTRS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | \
		       MOUNT_ATTR_NOEXEC)

static uint32_t attrs_of(const struct mount *m)
{
	return (DEFAULT_ATTRS & ~(m->attr_clear | m->all_clear)) |
	       m->attr_set | m->all_set;
}

/* The detached mounts that will be attached. */
static int make_mounts(struct hierarchies *all, const struct mount *m,
		       const struct scene *scene, struct failure *why)
{
	const struct mount deep = cgroup_restrict(m);

	if (scene->plan->namespaces & CLONE_NEWCGROUP)
		return hierarchies_make(all, attrs_of(m), why);
	return hierarchies_bind(all, &deep, why);
}

/* "cpu" and "cpuacct" lead to "cpu,cpuacct", for those who look for one. */
static int link_merged(int dir, const char *name, struct failure *why)
{
	const char *controller = name;

	if (!strchr(name, ','))
		return 0;
	while (*controller) {
		size_t length = strcspn(controller, ",");
		char link[256];

		format_text(link, sizeof(link), "%.*s", (int)length, controller);
		if (symlinkat(name, dir, link) < 0)
			return failed_because(why, "symlinkat", "%s", link);
		controller += length + (controller[length] == ',');
	}
	return 0;
}

static int make_places(int dir, const struct hierarchies *all,
		       struct failure *why)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		const char *name = hierarchy_name(&all->list[i]);

		if (all->list[i].mount < 0)
			continue;
		if (mkdirat(dir, name, 0755) < 0)
			return failed_because(why, "mkdirat", "%s", name);
		if (link_merged(dir, name, why) < 0)
			return -1;
	}
	return 0;
}

/*
 * mode= is what the mount table tells, as with runc; the mode itself is that
 * of the directory below, as every tmpfs has it.
 */
static int make_tmpfs(const struct mount *m, const struct scene *scene,
		      int destination, struct failure *why)
{
	const struct mount writable = {
		.type = "tmpfs",
		.source = "tmpfs",
		.attr_set = attrs_of(m) & ~(uint32_t)MOUNT_ATTR_RDONLY,
		.propagation = m->propagation,
	};
	const struct filesystem fs = {
		.m = &writable,
		.more = "mode=755",
		.label = scene->plan->mount_label,
	};
	autoclose int dir = filesystem_make(&fs, why);
	struct stat covered;

	if (dir < 0)
		return -1;
	if (file_look(destination, &covered, why) < 0)
		return -1;
	if (file_set_mode(dir, ".", covered.st_mode) < 0)
		return failed(why, "fchmodat");
	return take(&dir);
}

static int attach_all(int dir, const struct hierarchies *all,
		      struct failure *why)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		const struct hierarchy *hierarchy = &all->list[i];
		const char *name = hierarchy_name(hierarchy);
		autoclose int place = -1;

		if (hierarchy->mount < 0)
			continue;
		place = file_open(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW,
				  why);
		if (place < 0 || mount_attach(hierarchy->mount, place, why) < 0)
			return explained(why, "%s", name);
	}
	return 0;
}

/*
 * Each mount is complete, read-only where that is asked for, before anybody
 * sees it: to mount on the tmpfs's directories needs no writing.  They are
 * made in the order in which they are attached, for the mount table has the
 * order in which they were made (Linux 6.8).
 */
static int mount_all(const struct mount *m, const struct scene *scene,
		     struct hierarchies *all, struct failure *why)
{
	const uint32_t readonly = attrs_of(m) & MOUNT_ATTR_RDONLY;
	autoclose int destination = destination_dir(m, scene, PATH_FOLLOW, why);
	autoclose int dir = -1;

	if (destination < 0)
		return -1;
	dir = make_tmpfs(m, scene, destination, why);
	if (dir < 0 || make_mounts(all, m, scene, why) < 0 ||
	    make_places(dir, all, why) < 0)
		return -1;
	if (readonly && mount_restrict(dir, TREE_ONE, readonly, why) < 0)
		return -1;
	if (mount_attach(dir, destination, why) < 0)
		return -1;
	return attach_all(dir, all, why);
}

/* Without a hierarchy, and without /sys/fs/cgroup, a host may be of v2 too. */
static int mount_hierarchies(const struct mount *m, const struct scene *scene,
			     struct failure *why)
{
	autoclose_hierarchies struct hierarchies all;

	if (hierarchies_read(&all, scene->outside, why) < 0)
		return -1;
	if (!all.count)
		return mount_cgroup2(m, scene, why);
	if (m->data && m->data[0])
		return refused(why, "option \"%s\": cgroup v1 takes none",
			       m->data[0]);
	return mount_all(m, scene, &all, why);
}

/* Most hosts of today are of cgroup2 only, and one statfs(2) tells. */
int mount_cgroup(const struct mount *m, const struct scene *scene,
		 struct failure *why)
{
	autoclose int unified = cgroup2_find(scene, "sys/fs/cgroup", why);

	if (unified >= 0)
		return mount_cgroup2(m, scene, why);
	return mount_hierarchies(m, scene, why);
}
