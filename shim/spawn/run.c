/* init-shim-run: a container at a shell, from a plan or an OCI bundle */

#include <stdio.h>
#include <stdlib.h>

#include "document.h"
#include "run_options.h"
#include "run_read.h"

static int say(const char *text)
{
	return fputs(text, stdout) < 0 || fflush(stdout) ? EXIT_SHIM : 0;
}

static int print_plan(const struct launch *launch)
{
	char *text = document_print(launch->plan, true);
	int done = printf("%s\n", text) < 0 || fflush(stdout) ? EXIT_SHIM : 0;

	free(text);
	return done;
}

int main(int argc, char **argv)
{
	struct run_options opt;
	struct launch launch = {0};
	struct failure why = {0};

	if (run_options_read(&opt, argc, argv, &why) < 0) {
		run_tell_failure(&why);
		return EXIT_SHIM;
	}
	if (opt.task == RUN_HELP)
		return say(run_help);
	if (opt.task == RUN_VERSION)
		return say(run_version);
	if (run_read(&launch, &opt) < 0)
		return EXIT_SHIM;
	if (opt.task == RUN_PLAN_ONLY)
		return print_plan(&launch);
	run_tell("cannot run the container: not supported yet; see --plan-only");
	return EXIT_SHIM;
}
