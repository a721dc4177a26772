/*
 * measure: subjects in alternation, and what each took.
 *
 *	measure [--check] [--runs N] [--binds N] [--masks N] [--copied N]
 *		[--network] --shim FILE --floor FILE --target FILE
 *		[--show FILE] SUBJECT...
 *
 * Prints a line for each subject, with tabs between: its name; median and
 * quartiles in microseconds; the median of its ratios to the first subject in
 * the same round, and the 95 % interval of that; the same three of its time
 * on a CPU; that time; system calls, peak KiB, page faults.
 *
 * With a peer (runc, crun, bwrap) the times are those that the kernel traces,
 * and no more is known than them; in the place of the time on a CPU is that
 * since the peer itself was spawned.
 *
 * With --check it compares the containers instead, by what SHOW sees.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peers.h"
#include "series.h"
#include "spawn.h"
#include "trace.h"

#define SUBJECTS 8

static struct subject known[] = {
	{ "shim", NULL, NULL, -1 },
	{ "floor", "mount", "plain", -1 },
	{ "floor-new", "new", "plain", -1 },
	{ "floor-inside", "mount", "inside", -1 },
	{ "floor-new-inside", "new", "inside", -1 },
	{ "runc", NULL, NULL, -1 },
	{ "crun", NULL, NULL, -1 },
	{ "bwrap", NULL, NULL, -1 },
};

struct options {
	struct scenario scenario;
	unsigned runs;
	bool check;
	bool traced;		/* there is a peer */
	int shim, floor, target, show;
	const struct subject *subjects[SUBJECTS];
	size_t count;
};

/* Of each subject, in the order of the rounds. */
static struct series series[SUBJECTS];
static struct measured last_run[SUBJECTS];

/* Above the few that have another meaning for a subject. */
static int open_program(const char *path)
{
	int low = open(path, O_RDONLY | O_CLOEXEC);
	int fd = fcntl(low, F_DUPFD_CLOEXEC, 10);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	close(low);
	return fd;
}

static unsigned number(const char *text)
{
	unsigned long value = strtoul(text, NULL, 10);

	if (value > 60000)
		die("%s is too many", text);
	return (unsigned)value;
}

static const struct subject *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	die("no subject has the name %s", name);
}

/* An option with a value; false: it is none. */
static bool set(struct options *opt, const char *name, const char *value)
{
	if (strcmp(name, "--runs") == 0)
		opt->runs = number(value);
	else if (strcmp(name, "--binds") == 0)
		opt->scenario.binds = number(value);
	else if (strcmp(name, "--masks") == 0)
		opt->scenario.masks = number(value);
	else if (strcmp(name, "--copied") == 0)
		opt->scenario.copied = number(value);
	else if (strcmp(name, "--shim") == 0)
		opt->shim = open_program(value);
	else if (strcmp(name, "--floor") == 0)
		opt->floor = open_program(value);
	else if (strcmp(name, "--target") == 0)
		opt->target = open_program(value);
	else if (strcmp(name, "--show") == 0)
		opt->show = open_program(value);
	else
		return false;
	return true;
}

static void read_options(struct options *opt, char **args)
{
	size_t i;

	for (; *args; args++) {
		if (strcmp(*args, "--check") == 0)
			opt->check = true;
		else if (strcmp(*args, "--network") == 0)
			opt->scenario.network = true;
		else if (args[1] && set(opt, args[0], args[1]))
			args++;
		else if (opt->count < SUBJECTS)
			opt->subjects[opt->count++] = find(*args);
	}
	if (opt->shim < 0 || opt->floor < 0 || opt->target < 0 ||
	    (opt->check && opt->show < 0) || !opt->count || !opt->runs ||
	    opt->runs > RUNS)
		die("an option is missing or wrong");
	known[0].program = opt->shim;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].api)
			known[i].program = opt->floor;
	for (i = 0; i < opt->count; i++)
		opt->traced |= opt->subjects[i]->program < 0;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The table of mounts has the order in which they were made: Linux 6.8. */
static char *sort_lines(char *text)
{
	char *sorted = calloc(1, strlen(text) + 2), *to = sorted;
	char **lines = calloc(strlen(text) + 1, sizeof(*lines)), *line;
	size_t count = 0, i;

	if (!sorted || !lines)
		die("no memory");
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		lines[count++] = line;
	qsort(lines, count, sizeof(*lines), by_text);
	for (i = 0; i < count; i++)
		to = stpcpy(stpcpy(to, lines[i]), "\n");
	free(lines);
	free(text);
	return sorted;
}

