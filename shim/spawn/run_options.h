/* The command line of init-shim-run. */

#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>

#include "failure.h"
#include "launch.h"

/* Cgroups to join: one on a v2 host, one in each hierarchy on a v1 host. */
#define RUN_CGROUPS 16

enum run_task {
	RUN_CONTAINER,
	RUN_PLAN_ONLY,
	RUN_HELP,
	RUN_VERSION,
};

struct run_options {
	enum run_task task;
	const char *what;	/* a plan's file or a bundle's directory */
	const char *shim;	/* NULL: beside us, or where it is installed */
	const char *id;		/* NULL: the bundle's name */
	const char *pid_file;
	const char *cgroups[RUN_CGROUPS];
	unsigned cgroup_count;
	unsigned keep_fds;	/* descriptors 3 to 2 + keep_fds */
	unsigned timeout;	/* seconds; 0: none */
	struct id_maps uid_maps;
	struct id_maps gid_maps;
};

extern const char run_help[];
extern const char run_version[];

/* Returns 0, or -1 with *why. */
int run_options_read(struct run_options *opt, int argc, char **argv,
		     struct failure *why);

#endif
