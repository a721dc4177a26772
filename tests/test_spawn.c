/* libinit-shim: from the plan to the exit status */

#include "daemon.h"

#include <signal.h>

#define SHOW JSON("process": {"args": ["/bin/show", "stat", "/"]})

static void target_runs_and_its_status_is_told(void **state)
{
	struct daemon *daemon = *state;

	daemon_spawn(daemon, SHOW);

	assert_string_equal(daemon_error(daemon), "");
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

static void target_is_killed_and_that_is_told(void **state)
{
	struct daemon *daemon = *state;

	daemon_spawn(daemon, JSON("sync": {"hooks": false, "start": true}));

	assert_string_equal(daemon_run(daemon), "ready running");
	assert_int_equal(init_shim_wait(daemon->container, 0, NULL, NULL), 0);
	assert_int_equal(init_shim_kill(daemon->container, SIGKILL, NULL), 0);
	assert_string_equal(daemon_end(daemon), "signal 9");
}

static void failure_of_the_shim_comes_with_all_its_fields(void **state)
{
	struct daemon *daemon = *state;

	daemon_spawn(daemon, JSON("mounts": [
		{"type": "tmpfs", "destination": "/tmp", "options": ["size=x"]}
	]));

	assert_string_equal(daemon_run(daemon), "failed");
	assert_int_equal(daemon->error->origin, INIT_SHIM_BY_SHIM);
	assert_string_equal(daemon->error->stage, "mounts");
	assert_string_equal(daemon->error->pointer, "/mounts/0");
	assert_string_equal(daemon->error->path, "/tmp");
	assert_string_equal(daemon->error->name, "EINVAL");
	assert_int_equal(daemon->error->number, 22);
	assert_string_equal(daemon_end(daemon), "exit 125");
}

static void shim_that_dies_without_a_word_is_told(void **state)
{
	struct daemon *daemon = *state;

	daemon_spawn(daemon, JSON("sync": {"hooks": true}));
	init_shim_kill(daemon->container, SIGKILL, NULL);

	while (init_shim_next(daemon->container, 30000,
			      &(struct init_shim_message){0},
			      &daemon->error) > 0)
		;
	assert_string_equal(daemon_error(daemon),
			    "cannot spawn the container: the shim died and "
			    "said nothing: signal 9 killed it");
	assert_int_equal(daemon->error->origin, INIT_SHIM_DIED);
	assert_int_equal(daemon->error->signal, SIGKILL);
	assert_string_equal(daemon_end(daemon), "signal 9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST_BOTH(target_runs_and_its_status_is_told),
		DAEMON_TEST_BOTH(target_is_killed_and_that_is_told),
		DAEMON_TEST_BOTH(failure_of_the_shim_comes_with_all_its_fields),
		DAEMON_TEST_BOTH(shim_that_dies_without_a_word_is_told),
	};

	return cmocka_run_group_tests_name("spawn", tests, NULL, NULL);
}
