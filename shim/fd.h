/*
 * Descriptors: one owner each, close-on-exec from birth.
 *
 * An owner is declared autoclose, a plain int parameter is borrowed, a
 * returned descriptor is the caller's.
 */

#ifndef FD_H
#define FD_H

#include <errno.h>
#include <unistd.h>

/* An int that owns a descriptor: closed when it leaves scope; -1 is empty. */
#define autoclose __attribute__((cleanup(fd_close)))

static inline void fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

/* Give the descriptor away: "return take(&detached);" leaves it empty. */
static inline int take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
