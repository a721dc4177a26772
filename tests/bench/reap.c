/*
 * reap: what a reaper adds to its program, and how soon orphans are gone.
 *
 *	reap [--runs N] [--orphans N] --shim FILE --pid1 FILE --target FILE
 *	     --orphan-maker FILE
 *
 * Each in a pid namespace of its own, in alternation: the target itself, the
 * floor (pid1.c) with it, the shim with it.  Prints lines as measure does;
 * with --orphans the time is from when they are left behind to when the last
 * one has been reaped, and there is no target without a reaper.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "series.h"
#include "stage.h"

static struct {
	unsigned runs;
	const char *orphans;	/* NULL: none */
	const char *shim, *pid1, *target, *maker;
} opt = { .runs = 100 };

static struct subject {
	const char *name;
	const char *args[8];
	struct series series;
	long faults;		/* of the subject and its children */
} subjects[3];

static size_t count;
static int output[2];		/* what the orphans' maker says */

static void read_options(char **args)
{
	for (; args[0] && args[1]; args += 2) {
		if (strcmp(args[0], "--runs") == 0)
			opt.runs = (unsigned)atoi(args[1]);
		else if (strcmp(args[0], "--orphans") == 0)
			opt.orphans = args[1];
		else if (strcmp(args[0], "--shim") == 0)
			opt.shim = args[1];
		else if (strcmp(args[0], "--pid1") == 0)
			opt.pid1 = args[1];
		else if (strcmp(args[0], "--target") == 0)
			opt.target = args[1];
		else if (strcmp(args[0], "--orphan-maker") == 0)
			opt.maker = args[1];
		else
			die("no option %s", args[0]);
	}
	if (!opt.shim || !opt.pid1 || !opt.target || !opt.maker || !opt.runs ||
	    opt.runs > RUNS)
		die("an option is missing or wrong");
}

static void add(const char *name, const char *first, const char *second,
		const char *third)
{
	const char *program = opt.orphans ? opt.maker : opt.target;
	const char **to = subjects[count].args;

	subjects[count++].name = name;
	if (first)
		*to++ = first;
	if (second)
		*to++ = second;
	if (third)
		*to++ = third;
	*to++ = program;
	*to++ = opt.orphans;
	*to = NULL;
}

static int become(void *argument)
{
	static char *env[] = { NULL };
	const struct subject *subject = argument;

	dup2(output[1], 1);
	execve(subject->args[0], (char **)subject->args, env);
	_exit(99);
}

static double microseconds(const struct timespec *time)
{
	return (double)time->tv_sec * 1e6 + (double)time->tv_nsec / 1e3;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return microseconds(&time);
}

static double used(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e6 +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

/* From clone(2), or from when the orphans are left, to the end of all. */
static void run(struct subject *subject, unsigned at)
{
	static _Alignas(16) char stack[65536];
	struct timespec left;
	struct rusage usage;
	double start = now();
	pid_t pid = clone(become, stack + sizeof(stack), CLONE_VM |
			  CLONE_VFORK | CLONE_NEWPID | SIGCHLD, subject);
	int status;

	if (pid < 0)
		die("clone: %s", strerror(errno));
	if (wait4(pid, &status, 0, &usage) != pid || status != 0)
		die("%s failed: status %#x", subject->name, (unsigned)status);
	subject->series.time[at] = now() - start;
	if (opt.orphans) {
		if (read(output[0], &left, sizeof(left)) != sizeof(left))
			die("%s: no orphans were made", subject->name);
		subject->series.time[at] = now() - microseconds(&left);
	}
	subject->series.cpu[at] = used(&usage);
	subject->faults = usage.ru_minflt;
}

static void run_round(unsigned round)
{
	unsigned at = round < WARM ? 0 : round - WARM;
	size_t i;

	for (i = 0; i < count; i++)
		run(&subjects[(i + round) % count], at);
	for (i = 0; i < count; i++)
		series_compare(&subjects[i].series, &subjects[0].series, at);
}

static void print(struct subject *subject)
{
	series_print(subject->name, &subject->series, opt.runs);
	/* neither calls nor memory are looked at here */
	printf("\t-1\t-1\t%ld\n", subject->faults);
}

int main(int argc, char **argv)
{
	unsigned round;
	size_t i;

	(void)argc;
	read_options(argv + 1);
	come_first();
	if (pipe2(output, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	if (!opt.orphans)
		add("exec", NULL, NULL, NULL);
	add("floor-reaper", opt.pid1, NULL, NULL);
	add("reaper", opt.shim, opt.orphans ? "--wait" : "--", opt.orphans ?
	    "--" : NULL);
	for (round = 0; round < opt.runs + WARM; round++)
		run_round(round);
	for (i = 0; i < count; i++)
		print(&subjects[i]);
	return 0;
}
