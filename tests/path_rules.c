/* path_rules: a table of the calls that take paths, and where they may lead */

#include "path_rules.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "kernel/abi.h"

#define NONE -1			/* no such argument */
#define CONFINED (RESOLVE_IN_ROOT | RESOLVE_BENEATH)

enum rule {
	RULE_NAME,		/* one component, of a directory that is held */
	RULE_FIND,		/* the same, "." or nothing; outside, any path */
	RULE_OPEN,		/* the same, and no link where it is a name */
	RULE_CONFINED,		/* any path, by openat2(2) */
	RULE_HERE,		/* "." or nothing */
	RULE_OUTSIDE,		/* any that does not lead into the rootfs */
};

static const struct path_call {
	long number;
	const char *name;
	int dir, path, flags;	/* which argument it is */
	enum rule rule;
} calls[] = {
	{ SYS_openat, "openat", 0, 1, 2, RULE_OPEN },
	{ NR_OPENAT2, "openat2", 0, 1, 2, RULE_CONFINED },
#ifdef SYS_newfstatat
	{ SYS_newfstatat, "newfstatat", 0, 1, NONE, RULE_FIND },
#endif
	{ SYS_statx, "statx", 0, 1, NONE, RULE_FIND },
	{ SYS_faccessat, "faccessat", 0, 1, NONE, RULE_FIND },
	{ SYS_readlinkat, "readlinkat", 0, 1, NONE, RULE_FIND },
	{ SYS_mkdirat, "mkdirat", 0, 1, NONE, RULE_NAME },
	{ SYS_mknodat, "mknodat", 0, 1, NONE, RULE_NAME },
	{ SYS_symlinkat, "symlinkat", 1, 2, NONE, RULE_NAME },
	{ SYS_unlinkat, "unlinkat", 0, 1, NONE, RULE_NAME },
	{ SYS_linkat, "linkat", 2, 3, NONE, RULE_NAME },
	{ SYS_fchownat, "fchownat", 0, 1, NONE, RULE_NAME },
	{ SYS_fchmodat, "fchmodat", 0, 1, NONE, RULE_NAME },
	{ SYS_utimensat, "utimensat", 0, 1, NONE, RULE_NAME },
	{ NR_OPEN_TREE, "open_tree", 0, 1, NONE, RULE_FIND },
	{ NR_OPEN_TREE_ATTR, "open_tree_attr", 0, 1, NONE, RULE_FIND },
	{ NR_MOVE_MOUNT, "move_mount", 0, 1, NONE, RULE_HERE },
	{ NR_MOVE_MOUNT, "move_mount", 2, 3, NONE, RULE_HERE },
	{ NR_MOUNT_SETATTR, "mount_setattr", 0, 1, NONE, RULE_HERE },
	{ SYS_mount, "mount", NONE, 0, NONE, RULE_OUTSIDE },
	{ SYS_mount, "mount", NONE, 1, NONE, RULE_HERE },
	{ SYS_umount2, "umount2", NONE, 0, NONE, RULE_HERE },
	{ SYS_pivot_root, "pivot_root", NONE, 0, NONE, RULE_HERE },
	{ SYS_pivot_root, "pivot_root", NONE, 1, NONE, RULE_HERE },
	{ SYS_chroot, "chroot", NONE, 0, NONE, RULE_HERE },
	{ SYS_chdir, "chdir", NONE, 0, NONE, RULE_HERE },
#ifdef SYS_open
	{ SYS_open, "open", NONE, 0, 1, RULE_NAME },
	{ SYS_creat, "creat", NONE, 0, NONE, RULE_NAME },
	{ SYS_stat, "stat", NONE, 0, NONE, RULE_NAME },
	{ SYS_lstat, "lstat", NONE, 0, NONE, RULE_NAME },
	{ SYS_access, "access", NONE, 0, NONE, RULE_NAME },
	{ SYS_readlink, "readlink", NONE, 0, NONE, RULE_NAME },
	{ SYS_mkdir, "mkdir", NONE, 0, NONE, RULE_NAME },
	{ SYS_mknod, "mknod", NONE, 0, NONE, RULE_NAME },
	{ SYS_symlink, "symlink", NONE, 1, NONE, RULE_NAME },
	{ SYS_unlink, "unlink", NONE, 0, NONE, RULE_NAME },
	{ SYS_rename, "rename", NONE, 1, NONE, RULE_NAME },
	{ SYS_rmdir, "rmdir", NONE, 0, NONE, RULE_NAME },
	{ SYS_link, "link", NONE, 1, NONE, RULE_NAME },
	{ SYS_chmod, "chmod", NONE, 0, NONE, RULE_NAME },
	{ SYS_chown, "chown", NONE, 0, NONE, RULE_NAME },
	{ SYS_lchown, "lchown", NONE, 0, NONE, RULE_NAME },
#endif
};

