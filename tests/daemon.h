/*
 * A daemon in a box: the box's host and rootfs (box.h), and containers that
 * libinit-shim spawns there.
 *
 * When it is closed no descriptor and no child may be left.
 */

#ifndef DAEMON_H
#define DAEMON_H

#include "box.h"
#include "spawn/init-shim.h"

struct daemon {
	struct box *box;
	struct init_shim *shim;
	struct init_shim_how how;	/* for daemon_spawn() */
	struct init_shim_container *container;	/* NULL: none */
	struct init_shim_error *error;		/* of the last call; NULL */
	char said[256];
	char *plan;
	unsigned long descriptors;	/* that were open before */
};

/* For cmocka. */
int daemon_open(void **state);
int daemon_open_in_userns(void **state);
int daemon_close(void **state);

#define DAEMON_TEST(function) \
	cmocka_unit_test_setup_teardown(function, daemon_open, daemon_close)
#define DAEMON_TEST_IN_USERNS(function) \
	{ #function " in a user namespace", function, daemon_open_in_userns, \
	  daemon_close, NULL }
#define DAEMON_TEST_BOTH(function) \
	DAEMON_TEST(function), DAEMON_TEST_IN_USERNS(function)

/* Spawn with a fragment of a plan, as box_run() has them; false: error. */
bool daemon_spawn(struct daemon *daemon, const char *fragment);

/* The same with the whole text; NULL: the plan comes later. */
bool daemon_spawn_text(struct daemon *daemon, const char *plan);

/* Another program in the place of the shim, tests/helpers; NULL: the shim. */
void daemon_open_shim(struct daemon *daemon, const char *helper);

/*
 * Answer all messages until the target runs or the container failed; "hooks
 * ready running", or the last word is "failed" or "late".
 */
const char *daemon_run(struct daemon *daemon);

/* Wait for the end and free it: "exit 0", "signal 9". */
const char *daemon_end(struct daemon *daemon);

/* The sentence of the last error; "" for none. */
const char *daemon_error(const struct daemon *daemon);

#endif
