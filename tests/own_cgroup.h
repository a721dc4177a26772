/*
 * A cgroup of the test's own in the v1 hierarchy "pids", for it and all that
 * it starts: what a container may see of that hierarchy is then another thing
 * than its root.
 */

#ifndef OWN_CGROUP_H
#define OWN_CGROUP_H

#include <stdbool.h>

#include "box.h"

#define HOSTS "/sys/fs/cgroup"

extern struct own_cgroup {
	char path[256];		/* in its hierarchy: "/user.slice/shim-test-1" */
	char dir[512];		/* where the host has it */
	char below[600];	/* one more, below it */
	char parent[512];	/* where the test was before */
	struct stat stat;	/* of dir */
} own;

/*
 * For cmocka's setup and teardown, with a box inside.  A box on a host that
 * is not what these tests are about skips its test aloud.
 */
int own_cgroup_open(void **state);
int own_cgroup_close(void **state);

#define OWN_CGROUP_TEST(function) \
	cmocka_unit_test_setup_teardown(function, own_cgroup_open, \
					own_cgroup_close)

/* For what a test does to its host, which may be no box: stop, say where. */
#define must(box, call) must_check(box, (box)->skip || (call) >= 0, #call)
void must_check(struct box *box, bool worked, const char *call);

/*
 * For box->before: become root of one more user namespace, which owns none of
 * the container's other namespaces.
 */
void become_root_of_nobody(struct box *box);

/* The hierarchy's mount in the rootfs shows our cgroup and not its root. */
void assert_own_is_shown(struct box *box);

/* Is there a hierarchy with these words in its line of /proc/self/cgroup? */
bool is_hierarchy(const char *words);

/* A mount namespace lets go of what it mounted a little after its end. */
void wait_for_end_of(const char *words);

#endif
