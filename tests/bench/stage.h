/*
 * A stage: the mount namespace, rootfs and plan that the subjects work with.
 * All of it lies in a tmpfs on /tmp that ends with the process.
 */

#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>

#include "floor.h"

#define ROOTFS "/tmp/rootfs"
#define TARGET "/bin/target"
#define SHOW "/bin/show"

/* Of what show tells, what is to be the same. */
#define SHOW_SECTIONS "ids", "capabilities", "limits", "signals", "session", \
		      "fds", "mounts", "dev"

/* What is done beyond the default plan. */
struct scenario {
	unsigned binds;		/* of BIND_SOURCE on /binds/00000 ... */
	unsigned masks;		/* files /masks/00000 ... */
	unsigned copied;	/* small files below a tmpcopyup */
	bool network;		/* in a network namespace of its own */
};

/* End the program with a line on stderr. */
_Noreturn void die(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Descriptors of the programs that become TARGET and SHOW; show may be -1. */
void stage_open(const struct scenario *scenario, int target, int show);

/* The plan for init-shim, and runc's and crun's; free(3). */
char *plan_text(const struct scenario *scenario, const char *target,
		bool start);
char *plan_oci(const struct scenario *scenario);

#endif