/* What show sees in the container that the subject makes; free(3). */
static char *seen(const struct options *opt, const struct subject *subject)
{
	struct measured measured;
	int output = memfd_create("output", MFD_CLOEXEC);
	char *text;
	off_t length;

	spawn(subject, &opt->scenario, LOOK_SHOW, output, &measured);
	length = lseek(output, 0, SEEK_END);
	text = calloc(1, (size_t)length + 1);
	if (!text || pread(output, text, (size_t)length, 0) != length)
		die("the target's output cannot be read");
	close(output);
	return sort_lines(text);
}

/* The line of each in which they begin to differ. */
static void compare(const struct subject *first, const char *expected,
		    const struct subject *other, const char *found)
{
	size_t at = 0, line = 0;

	while (expected[at] && expected[at] == found[at])
		if (expected[at++] == '\n')
			line = at;
	if (!expected[at] && !found[at])
		return;
	die("the containers differ:\n%s: %.*s\n%s: %.*s", first->name,
	    (int)strcspn(expected + line, "\n"), expected + line, other->name,
	    (int)strcspn(found + line, "\n"), found + line);
}

static void check_all(const struct options *opt)
{
	char *expected = seen(opt, opt->subjects[0]);
	size_t i;

	if (!strstr(expected, "mount /"))
		die("the target saw no mounts");
	for (i = 1; i < opt->count; i++) {
		char *found = seen(opt, opt->subjects[i]);

		compare(opt->subjects[0], expected, opt->subjects[i], found);
		free(found);
	}
	free(expected);
}

/* One run for the time, one that stops before the end for the rest. */
static void run_spawned(const struct options *opt, size_t which, int output)
{
	const struct subject *subject = opt->subjects[which];
	struct measured *last = &last_run[which];
	double taken;

	spawn(subject, &opt->scenario, LOOK_TIME, output, last);
	taken = last->microseconds;
	spawn(subject, &opt->scenario, LOOK_INSIDE, output, last);
	last->microseconds = taken;
}

static void run_traced(const struct options *opt, size_t which, int output)
{
	const struct subject *subject = opt->subjects[which];
	struct measured *last = &last_run[which];

	trace_clear();
	if (subject->program < 0)
		peer_run(subject->name);
	else
		spawn(subject, &opt->scenario, LOOK_TIME, output, last);
	if (!trace_read(TARGET, &last->microseconds, &last->cpu))
		die("the trace has nothing of %s", subject->name);
	last->calls = last->peak = last->faults = -1;
}

/* A round has each subject once, each time another one first. */
static void run_round(const struct options *opt, unsigned round, int output)
{
	unsigned at = round < WARM ? 0 : round - WARM;
	size_t i;

	for (i = 0; i < opt->count; i++) {
		size_t which = (i + round) % opt->count;

		if (opt->traced)
			run_traced(opt, which, output);
		else
			run_spawned(opt, which, output);
		series[which].time[at] = last_run[which].microseconds;
		series[which].cpu[at] = last_run[which].cpu;
	}
	for (i = 0; i < opt->count; i++)
		series_compare(&series[i], &series[0], at);
}

static void print(const struct options *opt, size_t which, int output)
{
	const struct subject *subject = opt->subjects[which];
	struct measured calls = { .calls = -1 };

	if (!opt->traced)
		spawn(subject, &opt->scenario, LOOK_CALLS, output, &calls);
	series_print(subject->name, &series[which], opt->runs);
	printf("\t%ld\t%ld\t%ld\n", calls.calls, last_run[which].peak,
	       last_run[which].faults);
}

/* What started us may ignore some, as nohup(1) does; a daemon does not. */
static void reset_signals(void)
{
	int number;

	for (number = 1; number < 32; number++)
		signal(number, SIG_DFL);
}

int main(int argc, char **argv)
{
	struct options opt = {
		.runs = 50,
		.shim = -1, .floor = -1, .target = -1, .show = -1,
	};
	int output[2];
	unsigned round;
	size_t i;

	(void)argc;
	read_options(&opt, argv + 1);
	reset_signals();
	stage_open(&opt.scenario, opt.target, opt.show);
	if (opt.check) {
		check_all(&opt);
		return 0;
	}
	come_first();
	if (opt.traced) {
		peers_open(&opt.scenario);
		if (!trace_open())
			die("this kernel has no tracefs to time peers with");
	}
	if (pipe2(output, O_CLOEXEC) < 0)
		die("pipe: %s", strerror(errno));
	for (round = 0; round < opt.runs + WARM; round++)
		run_round(&opt, round, output[1]);
	for (i = 0; i < opt.count; i++)
		print(&opt, i, output[1]);
	return 0;
}
