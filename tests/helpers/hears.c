/*
 * hears [COUNT]: says what signals it is sent, and does nothing else.
 *
 * Prints "NUMBER ready", and then "NUMBER SIGNAL VALUE" for each; by its own
 * number 0 and, with a count, by so many children 1, 2 ... of its process
 * group.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* One write(2) a line: others write to the same pipe. */
static void say(int who, const char *what, int value)
{
	dprintf(1, "%d %s %d\n", who, what, value);
}

int main(int argc, char **argv)
{
	int who = 0, count = argc > 1 ? atoi(argv[1]) : 0;
	/* nor does it outlive the test for long */
	const struct timespec patience = { .tv_sec = 60 };
	siginfo_t info;
	char number[16];
	sigset_t all;

	memset(&all, ~0, sizeof(all));
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, _NSIG / 8);
	for (; count && !who; count--)
		if (fork() == 0)
			who = count;
	say(who, "ready", getpid());
	while (sigtimedwait(&all, &info, &patience) > 0) {
		if (info.si_signo == SIGCHLD && info.si_code > 0)
			continue;
		snprintf(number, sizeof(number), "%d", info.si_signo);
		say(who, number, info.si_code == SI_QUEUE ?
				 info.si_value.sival_int : 0);
	}
	return 0;
}
