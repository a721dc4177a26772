/* options: a table of them, and which go together */

#include "options.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "kernel/file.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

const char version_number[] = VERSION;
const char options_version[] = "init-shim " VERSION "\n";

const char options_help[] =
	"usage: init-shim --socket-fd N\n"
	"       init-shim --plan-fd N [--sync-fd M]\n"
	"       init-shim --plan FILE [--sync-fd M]\n"
	"       init-shim --check | --explain --plan FILE\n"
	"       init-shim [-s] [-g] [--wait] [--grace SECONDS] -- CMD ARGS...\n"
	"       init-shim --features | --version | --help\n"
	"\n"
	"Build a container's root filesystem as a mount plan says, inside of\n"
	"the mount namespace that it was started in, and become its target.\n"
	"\n"
	"  --socket-fd N  plan and messages over an inherited Unix socket\n"
	"  --plan-fd N    the plan from a descriptor, read to its end\n"
	"  --plan FILE    the plan from a file\n"
	"  --sync-fd M    messages over an inherited Unix socket\n"
	"  --check        say what is wrong with the plan, touch nothing\n"
	"  --explain      say each step that the plan takes, touch nothing\n"
	"  --features     what this version knows and this kernel has\n"
	"  -- CMD ARGS... no container: run it, be its PID 1, exit as it does\n"
	"  -s             reap as a subreaper where this is not PID 1\n"
	"  -g             send signals on to its whole process group\n"
	"  --wait         when it has ended, wait for all others\n"
	"  --grace SECONDS  or end them: SIGTERM, and SIGKILL after so long\n"
	"  --quiet        tell errors to the parent only, where there is one\n"
	"\n"
	"Exit status: the target's own (128 and the signal's number where a\n"
	"signal killed what PID 1 ran); 125 the shim failed, 126 the target\n"
	"cannot be executed, 127 it was not found.\n"
	"\n"
	"By hand: unshare -mpf init-shim --plan plan.json\n";

/* What an option is for. */
enum kind {
	FD,			/* a descriptor follows */
	SECONDS,		/* a number of them does */
	PLAN_FILE,		/* a file name does */
	TASK,
	COMMAND,		/* all that follows is one */
	FLAG,
};

/* No pointers: each would have to be relocated at every start. */
struct row {
	char name[12];
	unsigned char kind;
	unsigned char number;	/* the lowest descriptor, or the task */
	unsigned char member;	/* of struct options: a descriptor, a flag */
};

#define MEMBER(name) offsetof(struct options, name)

static const struct row rows[] = {
	{ "--socket-fd", FD, 3, MEMBER(socket_fd) },
	{ "--sync-fd", FD, 3, MEMBER(sync_fd) },
	/* "--plan-fd 0 < plan.json" is natural */
	{ "--plan-fd", FD, 0, MEMBER(plan_fd) },
	{ "--plan", PLAN_FILE, 0, 0 },
	{ "--check", TASK, TASK_CHECK, 0 },
	{ "--explain", TASK, TASK_EXPLAIN, 0 },
	{ "--features", TASK, TASK_FEATURES, 0 },
	{ "--help", TASK, TASK_HELP, 0 },
	{ "--version", TASK, TASK_VERSION, 0 },
	{ "--quiet", FLAG, 0, MEMBER(quiet) },
	{ "-s", FLAG, 0, MEMBER(reaping.subreaper) },
	{ "-g", FLAG, 0, MEMBER(reaping.group) },
	{ "--wait", FLAG, 0, MEMBER(reaping.wait) },
	{ "--grace", SECONDS, 0, 0 },
	{ "--", COMMAND, 0, 0 },
};

/* Strictly decimal: no sign, no space, no leading zero; -1 otherwise. */
static int read_number(const char *text)
{
	const char *at = text;
	int number = 0;

	do
		if (*at < '0' || *at > '9' ||
		    __builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *at - '0', &number))
			return -1;
	while (*++at);
	return *text == '0' && text[1] ? -1 : number;
}

static int given_twice(struct failure *why)
{
	return refused(why, "it is given twice");
}

static int take_fd(int *member, int lowest, const char *value,
		   struct failure *why)
{
	int fd = read_number(value);

	if (*member >= 0)
		return given_twice(why);
	if (fd < 0)
		return refused(why, "\"%s\" is no descriptor number", value);
	if (fd < lowest)
		return refused(why, "descriptor %d is a standard stream", fd);
	*member = fd;
	return 0;
}

static int take_seconds(int *member, const char *value, struct failure *why)
{
	if (*member >= 0)
		return given_twice(why);
	*member = read_number(value);
	if (*member < 0)
		return refused(why, "\"%s\" is no number of seconds", value);
	return 0;
}

