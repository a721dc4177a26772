/* proc: a procfs of our own, and files below it */

#include "kernel/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/abi.h"
#include "kernel/entry.h"
#include "kernel/file.h"
#include "kernel/mount.h"

#define PROC_ROOT_INO 1		/* of every procfs; an overmount has another */

bool proc_is_root(int fd)
{
	struct stat root;

	return file_is_of(fd, PROC_SUPER_MAGIC) &&
	       file_stat(fd, "", &root, AT_EMPTY_PATH) == 0 &&
	       root.st_ino == PROC_ROOT_INO;
}

static int open_hosts(struct failure *why)
{
	autoclose int proc = file_open(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY |
				       O_NOFOLLOW, why);

	if (proc >= 0 && !proc_is_root(proc))
		return refused(why, "/proc is not the root of a procfs");
	return take(&proc);
}

static int open_own(struct failure *why)
{
	autorelease int fs = fs_open("proc", why);

	return fs < 0 ? -1 : fs_mount_detached(fs, 0, why);
}

int proc_trusted(struct failure *why)
{
	static int proc = -1;

	if (proc < 0)
		proc = open_own(why);
	if (proc < 0)
		proc = open_hosts(why);
	return proc;
}

/* fdinfo, for Linux before 5.8, whose statx(2) does not tell. */
static int id_by_fdinfo(int fd)
{
	struct failure nobody;
	char name[48], text[512];
	autoclose int info = -1;
	const char *id;
	ssize_t length;

	format_text(name, sizeof(name), "self/fdinfo/%d", fd);
	info = openat(proc_trusted(&nobody), name, O_RDONLY | O_CLOEXEC);
	if (info < 0 || !file_is_of(info, PROC_SUPER_MAGIC) ||
	    (length = read(info, text, sizeof(text) - 1)) < 0)
		return -1;
	text[length] = '\0';
	id = proc_value(text, "mnt_id:\t");
	return id ? (int)format_number(id) : -1;
}

int proc_mount_id(int fd)
{
	struct statx_mount answer;

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_MNT_ID,
		    &answer) == 0 && (answer.mask & STATX_MNT_ID))
		return (int)answer.mount_id;
	return id_by_fdinfo(fd);
}

/*
 * Without openat2(2), Linux 5.6: a component at a time, none of them a
 * symlink, each in the mount of the one before.
 */
static int walk_within(int proc, const char *path, int flags)
{
	autoclose int at = file_control(proc, F_DUPFD_CLOEXEC, 3);
	char name[NAME_MAX + 1];

	while (at >= 0 && *path) {
		size_t length = strcspn(path, "/");
		bool last = !path[length];
		int next;

		format_text(name, sizeof(name), "%.*s", (int)length, path);
		/* what lies over it is not waited for: it may be a fifo */
		next = entry_open(at, name, last ? flags | O_NONBLOCK :
						   O_PATH | O_DIRECTORY);
		fd_close(&at);
		at = next;
		path += length + !last;
	}
	return take(&at);
}

/*
 * The link "self" has the number that we go by in this instance, which is of
 * its pid namespace and may be another than getpid(2) knows.
 */
static int name_self(int proc, const char *file, char *path, size_t size,
		     struct failure *why)
{
	char pid[16];

	if (file_read_link(proc, "self", pid, sizeof(pid), why) < 0)
		return -1;
	format_text(path, size, "%s/%s", pid, file);
	return 0;
}

int proc_open_file(int proc, const char *path, int flags, struct failure *why)
{
	char own[256];
	int fd;

	if (strncmp(path, "self/", 5) == 0) {
		if (name_self(proc, path + 5, own, sizeof(own), why) < 0)
			return -1;
		path = own;
	}
	fd = file_try_within(proc, path, flags | O_NOFOLLOW, RESOLVE_BENEATH |
			     RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
	if (fd < 0 && errno == ENOSYS)
		fd = walk_within(proc, path, flags);
	return fd < 0 ? failed(why, "openat2") : fd;
}

int proc_write(int proc, const char *path, const char *value,
	       struct failure *why)
{
	autoclose int fd = proc_open_file(proc, path, O_WRONLY, why);
	size_t length = strlen(value);
	ssize_t wrote;

	if (fd < 0)
		return -1;
	wrote = write(fd, value, length);
	if (wrote < 0)
		return failed(why, "write");
	if ((size_t)wrote != length)
		return failed_as(why, "write", EIO);
	return 0;
}

const char *proc_value(const char *text, const char *key)
{
	size_t length = strlen(key);
	const char *end;

	for (; (end = strchr(text, '\n')); text = end + 1)
		if (strncmp(text, key, length) == 0)
			return text + length;
	return NULL;
}

ssize_t proc_read(int proc, const char *path, char *text, size_t size,
		  struct failure *why)
{
	autoclose int fd = proc_open_file(proc, path, O_RDONLY, why);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	if (length < 0)
		return failed(why, "read");
	text[length] = '\0';
	return length;
}
