/* The command line; README.md and --help have it for people. */

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "failure.h"
#include "reaper/reaper.h"

/* What the caller wants of this run. */
enum task {
	/* with a plan */
	TASK_CONTAINER,		/* build the container, become the target */
	TASK_CHECK,		/* --check: validate it only */
	TASK_EXPLAIN,		/* --explain: print what it does */
	/* without */
	TASK_FEATURES,		/* --features */
	TASK_REAPER,		/* --: run a command as PID 1 should */
	TASK_HELP,
	TASK_VERSION,
};

struct options {
	enum task task;
	const char *plan_file;	/* --plan; NULL: none */
	int plan_fd;		/* --plan-fd; -1: none */
	int socket_fd;		/* --socket-fd; -1: none */
	int sync_fd;		/* --sync-fd; -1: none */
	char **command;		/* behind --; NULL: none */
	struct reaping reaping;	/* -s, -g, --wait, --grace */
	bool quiet;		/* nothing on stderr where a parent is told */
};

/*
 * Returns 0, or -1 with *why filled: an unknown option, a number that is
 * none, a descriptor that is not open (EBADF), calls that contradict one
 * another (two plans, --check with a parent).
 */
int options_read(struct options *opt, int argc, char **argv,
		 struct failure *why);

/* The texts of --help and --version, ended with a newline. */
extern const char options_help[];
extern const char options_version[];

/* The version alone: "0.1.0". */
extern const char version_number[];

#endif