static int take_task(struct options *opt, enum task task, struct failure *why)
{
	if (opt->task != TASK_CONTAINER)
		return refused(why, "one call does one thing");
	opt->task = task;
	return 0;
}

/* All that is left of the command line. */
static int take_command(struct options *opt, char ***next,
			struct failure *why)
{
	if (!**next)
		return refused(why, "a command must follow");
	opt->command = *next;
	while (**next)
		++*next;
	return take_task(opt, TASK_REAPER, why);
}

static int take_option(struct options *opt, const struct row *row,
		       const char *value, char ***next, struct failure *why)
{
	char *member = (char *)opt + row->member;

	switch (row->kind) {
	case FD:
		return take_fd((int *)member, row->number, value, why);
	case SECONDS:
		return take_seconds(&opt->reaping.grace, value, why);
	case PLAN_FILE:
		if (opt->plan_file)
			return given_twice(why);
		opt->plan_file = value;
		return 0;
	case TASK:
		return take_task(opt, (enum task)row->number, why);
	case COMMAND:
		return take_command(opt, next, why);
	default:
		*(bool *)member = true;
		return 0;
	}
}

static const struct row *find_row(const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strlen(rows[i].name) == length &&
		    memcmp(rows[i].name, word, length) == 0)
			return &rows[i];
	return NULL;
}

static int unhelped(struct failure *why, const char *reason)
{
	why->hint = "try init-shim --help";
	return refused(why, "%s", reason);
}

/* One option and its value, "--name value" or "--name=value". */
static int option_read(struct options *opt, char ***next, struct failure *why)
{
	static const char what[][20] = {
		[FD] = "descriptor number",
		[SECONDS] = "number of seconds",
		[PLAN_FILE] = "file name",
	};
	const char *word = *(*next)++;
	size_t length = strcspn(word, "=");
	const char *value = word[length] ? word + length + 1 : NULL;
	const struct row *row = find_row(word, length);

	attempt(why, NULL, WHOLE, "use", row ? row->name : word);
	if (!row)
		return unhelped(why, "there is no such option");
	if (row->kind > PLAN_FILE) {
		if (value)
			return refused(why, "no value follows it");
	} else {
		if (!value && **next)
			value = *(*next)++;
		if (!value || !*value)
			return refused(why, "a %s must follow", what[row->kind]);
	}
	return take_option(opt, row, value, next, why);
}

static int check_plan(const struct options *opt, struct failure *why)
{
	int plans = (opt->plan_file != NULL) + (opt->plan_fd >= 0) +
		    (opt->socket_fd >= 0);
	bool wanted = opt->task <= TASK_EXPLAIN;

	if (plans > 1)
		return refused(why, "one of --socket-fd, --plan-fd and --plan "
			       "has the plan, not two");
	if (!wanted && plans)
		return refused(why, "only --check and --explain go "
			       "with a plan");
	if (wanted && !plans)
		return unhelped(why, "no option says where the plan is");
	return 0;
}

static int check_parent(const struct options *opt, struct failure *why)
{
	bool parent = opt->socket_fd >= 0 || opt->sync_fd >= 0;

	if (opt->socket_fd >= 0 && opt->sync_fd >= 0)
		return refused(why, "--socket-fd has the messages already, "
			       "--sync-fd is one too many");
	if (opt->task != TASK_REAPER &&
	    (opt->reaping.subreaper || opt->reaping.group ||
	     opt->reaping.wait || opt->reaping.grace >= 0))
		return refused(why, "-s, -g, --wait and --grace are for a "
			       "command behind --");
	if (opt->task != TASK_CONTAINER && parent)
		return refused(why, "only a container has a parent to talk to, "
			       "--socket-fd and --sync-fd are for one");
	if (opt->sync_fd >= 0 && opt->sync_fd == opt->plan_fd)
		return refused(why, "--plan-fd and --sync-fd are the same; "
			       "--socket-fd takes one for both");
	return 0;
}

int options_read(struct options *opt, int argc, char **argv,
		 struct failure *why)
{
	char **next = argv + (argc > 0);

	*opt = (struct options){
		.plan_fd = -1, .socket_fd = -1, .sync_fd = -1,
		.reaping.grace = -1,
	};
	why->stage = "plan";
	while (*next)
		if (option_read(opt, &next, why) < 0)
			return -1;
	attempt(why, NULL, WHOLE, "start", NULL);
	if (check_plan(opt, why) < 0 || check_parent(opt, why) < 0)
		return -1;
	return 0;
}
