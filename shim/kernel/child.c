/* child: of processes, what a C library hides or wraps */

#include "kernel/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/abi.h"

/* Where the first number stands for a time of 32 bits: 32-bit machines. */
#ifdef SYS_clock_gettime64
#define NR_CLOCK_GETTIME SYS_clock_gettime64
#else
#define NR_CLOCK_GETTIME SYS_clock_gettime
#endif

pid_t child_fork(void)
{
	/* newer architectures have clone(2) alone, with the flags first */
#ifdef SYS_fork
	return (pid_t)syscall(SYS_fork);
#else
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

int child_pipe(int ends[2])
{
	return (int)syscall(SYS_pipe2, ends, O_CLOEXEC);
}

int child_pidfd(pid_t child)
{
	return (int)syscall(NR_PIDFD_OPEN, child, 0);
}

/* More than the frames of clone(2) itself take. */
#define CLONE_FRAMES 1024

/*
 * Not by vfork(2), which is fork(2) to musl on most architectures.  The stack
 * of the child is what is free of ours: we use none until it has let go.
 */
pid_t child_start(int (*begin)(void *), void *what)
{
	char *free = __builtin_frame_address(0);

	return clone(begin, free - CLONE_FRAMES,
		     CLONE_VM | CLONE_VFORK | SIGCHLD, what);
}

int child_signal(int pidfd, pid_t child, int signal)
{
	return pidfd < 0 ? kill(child, signal) :
	       (int)syscall(NR_PIDFD_SEND_SIGNAL, pidfd, signal, NULL, 0);
}

/* All zero is SIG_DFL, and an empty set, in whichever order a struct is. */
static const unsigned long none[8];

int signals_reset_actions(uint64_t which, struct failure *why)
{
	/* by number: a C library keeps its own (32 to 34) from sigaction(3) */
	for (; which; which &= which - 1)
		if (syscall(SYS_rt_sigaction, __builtin_ctzll(which) + 1, none,
			    NULL, _NSIG / 8) < 0 && errno != EINVAL)
			return failed(why, "rt_sigaction");
	return 0;
}

int signals_reset(uint64_t which, struct failure *why)
{
	if (signals_reset_actions(which, why) < 0)
		return -1;
	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL,
		    _NSIG / 8) < 0)
		return failed(why, "rt_sigprocmask");
	return 0;
}

void signals_block_pipe(void)
{
	/* a call's own SIGPIPE goes to its thread: blocked will do */
	const unsigned long mask[_NSIG / 8 / sizeof(long)] = {
		1UL << (SIGPIPE - 1),
	};

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, mask, NULL, _NSIG / 8);
}

ssize_t parent_receive(int socket, struct msghdr *message, int flags)
{
	return syscall(SYS_recvmsg, socket, message, flags);
}

ssize_t parent_send(int socket, const struct msghdr *message, int flags)
{
	return syscall(SYS_sendmsg, socket, message, flags);
}

int64_t clock_milliseconds(void)
{
	struct timespec time;

	syscall(NR_CLOCK_GETTIME, CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
