/*
 * A cgroup of the test's own in the v1 hierarchy "pids": what a container may
 * see of that hierarchy is then another thing than its root.
 */

#ifndef OWN_CGROUP_H
#define OWN_CGROUP_H

#include <stdbool.h>

#include "mounting.h"

#define HOSTS "/sys/fs/cgroup"

extern struct own_cgroup {
	char path[256];		/* in its hierarchy: "/user.slice/shim-test-1" */
	char dir[512];		/* where the host has it */
	char below[600];	/* one more, below it */
} own;

/* For cmocka's setup and teardown: mounting.h, of type "cgroup". */
int own_cgroup_open(void **state);
int own_cgroup_close(void **state);

/* Make the cgroup, or skip aloud where that cannot be; then mount. */
void own_cgroup_run(struct mounting *mounting, void (*before)(void));

/* In before(), and as such: move there. */
void own_cgroup_enter(void);

/* The hierarchy's mount in the rootfs shows our cgroup and not its root. */
void assert_own_is_shown(struct mounting *mounting);

/* A mount of a hierarchy, with its source and its filesystem's options. */
void assert_hierarchy(struct mounting *mounting, const char *path,
		      const char *source, const char *super);

/* Is there a hierarchy with these words in its line of /proc/self/cgroup? */
bool is_hierarchy(const char *words);

/* A mount namespace lets go of what it mounted a little after its end. */
void wait_for_end_of(const char *words);

#endif
