/* fd: descriptors that close themselves */

#include "fd.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "kernel/fds.h"

#define ASIDE_MAX 40		/* put aside at most: descriptors stay O(1) */
#define ASIDE_BITS 64

/*
 * Bit n: descriptor n is done with, and still open.  A queue before the
 * kernel, like the buffer of a stream; execve(2) closes what is left in it.
 */
static uint64_t aside;

/* The lowest run of neighbours, and its end. */
static unsigned run_of(uint64_t set, unsigned *end)
{
	unsigned first = (unsigned)__builtin_ctzll(set);
	uint64_t above = ~(set >> first);

	*end = first + (above ? (unsigned)__builtin_ctzll(above) : ASIDE_BITS);
	return first;
}

void fd_close_aside(void)
{
	while (aside) {
		unsigned end, first = run_of(aside, &end);

		fds_close(first, end - 1);
		aside &= end < ASIDE_BITS ? ~(uint64_t)0 << end : 0;
	}
}

void fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

void fd_release(int *fd)
{
	int saved = errno;

	if (*fd < 0 || *fd >= ASIDE_BITS) {
		fd_close(fd);
		return;
	}
	aside |= (uint64_t)1 << *fd;
	*fd = -1;
	if (__builtin_popcountll(aside) >= ASIDE_MAX)
		fd_close_aside();
	errno = saved;
}

int take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}
