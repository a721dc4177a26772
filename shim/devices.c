/* devices: nodes made, or bound where none may be made, and links */

#include "devices.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/path.h"
#include "mounts/mounts.h"

/* Most devices share a directory, which is looked up once. */
struct directory {
	char path[PATH_MAX];
	int fd;			/* owned; -1: none yet */
};

static int directory_enter(struct directory *dir, int root, const char *path,
			   struct failure *why)
{
	if (dir->fd >= 0 && strcmp(dir->path, path) == 0)
		return 0;
	fd_release(&dir->fd);
	format_text(dir->path, sizeof(dir->path), "%s", path);
	dir->fd = path_make_dir(root, path, 0755, why);
	return dir->fd < 0 ? -1 : 0;
}

static bool is_device(const struct stat *st, const struct device *device)
{
	return (st->st_mode & S_IFMT) == device->type &&
	       (device->type == S_IFIFO || st->st_rdev == device->rdev);
}

/* Open what has the name, and see that it is this device and no other. */
static int open_device(int dir, const char *name, const struct device *device,
		       struct failure *why)
{
	struct stat st;
	autorelease int node = file_find(dir, name, &st, why);

	if (node < 0)
		return -1;
	if (is_device(&st, device))
		return take(&node);
	failed_as(why, "mknodat", EEXIST);
	return explained(why, "what is there is not the device of the plan");
}

static int give_away(int dir, const char *name, const struct device *device,
		     struct failure *why)
{
	autorelease int node = -1;

	if (device->uid == 0 && device->gid == 0)
		return 0;
	/* not by name: who may write here could put another in its place */
	node = open_device(dir, name, device, why);
	if (node < 0)
		return -1;
	if (fchownat(node, "", device->uid, device->gid, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno == EINVAL)
		why->hint = "uid or gid is not mapped in this user namespace";
	return failed(why, "fchownat");
}

int place_open(int dir, const char *name, struct failure *why)
{
	autorelease int place = -1;
	struct stat st;

	if (mknodat(dir, name, S_IFREG | 0666, 0) < 0 && errno != EEXIST)
		return failed(why, "mknodat");
	place = file_find(dir, name, &st, why);
	if (place < 0)
		return -1;
	if (!S_ISLNK(st.st_mode) && !S_ISDIR(st.st_mode))
		return take(&place);
	failed_as(why, "move_mount", EEXIST);
	return explained(why, "a link or a directory is in its place");
}

/* In a user namespace no node can be made: the host's is bound. */
static int bind_device(int dir, const char *name, const struct device *device,
		       const struct outside *outside, struct failure *why)
{
	autorelease int tree = tree_clone(outside->root, device->path + 1, 0,
					TREE_ONE, why);
	autorelease int place = -1;
	struct stat st;

	if (tree < 0)
		return explained(why, "the host's %s", device->path);
	if (file_look(tree, &st, why) < 0)
		return -1;
	if (!is_device(&st, device))
		return refused(why, "the host's %s is not the device of the "
			       "plan", device->path);
	place = place_open(dir, name, why);
	return place < 0 ? -1 : mount_attach(tree, place, why);
}

static int make_device(int dir, const char *name, const struct device *device,
		       const struct plan *plan, const struct outside *outside,
		       struct failure *why)
{
	bool bound = (plan->namespaces & CLONE_NEWUSER) &&
		     device->type != S_IFIFO;
	autorelease int there = -1;

	if (bound)
		return bind_device(dir, name, device, outside, why);
	if (mknodat(dir, name, device->type | device->mode, device->rdev) == 0)
		return give_away(dir, name, device, why);
	if (errno == EPERM && device->type != S_IFIFO &&
	    plan->rootfs.how != SWITCH_CHROOT)
		return bind_device(dir, name, device, outside, why);
	if (errno != EEXIST)
		return failed(why, "mknodat");
	there = open_device(dir, name, device, why);
	return there < 0 ? -1 : 0;
}

static int make_all(const struct plan *plan, const struct outside *outside,
		    struct directory *dir, int root, struct failure *why)
{
	char parent[PATH_MAX];
	size_t i;

