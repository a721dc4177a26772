/* signal: held, taken, handed on */

#include "kernel/signal.h"

#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/child.h"

int signals_hold(struct signal_mask *before, struct failure *why)
{
	struct signal_mask all;

	memset(&all, ~0, sizeof(all));
	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, before,
		    sizeof(all)) < 0)
		return failed(why, "rt_sigprocmask");
	return signals_reset_actions(UINT64_C(1) << (SIGCHLD - 1), why);
}

void signals_set(const struct signal_mask *mask)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, sizeof(*mask));
}

int signal_next(siginfo_t *info, int64_t milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};
	sigset_t all;
	int signal;

	memset(&all, ~0, sizeof(all));
	signal = sigtimedwait(&all, info, milliseconds < 0 ? NULL : &time);
	return signal < 0 ? 0 : signal;
}

bool signal_take(int signal)
{
	static const struct timespec at_once;
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, signal);
	return sigtimedwait(&one, NULL, &at_once) == signal;
}

int signal_queue(pid_t to, const siginfo_t *info)
{
	return (int)syscall(SYS_rt_sigqueueinfo, to, info->si_signo, info);
}
