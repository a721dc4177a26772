/*
 * init-shim-run: a container at a shell, from a plan or an OCI bundle.
 *
 * The shim's parent, built on libinit-shim: it makes the namespaces, runs the
 * bundle's hooks when the shim says so, passes signals on and exits as the
 * container did.
 */

#include <stdio.h>
#include <stdlib.h>

#include "document.h"
#include "kernel/fds.h"
#include "relay.h"
#include "run_container.h"
#include "run_options.h"
#include "run_read.h"
#include "run_signals.h"

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

static int refuse(const struct failure *why)
{
	run_tell_failure(NULL, why);
	return EXIT_SHIM;
}

int main(int argc, char **argv)
{
	struct run_options opt;
	struct launch launch = {0};
	struct run_signals signals;
	struct failure why = {0};

	/* nothing that is opened here becomes a standard stream */
	if (fds_fill_standard(&why) < 0 ||
	    run_options_read(&opt, argc, argv, &why) < 0)
		return refuse(&why);
	if (opt.task == RUN_HELP)
		return say(run_help);
	if (opt.task == RUN_VERSION)
		return say(run_version);
	if (run_read(&launch, &opt) < 0)
		return EXIT_SHIM;
	if (opt.task == RUN_PLAN_ONLY)
		return print_plan(&launch);
	relay_plan(&launch);
	if (run_signals_open(&signals, opt.timeout, &why) < 0 ||
	    fds_close_on_exec(3, &why) < 0)
		return refuse(&why);
	return run_container(&launch, &opt, &signals);
}