/* What is known of the process that is looked at; one at a time. */
static struct {
	pid_t pid;
	int outside;		/* the descriptor of "/"; -1: none yet */
	bool holds_rootfs;
	const struct path_call *pending;	/* whose answer is of use */
	bool is_root, is_rootfs;		/* of what it opens */
} shim;

static bool copy(pid_t pid, uint64_t from, void *to, size_t size)
{
	struct iovec local = { to, size };
	struct iovec remote = { (void *)(uintptr_t)from, size };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) > 0;
}

static bool is_name(const char *path)
{
	return *path && !strchr(path, '/') && strcmp(path, "..") != 0;
}

/* A name leads nowhere else when it is no link. */
static bool is_confined(const struct traced_call *call, uint64_t how,
			const char *text)
{
	uint64_t asked[3] = { 0 };

	if (!copy(call->pid, how, asked, sizeof(asked)))
		return false;
	return asked[2] & (is_name(text) ? RESOLVE_NO_SYMLINKS : CONFINED);
}

static bool is_here(const char *path)
{
	return !*path || strcmp(path, ".") == 0;
}

static bool is_into_rootfs(const char *path)
{
	return strncmp(path, BOX_ROOTFS, strlen(BOX_ROOTFS)) == 0;
}

static char *read_of(pid_t pid, const char *file)
{
	char path[64];
	autoclose int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? NULL : box_read_all(fd);
}

/* Is it in a mount that is not attached, where nobody else is? */
static bool is_detached(pid_t pid, int fd)
{
	char name[32], line[32];
	char *info, *table;
	const char *id;
	bool attached;

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	info = read_of(pid, name);
	table = read_of(pid, "mountinfo");
	id = info ? strstr(info, "mnt_id:") : NULL;
	snprintf(line, sizeof(line), "\n%d ", id ? atoi(id + 7) : 0);
	attached = !id || !table || strstr(table, line) ||
		   strncmp(table, line + 1, strlen(line + 1)) == 0;
	free(info);
	free(table);
	return !attached;
}

static bool obeys(const struct traced_call *call, const struct path_call *path,
		  const char *text)
{
	int dir = path->dir == NONE ? AT_FDCWD : (int)call->args[path->dir];
	uint64_t flags = path->flags == NONE ? 0 : call->args[path->flags];
	bool outside = dir >= 0 && dir == shim.outside;

	if (is_into_rootfs(text))
		return false;
	switch (path->rule) {
	case RULE_OUTSIDE:
		return true;
	case RULE_HERE:
		return is_here(text);
	case RULE_NAME:
		return dir >= 0 && (is_name(text) || is_here(text));
	case RULE_CONFINED:
		return dir >= 0 && is_confined(call, call->args[path->flags],
					       text);
	case RULE_OPEN:
		/* O_EXCL follows no link either: open(2) */
		if (dir >= 0 && !outside && !is_here(text) &&
		    !(flags & (O_NOFOLLOW | O_EXCL)))
			return false;
		if ((flags & O_CREAT) && !(dir >= 0 && is_name(text)))
			return false;
		break;
	case RULE_FIND:
		break;
	}
	/* an absolute path of the container's own, when it is executed */
	if (dir == -1 && path->rule == RULE_FIND)
		return true;
	if (strcmp(text, "..") == 0 && is_detached(call->pid, dir))
		return true;
	return dir >= 0 && (outside || is_name(text) || is_here(text));
}

/* Which descriptor is the outside's, and that the rootfs is held. */
static void note_answer(const struct traced_call *call)
{
	if (shim.pending && call->answer >= 0) {
		if (shim.is_root && shim.outside < 0)
			shim.outside = (int)call->answer;
		shim.holds_rootfs |= shim.is_rootfs;
	}
	shim.pending = NULL;
}

static void look_at(const struct traced_call *call,
		    const struct path_call *path, char *finding, size_t size)
{
	char text[4096] = "";

	if (!call->args[path->path] ||
	    !copy(call->pid, call->args[path->path], text, sizeof(text)))
		return;
	text[sizeof(text) - 1] = '\0';
	if (path->number == SYS_openat) {
		shim.pending = path;
		shim.is_root = strcmp(text, "/") == 0;
		shim.is_rootfs = strcmp(text, BOX_ROOTFS) == 0;
	}
	if (shim.holds_rootfs && !*finding && !obeys(call, path, text))
		snprintf(finding, size, "%s(%d, \"%.200s\", %jx)", path->name,
			 path->dir == NONE ? AT_FDCWD :
			 (int)call->args[path->dir], text,
			 path->flags == NONE ? 0 :
			 (uintmax_t)call->args[path->flags]);
}

void path_rules_look(const struct traced_call *call, char *finding,
		     size_t size)
{
	size_t i;

	if (shim.pid != call->pid) {
		memset(&shim, 0, sizeof(shim));
		shim.pid = call->pid;
		shim.outside = -1;
	}
	if (!call->is_entry) {
		note_answer(call);
		return;
	}
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].number == call->number)
			look_at(call, &calls[i], finding, size);
}
