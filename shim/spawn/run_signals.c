/* run_signals: a pipe that handlers write to, and one that they close */

#include "run_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "kernel/child.h"

static int arrived_end = -1;
static volatile sig_atomic_t cancelled_end = -1;

/* SIGTSTP and its like stop us, and say nothing to the container. */
static const int passed_on[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT,
	SIGPWR, SIGIO, SIGURG, SIGVTALRM, SIGPROF,
};

bool is_fatal(int signal)
{
	return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT ||
	       signal == SIGTERM || signal == RUN_ALARM;
}

static void on_signal(int signal)
{
	int saved = errno;
	unsigned char byte = (unsigned char)signal;

	/* a full pipe has enough to tell */
	if (write(arrived_end, &byte, 1) < 0)
		errno = saved;
	if (is_fatal(signal) && cancelled_end >= 0) {
		close(cancelled_end);
		cancelled_end = -1;
	}
	errno = saved;
}

static int catch(int signal, struct failure *why)
{
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = SA_RESTART,
	}, before;

	/* one handler at a time, so that the end is closed once */
	sigfillset(&action.sa_mask);
	if (sigaction(signal, NULL, &before) < 0)
		return failed(why, "sigaction");
	if (before.sa_handler == SIG_IGN && signal != RUN_ALARM)
		return 0;
	return sigaction(signal, &action, NULL) < 0 ?
	       failed(why, "sigaction") : 0;
}

static int catch_all(struct failure *why)
{
	size_t i;
	int signal;

	for (i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		if (catch(passed_on[i], why) < 0)
			return -1;
	for (signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
		if (catch(signal, why) < 0)
			return -1;
	return catch(RUN_ALARM, why);
}

int run_signals_open(struct run_signals *signals, unsigned timeout,
		     struct failure *why)
{
	int arrived[2], cancelled[2];
	sigset_t alarm_only;

	attempt(why, NULL, WHOLE, "catch", "signals");
	if (pipe2(arrived, O_CLOEXEC | O_NONBLOCK) < 0 ||
	    pipe2(cancelled, O_CLOEXEC) < 0)
		return failed(why, "pipe2");
	signals->arrived = arrived[0];
	signals->cancelled = cancelled[0];
	arrived_end = arrived[1];
	cancelled_end = cancelled[1];
	if (catch_all(why) < 0)
		return -1;
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, RUN_ALARM);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	alarm(timeout);
	return 0;
}

int run_signals_next(const struct run_signals *signals)
{
	unsigned char byte;

	return read(signals->arrived, &byte, 1) == 1 ? byte : 0;
}
