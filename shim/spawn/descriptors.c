/* descriptors: the gaps between those that are kept */

#include "spawn/descriptors.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/abi.h"

static bool close_range_works(unsigned first, unsigned last)
{
	return syscall(NR_CLOSE_RANGE, first, last, 0) == 0;
}

static bool is_kept(int fd, const int *kept, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (kept[i] == fd)
			return true;
	return false;
}

/* <dirent.h> would allocate. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static void close_listed(const char *bytes, long length, int dir,
			 const int *kept, size_t count)
{
	long at = 0;

	while (at < length) {
		const struct entry *entry = (const void *)(bytes + at);
		int fd = 0;
		const char *digit;

		for (digit = entry->name; *digit >= '0' && *digit <= '9';
		     digit++)
			fd = fd * 10 + (*digit - '0');
		if (digit != entry->name && fd != dir &&
		    !is_kept(fd, kept, count))
			close(fd);
		at += entry->length;
	}
}

/* The kernel's own list of them; false: there is no procfs. */
static bool close_by_list(const int *kept, size_t count)
{
	_Alignas(struct entry) char bytes[4096];
	int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long length;

	if (dir < 0)
		return false;
	while ((length = syscall(SYS_getdents64, dir, bytes,
				 sizeof(bytes))) > 0)
		close_listed(bytes, length, dir, kept, count);
	close(dir);
	return length == 0;
}

/* Slow, where the limit is a thousand million as in some containers. */
static void close_by_number(const int *kept, size_t count)
{
	struct rlimit limit = { .rlim_max = INT_MAX };
	int fd;

	getrlimit(RLIMIT_NOFILE, &limit);
	for (fd = 0; fd < INT_MAX && (rlim_t)fd < limit.rlim_max; fd++)
		if (!is_kept(fd, kept, count))
			close(fd);
}

/* Before Linux 5.9, or under a filter that does not know close_range(2). */
static void keep_without_range(const int *kept, size_t count)
{
	if (!close_by_list(kept, count))
		close_by_number(kept, count);
}

void descriptors_keep(const int *kept, size_t count)
{
	unsigned next = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		unsigned end = (unsigned)kept[i];

		if (end > next && !close_range_works(next, end - 1)) {
			keep_without_range(kept, count);
			return;
		}
		next = end + 1;
	}
	if (!close_range_works(next, ~0U))
		keep_without_range(kept, count);
}
