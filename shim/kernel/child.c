/* child: pidfd_open(2), and the signals that a C library hides */

#include "kernel/child.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/abi.h"

int child_pidfd(pid_t child)
{
	return (int)syscall(NR_PIDFD_OPEN, child, 0);
}

void signals_reset(void)
{
	/* struct sigaction as the kernel has it: SIG_DFL, no flags, no mask */
	static const unsigned long none[8];
	int signal;

	/*
	 * By number, since a C library keeps its own signals (32 to 34) from
	 * sigaction(3).  SIGKILL and SIGSTOP refuse, EINVAL.
	 */
	for (signal = 1; signal < _NSIG; signal++)
		syscall(SYS_rt_sigaction, signal, none, NULL, _NSIG / 8);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, _NSIG / 8);
}
