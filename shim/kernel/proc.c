/* proc: a procfs of our own, and files below it */

#include "kernel/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/abi.h"
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

int proc_open(int outside, struct failure *why)
{
	autorelease int fs = fs_open("proc", why);
	autoclose int proc = -1;

	if (fs >= 0)
		proc = fs_mount(fs, 0, why);
	if (proc >= 0)
		return take(&proc);
	proc = file_open(outside, "proc", O_PATH | O_DIRECTORY | O_NOFOLLOW,
			 why);
	if (proc >= 0 && !proc_is_root(proc))
		return refused(why, "/proc is not the root of a procfs");
	return take(&proc);
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
	fd = file_open_within(proc, path, flags | O_NOFOLLOW, RESOLVE_BENEATH |
			      RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
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
