/* floor: mount(2), and its successors */

#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/abi.h"

#define LEFT_OPEN 48
#define HIDDEN_NULL (MS_RDONLY | MS_NOSUID | MS_NOEXEC)

static int open_inside(int root, const char *at)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};

	return (int)syscall(NR_OPENAT2, root, at, &how, sizeof(how));
}

/*
 * mount(2)
 */

static void old_mount(const struct filesystem *fs)
{
	mount(fs->source, fs->at, fs->type, fs->flags, fs->data);
}

static void old_bind(const char *source, const char *at)
{
	mount(source, at, NULL, MS_BIND, NULL);
}

static void old_bind_inside(const char *source, int root, const char *at)
{
	int fd = open_inside(root, at);

	fchdir(fd);
	mount(source, ".", NULL, MS_BIND, NULL);
	close(fd);
}

/* With the flags again that procfs has, or they would be taken away. */
static void old_make_readonly(const char *at)
{
	if (mount(at, at, NULL, MS_BIND | MS_REC, NULL) == 0)
		mount(NULL, at, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY |
		      MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static void old_cover(struct cover *cover, const char *at)
{
	if (cover->directory && !cover->at) {
		if (mount("tmpfs", at, "tmpfs", MS_RDONLY, NULL) == 0)
			cover->at = at;
	} else if (cover->directory) {
		mount(cover->at, at, NULL, MS_BIND, NULL);
	} else if (mount("/dev/null", at, NULL, MS_BIND, NULL) == 0) {
		mount(NULL, at, NULL, MS_REMOUNT | MS_BIND | HIDDEN_NULL,
		      NULL);
	}
}

/*
 * Its successors
 */

static uint64_t attributes(unsigned long flags)
{
	/* the lowest four are the same in both */
	return (flags & 15) |
	       (flags & MS_STRICTATIME ? MOUNT_ATTR_STRICTATIME : 0);
}

static int open_tree(const char *path, unsigned flags)
{
	return (int)syscall(NR_OPEN_TREE, AT_FDCWD, path,
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

static int open_tree_with(const char *path, unsigned flags, uint64_t attrs)
{
	struct mount_attr attr = { .attr_set = attrs };
	int tree = (int)syscall(NR_OPEN_TREE_ATTR, AT_FDCWD, path,
				OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags,
				&attr, sizeof(attr));

	if (tree >= 0 || errno != ENOSYS)
		return tree;
	/* before Linux 6.15 */
	tree = open_tree(path, flags);
	if (tree >= 0)
		syscall(NR_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH |
			(flags & AT_RECURSIVE), &attr, sizeof(attr));
	return tree;
}

static int move_mount(int tree, const char *at)
{
	return (int)syscall(NR_MOVE_MOUNT, tree, "", AT_FDCWD, at,
			    MOVE_MOUNT_F_EMPTY_PATH);
}

static void set(int fs, const char *key, const char *value)
{
	syscall(NR_FSCONFIG, fs, value ? FSCONFIG_SET_STRING :
		FSCONFIG_SET_FLAG, key, value, 0);
}

static void set_all(int fs, const char *data)
{
	char options[64], *option, *value, *rest = options;

	strcpy(options, data ? data : "");
	while ((option = strsep(&rest, ",")) && *option) {
		value = strchr(option, '=');
		if (value)
			*value++ = '\0';
		set(fs, option, value);
	}
}

/* The few of the default plan are cheapest closed together, by execve(2). */
static void leave(int fd)
{
	if (fd >= LEFT_OPEN)
		close(fd);
}

static int make(const char *type, const char *source, const char *data,
		unsigned long flags)
{
	int fs = (int)syscall(NR_FSOPEN, type, FSOPEN_CLOEXEC);
	int tree;

	set(fs, "source", source);
	if (flags & MS_RDONLY)
		set(fs, "ro", NULL);
	set_all(fs, data);
	syscall(NR_FSCONFIG, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	tree = (int)syscall(NR_FSMOUNT, fs, FSMOUNT_CLOEXEC,
			    attributes(flags));
	leave(fs);
	return tree;
}

static void new_mount(const struct filesystem *fs)
{
	int tree = make(fs->type, fs->source, fs->data, fs->flags);

	move_mount(tree, fs->at);
	leave(tree);
}

static void new_bind(const char *source, const char *at)
{
	int tree = open_tree(source, 0);

	move_mount(tree, at);
	close(tree);
}

static void new_bind_inside(const char *source, int root, const char *at)
{
	int fd = open_inside(root, at);
	int tree = open_tree(source, 0);

	syscall(NR_MOVE_MOUNT, tree, "", fd, "", MOVE_MOUNT_F_EMPTY_PATH |
		MOVE_MOUNT_T_EMPTY_PATH);
	close(tree);
	close(fd);
}

static void new_make_readonly(const char *at)
{
	int tree = open_tree_with(at, AT_RECURSIVE, MOUNT_ATTR_RDONLY);

	if (tree < 0)
		return;
	move_mount(tree, at);
	leave(tree);
}

static int make_cover(const struct cover *cover)
{
	if (cover->first >= 0)
		return (int)syscall(NR_OPEN_TREE, cover->first, "",
				    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				    AT_EMPTY_PATH);
	if (cover->directory)
		return make("tmpfs", "tmpfs", NULL, MS_RDONLY);
	return open_tree_with("/dev/null", 0, attributes(HIDDEN_NULL));
}

/*
 * A look before, for a detached mount that finds no place is expensive: its
 * end waits until no CPU can see it any more.
 */
static void new_cover(struct cover *cover, const char *at)
{
	int tree;

	if (access(at, F_OK) < 0)
		return;
	tree = make_cover(cover);
	move_mount(tree, at);
	if (cover->first < 0)
		cover->first = tree;
	else
		leave(tree);
}

static const struct api apis[] = {
	{ "mount", old_mount, old_bind, old_bind_inside, old_make_readonly,
	  old_cover },
	{ "new", new_mount, new_bind, new_bind_inside, new_make_readonly,
	  new_cover },
};

const struct api *api_of(const char *name)
{
	const struct api *api = apis;

	while (strcmp(api->name, name) != 0)
		api++;
	return api;
}
