/* options: a table of them, and which go together */

#include "options.h"

#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#ifndef VERSION
#define VERSION "unknown"
#endif

const char version_number[] = VERSION;
const char options_version[] = "init-shim " VERSION "\n";

const char options_help[] =
	"usage: init-shim --socket-fd N\n"
	"       init-shim --plan-fd N [--sync-fd M]\n"
	"       init-shim --plan FILE [--sync-fd M]\n"
	"       init-shim --check --plan FILE\n"
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
	"  --features     what this version knows and this kernel has\n"
	"  --quiet        tell errors to the parent only, where there is one\n"
	"\n"
	"Exit status: the target's own; 125 the shim failed, 126 the target\n"
	"cannot be executed, 127 it was not found.\n"
	"\n"
	"By hand: unshare -mpf init-shim --plan plan.json\n";

struct row {
	const char *name;
	const char *value;	/* what must follow; NULL: nothing does */
	int (*take)(struct options *opt, const struct row *row,
		    const char *value, struct failure *why);
	size_t member;		/* of struct options, for a descriptor */
	int number;		/* the lowest descriptor, or the task */
};

static int take_file(struct options *opt, const struct row *row,
		     const char *value, struct failure *why)
{
	(void)row;
	if (opt->plan_file)
		return refused(why, "it is given twice");
	opt->plan_file = value;
	return 0;
}

/* Strictly decimal: no sign, no space, no leading zero; -1 otherwise. */
static int read_number(const char *text)
{
	long long number = 0;
	size_t length = strspn(text, "0123456789");

	if (!length || text[length] || length > 10 ||
	    (*text == '0' && length > 1))
		return -1;
	while (*text)
		number = number * 10 + (*text++ - '0');
	return number > INT_MAX ? -1 : (int)number;
}

static int take_fd(struct options *opt, const struct row *row,
		   const char *value, struct failure *why)
{
	int *member = (int *)((char *)opt + row->member);
	int fd = read_number(value);

	if (*member >= 0)
		return refused(why, "it is given twice");
	if (fd < 0)
		return refused(why, "\"%s\" is no descriptor number", value);
	if (fd < row->number)
		return refused(why, "descriptor %d is a standard stream", fd);
	if (fcntl(fd, F_GETFD) < 0)
		return failed_because(why, "fcntl", "descriptor %d is not open",
				      fd);
	*member = fd;
	return 0;
}

static int take_task(struct options *opt, const struct row *row,
		     const char *value, struct failure *why)
{
	(void)value;
	if (opt->task != TASK_CONTAINER)
		return refused(why, "one call does one thing");
	opt->task = (enum task)row->number;
	return 0;
}

static int take_quiet(struct options *opt, const struct row *row,
		      const char *value, struct failure *why)
{
	(void)row;
	(void)value;
	(void)why;
	opt->quiet = true;
	return 0;
}

static int take_later(struct options *opt, const struct row *row,
		      const char *value, struct failure *why)
{
	(void)opt;
	(void)row;
	(void)value;
	return refused(why, "not supported yet");
}

#define FD(name, lowest) \
	"a descriptor number", take_fd, offsetof(struct options, name), lowest

static const struct row rows[] = {
	{ "--socket-fd", FD(socket_fd, 3) },
	{ "--sync-fd", FD(sync_fd, 3) },
	/* "--plan-fd 0 < plan.json" is natural */
	{ "--plan-fd", FD(plan_fd, 0) },
	{ "--plan", "a file name", take_file, 0, 0 },
	{ "--check", NULL, take_task, 0, TASK_CHECK },
	{ "--features", NULL, take_task, 0, TASK_FEATURES },
	{ "--help", NULL, take_task, 0, TASK_HELP },
	{ "--version", NULL, take_task, 0, TASK_VERSION },
	{ "--quiet", NULL, take_quiet, 0, 0 },
	{ "--explain", NULL, take_later, 0, 0 },
	{ "-s", NULL, take_later, 0, 0 },
	{ "-g", NULL, take_later, 0, 0 },
	{ "--", NULL, take_later, 0, 0 },
};

static const struct row *find_row(const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strlen(rows[i].name) == length &&
		    memcmp(rows[i].name, word, length) == 0)
			return &rows[i];
	return NULL;
}

/* One option and its value, "--name value" or "--name=value". */
static int option_read(struct options *opt, char ***next, struct failure *why)
{
	const char *word = *(*next)++;
	const char *value = strchr(word, '=');
	size_t length = value ? (size_t)(value - word) : strlen(word);
	const struct row *row = find_row(word, length);

	attempt(why, NULL, WHOLE, "use", row ? row->name : word);
	if (!row) {
		why->hint = "try init-shim --help";
		return refused(why, "there is no such option");
	}
	if (!row->value && value)
		return refused(why, "no value follows it");
	if (value)
		value++;
	else if (row->value && **next)
		value = *(*next)++;
	if (row->value && (!value || !*value))
		return refused(why, "%s must follow", row->value);
	return row->take(opt, row, value, why);
}

static int check_plan(const struct options *opt, struct failure *why)
{
	int plans = (opt->plan_file != NULL) + (opt->plan_fd >= 0) +
		    (opt->socket_fd >= 0);
	bool wanted = opt->task == TASK_CONTAINER || opt->task == TASK_CHECK;

	if (plans > 1)
		return refused(why, "one of --socket-fd, --plan-fd and --plan "
			       "has the plan, not two");
	if (!wanted && plans)
		return refused(why, "only --check goes with a plan");
	if (wanted && !plans) {
		why->hint = "try init-shim --help";
		return refused(why, "no option says where the plan is");
	}
	return 0;
}

static int check_parent(const struct options *opt, struct failure *why)
{
	bool parent = opt->socket_fd >= 0 || opt->sync_fd >= 0;

	if (opt->socket_fd >= 0 && opt->sync_fd >= 0)
		return refused(why, "--socket-fd has the messages already, "
			       "--sync-fd is one too many");
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
