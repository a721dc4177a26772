/* What a container is to this library.  For the spawn room alone. */

#ifndef SPAWN_CONTAINER_H
#define SPAWN_CONTAINER_H

#include <stdbool.h>

#include "spawn/init-shim.h"

struct init_shim {
	int program;		/* a sealed file in memory */
	int null;		/* /dev/null */
};

struct init_shim_container {
	pid_t pid;
	int pidfd;		/* -1: this kernel has none */
	int socket;		/* our end */
	bool goes_on;		/* after "ready", and waits for no "start" */
	bool ready;		/* the shim said so */
	bool running;		/* and then was the shim no more */
	bool failed;		/* the caller was told why */
	bool ended;		/* waited for: */
	struct init_shim_status status;
};

#endif
