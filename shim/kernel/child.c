/* child: pidfd_open(2), and the signals that a C library hides */

#include "kernel/child.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/abi.h"

int child_pidfd(pid_t child)
{
	return (int)syscall(NR_PIDFD_OPEN, child, 0);
}

int signals_reset(uint64_t which, struct failure *why)
{
	/* all zero is SIG_DFL, however an architecture orders the struct */
	static const unsigned long none[8];

	/* by number: a C library keeps its own (32 to 34) from sigaction(3) */
	for (; which; which &= which - 1)
		if (syscall(SYS_rt_sigaction, __builtin_ctzll(which) + 1, none,
			    NULL, _NSIG / 8) < 0 && errno != EINVAL)
			return failed(why, "rt_sigaction");
	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL,
		    _NSIG / 8) < 0)
		return failed(why, "rt_sigprocmask");
	return 0;
}
