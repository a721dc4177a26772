/* run_options: getopt_long(3), and what its words mean */

#include "run_options.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

const char run_version[] = "init-shim-run " VERSION "\n";

const char run_help[] =
	"usage: init-shim-run [OPTIONS] PLAN | BUNDLE-DIR\n"
	"\n"
	"Run a container: a mount plan of init-shim's, or an OCI bundle, whose\n"
	"config.json is translated to one.  Exits as the container did.\n"
	"\n"
	"  --plan-only         print the plan, run nothing\n"
	"  --pid-file FILE     write the container's process id there\n"
	"  --id NAME           the container's name, for hooks\n"
	"  --cgroup PATH       join this cgroup, a directory of a cgroup\n"
	"                      filesystem; on a v1 host once a hierarchy\n"
	"  --keep-fds N        hand over descriptors 3 to 2 + N as well\n"
	"  --timeout SECONDS   kill the container after that time\n"
	"  --uid-map C:H:N     in a new user namespace, N user ids from C on\n"
	"  --gid-map C:H:N     are those from H on here; more than once for more\n"
	"  --shim PATH         the init-shim to use\n"
	"  --help, --version\n"
	"\n"
	"Exit status: the container's own, 128 + S where signal S killed it;\n"
	"125 it could not be started, 126 the target cannot be executed, 127\n"
	"it was not found.\n";

enum {
	OPTION_PLAN_ONLY = 256,
	OPTION_PID_FILE,
	OPTION_ID,
	OPTION_CGROUP,
	OPTION_KEEP_FDS,
	OPTION_TIMEOUT,
	OPTION_UID_MAP,
	OPTION_GID_MAP,
	OPTION_SHIM,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct option options[] = {
	{ "plan-only", no_argument, NULL, OPTION_PLAN_ONLY },
	{ "pid-file", required_argument, NULL, OPTION_PID_FILE },
	{ "id", required_argument, NULL, OPTION_ID },
	{ "cgroup", required_argument, NULL, OPTION_CGROUP },
	{ "keep-fds", required_argument, NULL, OPTION_KEEP_FDS },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "uid-map", required_argument, NULL, OPTION_UID_MAP },
	{ "gid-map", required_argument, NULL, OPTION_GID_MAP },
	{ "shim", required_argument, NULL, OPTION_SHIM },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

#define HELPS "try init-shim-run --help"

/* Decimal digits up to a character that ends them; NULL if it is none. */
static const char *number_read(const char *text, char end, uint64_t least,
			       uint64_t most, uint64_t *number)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 10 || text[digits] != end)
		return NULL;
	*number = strtoull(text, NULL, 10);
	if (*number < least || *number > most)
		return NULL;
	return text + digits + (end != '\0');
}

static int take_number(unsigned *to, const char *text, unsigned least,
		       unsigned most, struct failure *why)
{
	uint64_t number;

	if (!number_read(text, '\0', least, most, &number))
		return refused(why, "\"%s\" is no number from %u to %u", text,
			       least, most);
	*to = (unsigned)number;
	return 0;
}

static int take_map(struct id_maps *maps, const char *text,
		    struct failure *why)
{
	uint64_t inside, outside, size;
	const char *next = text;

	if (!(next = number_read(next, ':', 0, UINT32_MAX - 1, &inside)) ||
	    !(next = number_read(next, ':', 0, UINT32_MAX - 1, &outside)) ||
	    !number_read(next, '\0', 1, UINT32_MAX, &size))
		return refused(why, "\"%s\" is no CONTAINER:HOST:SIZE", text);
	maps->items = must(realloc(maps->items, (maps->count + 1) *
						sizeof(maps->items[0])));
	maps->items[maps->count++] = (struct id_map){
		(uint32_t)inside, (uint32_t)outside, (uint32_t)size
	};
	return 0;
}

static int take_text(const char **to, const char *text, struct failure *why)
{
	if (*to)
		return refused(why, "it is given twice");
	if (!*text)
		return refused(why, "a name must follow");
	*to = text;
	return 0;
}

static int take_cgroup(struct run_options *opt, const char *text,
		       struct failure *why)
{
	if (opt->cgroup_count == RUN_CGROUPS)
		return refused(why, "it is given more than %d times",
			       RUN_CGROUPS);
	opt->cgroups[opt->cgroup_count] = NULL;
	return take_text(&opt->cgroups[opt->cgroup_count++], text, why);
}

static int take_task(struct run_options *opt, enum run_task task,
		     struct failure *why)
{
	if (opt->task != RUN_CONTAINER && opt->task != task)
		return refused(why, "one call does one thing");
	opt->task = task;
	return 0;
}

static int take_option(struct run_options *opt, int option, const char *text,
		       struct failure *why)
{
	switch (option) {
	case OPTION_PLAN_ONLY:
		return take_task(opt, RUN_PLAN_ONLY, why);
	case OPTION_HELP:
		return take_task(opt, RUN_HELP, why);
	case OPTION_VERSION:
		return take_task(opt, RUN_VERSION, why);
	case OPTION_PID_FILE:
		return take_text(&opt->pid_file, text, why);
	case OPTION_ID:
		return take_text(&opt->id, text, why);
	case OPTION_SHIM:
		return take_text(&opt->shim, text, why);
	case OPTION_CGROUP:
		return take_cgroup(opt, text, why);
	case OPTION_KEEP_FDS:
		return take_number(&opt->keep_fds, text, 0, 1024, why);
	case OPTION_TIMEOUT:
		return take_number(&opt->timeout, text, 1, INT32_MAX, why);
	case OPTION_UID_MAP:
		return take_map(&opt->uid_maps, text, why);
	case OPTION_GID_MAP:
		return take_map(&opt->gid_maps, text, why);
	}
	return refused(why, "there is no such option, or its value is missing");
}

/* Later these numbers could be of something of ours. */
static int check_kept(const struct run_options *opt, struct failure *why)
{
	int fd;

	attempt(why, NULL, WHOLE, "use", "--keep-fds");
	for (fd = 3; fd < 3 + (int)opt->keep_fds; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return failed_because(why, "fcntl", "descriptor %d is "
					      "not open", fd);
	return 0;
}

static int check(struct run_options *opt, int argc, char **argv,
		 struct failure *why)
{
	attempt(why, NULL, WHOLE, "start", NULL);
	if (opt->task == RUN_HELP || opt->task == RUN_VERSION)
		return 0;
	why->hint = HELPS;
	if (optind == argc)
		return refused(why, "no plan and no bundle is named");
	if (optind + 1 < argc)
		return refused(why, "one plan or bundle is run, \"%s\" is one "
			       "too many", argv[optind + 1]);
	if (!opt->uid_maps.count != !opt->gid_maps.count)
		return refused(why, "--uid-map and --gid-map go together");
	why->hint = NULL;
	opt->what = argv[optind];
	return check_kept(opt, why);
}

int run_options_read(struct run_options *opt, int argc, char **argv,
		     struct failure *why)
{
	int option, index;

	*opt = (struct run_options){ .task = RUN_CONTAINER };
	why->stage = "plan";
	opterr = 0;
	for (;;) {
		const char *word = argv[optind < argc ? optind : argc - 1];

		index = -1;
		option = getopt_long(argc, argv, "", options, &index);
		if (option < 0)
			return check(opt, argc, argv, why);
		attempt(why, NULL, WHOLE, "use", index < 0 ? word :
			options[index].name);
		if (option == '?')
			why->hint = HELPS;
		if (take_option(opt, option, optarg, why) < 0)
			return -1;
		why->hint = NULL;
	}
}
