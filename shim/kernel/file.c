/* file: opened, looked at and entered, with the reason where that failed */

#include "kernel/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"

/* Where the first number stands for a time of 32 bits: 32-bit machines. */
#ifdef SYS_utimensat_time64
#define NR_UTIMENSAT SYS_utimensat_time64
#else
#define NR_UTIMENSAT SYS_utimensat
#endif

int file_open(int dir, const char *name, int flags, struct failure *why)
{
	int fd = (int)syscall(SYS_openat, dir, name,
			      flags | O_CLOEXEC | O_LARGEFILE);

	return fd < 0 ? failed(why, "openat") : fd;
}

int file_find(int dir, const char *name, struct stat *st, struct failure *why)
{
	autorelease int fd = file_open(dir, name, O_PATH | O_NOFOLLOW, why);

	if (fd < 0 || file_look(fd, st, why) < 0)
		return -1;
	return take(&fd);
}

int file_try_within(int dir, const char *path, int flags, uint64_t resolve)
{
	/* The kernel, or a seccomp filter, was found to lack openat2(2). */
	static bool no_openat2;
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = resolve,
	};
	int fd = -1;

	if (!no_openat2) {
		fd = (int)syscall(NR_OPENAT2, dir, path, &how, sizeof(how));
		/* for what is asked of it here the kernel never says EPERM */
		no_openat2 = fd < 0 && (errno == ENOSYS || errno == EPERM);
	}
	if (no_openat2)
		errno = ENOSYS;
	return fd;
}

/*
 * What struct stat is to libc it is to the kernel, too, on these machines; on
 * others libc translates.
 */
#if defined(__x86_64__) || defined(__aarch64__)
#define stat_at(...) (int)syscall(SYS_newfstatat, __VA_ARGS__)
#define stat_of(...) (int)syscall(SYS_fstat, __VA_ARGS__)
#else
#define stat_at fstatat
#define stat_of fstat
#endif

int file_stat(int dir, const char *path, struct stat *st, int flags)
{
	return stat_at(dir, path, st, flags);
}

int file_may_execute(const char *path)
{
	return (int)syscall(SYS_faccessat, AT_FDCWD, path, X_OK);
}

int file_look(int fd, struct stat *st, struct failure *why)
{
	return stat_of(fd, st) < 0 ? failed(why, "fstat") : 0;
}

ssize_t file_read_link(int dir, const char *name, char *text, size_t size,
		       struct failure *why)
{
	ssize_t length = readlinkat(dir, name, text, size - 1);

	if (length < 0)
		return failed(why, "readlinkat");
	text[length] = '\0';
	return length;
}

bool file_is_of(int fd, unsigned long magic)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == magic;
}

int file_enter(int dir, struct failure *why)
{
	return syscall(SYS_fchdir, dir) < 0 ? failed(why, "fchdir") : 0;
}

int file_control(int fd, int command, int value)
{
	return (int)syscall(SYS_fcntl, fd, command, value);
}

int file_copy(int fd, struct failure *why)
{
	int copy = file_control(fd, F_DUPFD_CLOEXEC, 3);

	return copy < 0 ? failed(why, "fcntl") : copy;
}

int file_set_mode(int dir, const char *name, mode_t mode)
{
	return (int)syscall(SYS_fchmodat, dir, name, mode & 07777);
}

int file_set_times(int dir, const char *name, const struct stat *as)
{
	const struct timespec times[2] = { as->st_atim, as->st_mtim };

	return (int)syscall(NR_UTIMENSAT, dir, name, times,
			    AT_SYMLINK_NOFOLLOW);
}