	for (i = 0; i < plan->device_count; i++) {
		const struct device *device = &plan->devices[i];
		const char *name;

		attempt(why, "/devices", i, "make the device", device->path);
		name = path_split(device->path, parent);
		if (!name)
			return refused(why, "the path has no name");
		if (directory_enter(dir, root, parent, why) < 0 ||
		    make_device(dir->fd, name, device, plan, outside, why) < 0)
			return -1;
	}
	return 0;
}

enum link_policy {
	LINK_KEEP,		/* what is there must be the same link */
	LINK_REPLACE,		/* what is there, but a directory, goes */
};

/* Bounded, or who makes and removes it in turns could hold us. */
#define LINK_TRIES 50

/* Another shim may be at work in the same rootfs: what it did is done. */
static int make_link(int dir, const char *name, const char *text,
		     enum link_policy policy, struct failure *why)
{
	char there[64];
	int tries = LINK_TRIES;

	while (symlinkat(text, dir, name) < 0) {
		if (errno != EEXIST || --tries == 0)
			return failed(why, "symlinkat");
		if (file_read_link(dir, name, there, sizeof(there),
				   why) >= 0) {
			if (strcmp(there, text) == 0)
				return 0;
		} else if (why->error == ENOENT) {
			continue;
		}
		if (policy == LINK_KEEP) {
			failed_as(why, "symlinkat", EEXIST);
			return explained(why, "what is there is not a link "
					 "to %s", text);
		}
		if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
			return failed(why, "unlinkat");
	}
	return 0;
}

static const struct {
	char path[12];
	char text[16];
	enum link_policy policy;
} links[] = {
	{ "/dev/ptmx", "pts/ptmx", LINK_REPLACE },
	{ "/dev/fd", "/proc/self/fd", LINK_KEEP },
	{ "/dev/stdin", "/proc/self/fd/0", LINK_KEEP },
	{ "/dev/stdout", "/proc/self/fd/1", LINK_KEEP },
	{ "/dev/stderr", "/proc/self/fd/2", LINK_KEEP },
	{ "/dev/core", "/proc/kcore", LINK_KEEP },
};

static int make_links(const struct outside *outside, int dev,
		      struct failure *why)
{
	struct stat kcore;
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		const char *name = links[i].path + strlen("/dev/");

		if (strcmp(name, "core") == 0 &&
		    file_stat(outside->root, "proc/kcore", &kcore, 0) < 0)
			continue;
		attempt(why, NULL, WHOLE, "link", links[i].path);
		if (make_link(dev, name, links[i].text,
			      links[i].policy, why) < 0)
			return -1;
	}
	return 0;
}

static bool is_bound(const struct mount *on_dev)
{
	return on_dev && (on_dev->flags & MOUNT_BIND);
}

bool devices_make_null(const struct plan *plan)
{
	size_t i;

	if (is_bound(mounts_on_dev(plan)))
		return false;
	for (i = 0; i < plan->device_count; i++)
		if (strcmp(plan->devices[i].path, "/dev/null") == 0)
			return plan->devices[i].type == S_IFCHR &&
			       plan->devices[i].rdev == makedev(1, 3);
	return false;
}

/*
 * To mask files with: the container's own null device, or the one outside,
 * which can be cloned no more once the switch has let go of it.
 */
static int find_null(const struct plan *plan, const struct outside *outside,
		     struct inside *inside, struct failure *why)
{
	if (!plan->masked_paths.count)
		return 0;
	attempt(why, NULL, WHOLE, "prepare to mask files with", "/dev/null");
	if (devices_make_null(plan)) {
		inside->null = null_open(inside->dev, "null",
					 O_PATH | O_NOFOLLOW, why);
	} else {
		inside->null = tree_clone(outside->null, "", 0, TREE_ONE, why);
		inside->null_is_detached = true;
	}
	return inside->null < 0 ? -1 : 0;
}

int devices_make(const struct plan *plan, const struct outside *outside,
		 struct inside *inside, struct failure *why)
{
	struct directory dir = { .fd = -1 };

	why->stage = "devices";
	if (is_bound(mounts_on_dev(plan)))
		return find_null(plan, outside, inside, why);
	if (make_all(plan, outside, &dir, inside->root, why) < 0)
		goto fail;
	attempt(why, NULL, WHOLE, "open", "/dev");
	if (directory_enter(&dir, inside->root, "/dev", why) < 0 ||
	    make_links(outside, dir.fd, why) < 0)
		goto fail;
	inside->dev = take(&dir.fd);
	return find_null(plan, outside, inside, why);
fail:
	fd_release(&dir.fd);
	return -1;
}
