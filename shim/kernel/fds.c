/* fds: what was inherited, made safe in as few system calls as there are */

#include "kernel/fds.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
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
	if (file_control(fd, F_SETFD, FD_CLOEXEC) < 0)
		return failed(why, "fcntl");
	return 0;
}

/* At most so many at once: the least that RLIMIT_NOFILE usually is. */
#define BATCH 256

/* Those of count descriptors from first on that are open, each one. */
static int each_of_batch(int first, nfds_t count,
			 int (*each)(int fd, struct failure *why),
			 struct failure *why)
{
	struct pollfd fds[BATCH];
	nfds_t i;

	for (i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = first + (int)i };
	if (poll(fds, count, 0) < 0)
		return failed(why, "poll");
	for (i = 0; i < count; i++)
		if (!(fds[i].revents & POLLNVAL) &&
		    each(fds[i].fd, why) < 0)
			return -1;
	return 0;
}

/*
 * Without close_range(2): Linux 5.9 (CLOSE_RANGE_CLOEXEC 5.11), or a filter
 * that does not know it.  Asks poll(2), which says of many descriptors at
 * once whether they are open, up to the hard limit: the soft one may have been
 * lowered after they were opened.
 */
static int one_by_one(unsigned first, int (*each)(int fd, struct failure *why),
		      struct failure *why)
{
	struct rlimit limit;
	unsigned end, step;

	if (prlimit(0, RLIMIT_NOFILE, NULL, &limit) < 0)
		return failed(why, "prlimit");
	end = limit.rlim_max < INT_MAX - BATCH ? (unsigned)limit.rlim_max
					       : INT_MAX - BATCH;
	/* poll(2) takes no more than the soft limit */
	step = limit.rlim_cur < BATCH ? (unsigned)limit.rlim_cur : BATCH;
	for (; step && first < end; first += step)
		if (each_of_batch((int)first, step, each, why) < 0)
			return -1;
	return 0;
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
		one_by_one(first, close_now, &none);
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
	return one_by_one(first, close_on_exec, why);
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
