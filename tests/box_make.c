/* box: what a test puts into the rootfs, and outside */

#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"

/* Stop the test where what it prepares cannot be made. */
#define must(call) check((call) >= 0, #call, path)

static void check(bool worked, const char *call, const char *path)
{
	if (!worked)
		fail_msg("box: %s: %s: %s", path, call, strerror(errno));
}

static bool is_outside(const char *path)
{
	return strncmp(path, "/tmp", 4) == 0 && strchr("/", path[4]);
}

int box_open_path(struct box *box, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT,
	};
	char name[64] = "/";
	autoclose int root = -1;
	int fd;

	if (box->skip)
		box_skip(box->skip);
	if (box->pid && !is_outside(path))
		snprintf(name, sizeof(name), "/proc/%d/root", box->pid);
	else if (!is_outside(path))
		snprintf(name, sizeof(name), BOX_ROOTFS);
	root = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	/* EAGAIN: something was renamed while there was a ".." on the way */
	do
		fd = (int)syscall(NR_OPENAT2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	return fd;
}

static void give(struct box *box, int dir, const char *name, const char *path)
{
	must(fchownat(dir, name, box->owner, box->owner,
		      AT_SYMLINK_NOFOLLOW));
}

static int open_parent(struct box *box, const char *path, const char **name);

/* A directory, made where it is missing. */
static int open_dir(struct box *box, const char *path)
{
	autoclose int parent = -1;
	const char *name;
	int dir = box_open_path(box, path, O_PATH | O_DIRECTORY);

	if (dir < 0 && errno == ENOENT) {
		parent = open_parent(box, path, &name);
		must(mkdirat(parent, name, 0755));
		give(box, parent, name, path);
		dir = openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	must(dir);
	return dir;
}

/* That of the last component, whose name is the other answer. */
static int open_parent(struct box *box, const char *path, const char **name)
{
	char parent[4096];
	int length;

	*name = strrchr(path, '/') + 1;
	length = (int)(*name - path);
	snprintf(parent, sizeof(parent), "%.*s", length > 1 ? length - 1 : 1,
		 path);
	return open_dir(box, parent);
}

void box_dir(struct box *box, const char *path, mode_t mode)
{
	const char *name;
	autoclose int dir = open_parent(box, path, &name);

	if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
		must(-1);
	give(box, dir, name, path);
	must(fchmodat(dir, name, mode, 0));
}

void box_file(struct box *box, const char *path, const char *text)
{
	const char *name;
	autoclose int dir = open_parent(box, path, &name);
	autoclose int file = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC |
				    O_NOFOLLOW | O_CLOEXEC, 0644);

	must(file);
	must(write(file, text, strlen(text)));
	give(box, dir, name, path);
}

void box_symlink(struct box *box, const char *path, const char *text)
{
	const char *name;
	autoclose int dir = open_parent(box, path, &name);

	must(symlinkat(text, dir, name));
	give(box, dir, name, path);
}

void box_node(struct box *box, const char *path, mode_t mode, dev_t device)
{
	const char *name;
	autoclose int dir = open_parent(box, path, &name);

	must(mknodat(dir, name, mode, device));
	give(box, dir, name, path);
}

void box_chmod(struct box *box, const char *path, mode_t mode)
{
	const char *name;
	autoclose int dir = open_parent(box, path, &name);

	must(fchmodat(dir, name, mode, 0));
}

void box_chown(struct box *box, const char *path, uid_t uid, gid_t gid)
{
	const char *name;
	autoclose int dir = open_parent(box, path, &name);

	must(fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW));
}

void box_program(struct box *box, const char *name)
{
	autoclose int from = openat(box->helpers, name, O_RDONLY | O_CLOEXEC);
	char path[256], bytes[65536];
	ssize_t length;
	int to;

	snprintf(path, sizeof(path), "/bin/%s", name);
	must(from);
	box_file(box, path, "");
	box_chmod(box, path, 0755);
	must(to = box_open_path(box, path, O_WRONLY | O_TRUNC));
	while ((length = read(from, bytes, sizeof(bytes))) > 0)
		must(write(to, bytes, (size_t)length));
	close(to);
}

void box_mount(struct box *box, const char *source, const char *path,
	       const char *type, unsigned long flags, const char *data)
{
	char where[64];
	autoclose int there = box_open_path(box, path, O_PATH);

	must(there);
	snprintf(where, sizeof(where), "/proc/self/fd/%d", there);
	must(mount(source, where, type, flags, data));
	if (box->mounts) {
		free(box->mounts);
		box->mounts = strdup(box_mountinfo(box, 0));
	}
}
