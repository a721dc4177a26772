/* fds: what was inherited, made safe in as few system calls as there are */

#include "kernel/fds.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/abi.h"
#include "kernel/file.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

int fds_fill_standard(struct failure *why)
{
	struct pollfd standard[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	int i;

	/* one call instead of three: the closed ones have POLLNVAL */
	if (poll(standard, 3, 0) < 0)
		return failed(why, "poll");
	for (i = 0; i < 3; i++)
		/* the lowest free number is the one wanted */
		if ((standard[i].revents & POLLNVAL) &&
		    syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR) < 0)
			return failed_because(why, "openat", "/dev/null");
	return 0;
}

static int close_on_exec(int fd, struct failure *why)
{
	/* it is the only flag that a descriptor has */
	if (file_control(fd, F_SETFD, FD_CLOEXEC) < 0 && errno != EBADF)
		return failed(why, "fcntl");
	return 0;
}

typedef int fd_step(int fd, struct failure *why);

/* What getdents64(2) tells of a name; musl's is the same, glibc's is not. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* Slow, where the limit is a thousand million as in some containers. */
static int each_number(unsigned first, fd_step *each, struct failure *why)
{
	struct rlimit limit;

	/* the soft one may have been lowered after they were opened */
	if (prlimit(0, RLIMIT_NOFILE, NULL, &limit) < 0)
		return failed(why, "prlimit");
	for (; first < limit.rlim_max && first < INT_MAX; first++)
		if (each((int)first, why) < 0)
			return -1;
	return 0;
}

/*
 * Without close_range(2): Linux 5.9 (CLOSE_RANGE_CLOEXEC 5.11), or a filter
 * that does not know it.  The list of them is asked of procfs, where there is
 * one: poll(2), which tells of many at once, says of an O_PATH one that it is
 * closed.
 */
static int each_listed(unsigned first, fd_step *each, struct failure *why)
{
	autoclose int dir = file_open(AT_FDCWD, "/proc/self/fd", O_RDONLY |
				      O_DIRECTORY, why);
	_Alignas(struct entry) char entries[2048];
	long at, length;

	if (!file_is_of(dir, PROC_SUPER_MAGIC))
		return each_number(first, each, why);
	while ((length = syscall(SYS_getdents64, dir, entries,
				 sizeof(entries))) > 0)
		for (at = 0; at < length; ) {
			const struct entry *entry = (void *)(entries + at);
			unsigned fd = format_number(entry->name);

			if (fd >= first && (int)fd != dir &&
			    each((int)fd, why) < 0)
				return -1;
			at += entry->length;
		}
	return length < 0 ? failed(why, "getdents64") : 0;
}

static int close_now(int fd, struct failure *why)
{
	(void)why;
	close(fd);
	return 0;
}

void fds_close_from(unsigned first)
{
	struct failure none;

	if (syscall(NR_CLOSE_RANGE, first, ~0U, 0) < 0)
		each_listed(first, close_now, &none);
}

void fds_close(unsigned first, unsigned last)
{
	if (first < last && syscall(NR_CLOSE_RANGE, first, last, 0) == 0)
		return;
	for (; first <= last; first++)
		close((int)first);
}

int fds_close_on_exec(unsigned first, struct failure *why)
{
	if (syscall(NR_CLOSE_RANGE, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	return each_listed(first, close_on_exec, why);
}

/*
 * Where vm.memfd_noexec is 2 only a file that can never be executed is made.
 * Linux before 6.3 does not know the flag, EINVAL.
 */
static int make_memfd(void)
{
	int fd = memfd_create("init-shim", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("init-shim", MFD_CLOEXEC);
	return fd;
}

int fds_make_file(const char *text, size_t length, struct failure *why)
{
	autoclose int fd = make_memfd();
	size_t done = 0;

	if (fd < 0)
		return failed(why, "memfd_create");
	while (done < length) {
		/* pwrite leaves the offset, which the reader shares, at 0 */
		ssize_t wrote = pwrite(fd, text + done, length - done,
				       (off_t)done);

		if (wrote < 0 && errno != EINTR)
			return failed(why, "pwrite");
		if (wrote > 0)
			done += (size_t)wrote;
	}
	return take(&fd);
}
