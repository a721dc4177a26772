/* libinit-shim: the ways of a plan, and programs that cannot be the shim */

#include "daemon.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fd.h"

#define SHOW JSON("process": {"args": ["/bin/show", "stat", "/"]})

static void spawn_waiting(struct daemon *daemon)
{
	daemon->how.namespaces = INIT_SHIM_MOUNT | INIT_SHIM_PID |
				 INIT_SHIM_IPC | INIT_SHIM_UTS;
	daemon_spawn_text(daemon, NULL);
	assert_string_equal(daemon_error(daemon), "");
	daemon->plan = box_plan(daemon->box, SHOW);
}

/* It has no "sync.start", as a daemon has to know of a file. */
static void forget_plan(struct daemon *daemon)
{
	free(daemon->plan);
	daemon->plan = NULL;
}

static void plan_can_come_later(void **state)
{
	struct daemon *daemon = *state;

	spawn_waiting(daemon);

	assert_int_equal(init_shim_give_plan(daemon->container, daemon->plan,
					     strlen(daemon->plan), NULL), 0);
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

static void plan_can_be_a_file(void **state)
{
	struct daemon *daemon = *state;
	autoclose int file = memfd_create("plan", MFD_CLOEXEC);

	spawn_waiting(daemon);
	assert_true(write(file, daemon->plan, strlen(daemon->plan)) > 0);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);

	assert_int_equal(init_shim_give_plan_fd(daemon->container, file,
						NULL), 0);
	forget_plan(daemon);
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

static void plan_can_be_a_pipe(void **state)
{
	struct daemon *daemon = *state;
	int ends[2];

	spawn_waiting(daemon);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);

	assert_int_equal(init_shim_give_plan_fd(daemon->container, ends[0],
						NULL), 0);
	close(ends[0]);
	assert_true(write(ends[1], daemon->plan, strlen(daemon->plan)) > 0);
	close(ends[1]);
	forget_plan(daemon);
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

/* A megabyte, which no socket's buffer would take. */
static void large_plan_is_one_like_others(void **state)
{
	struct daemon *daemon = *state;
	size_t size = 1 << 20;
	char *fragment = malloc(size);

	assert_non_null(fragment);
	memset(fragment, ' ', size);
	memcpy(fragment + size - sizeof(SHOW), SHOW, sizeof(SHOW));
	daemon_spawn(daemon, fragment);
	free(fragment);

	assert_string_equal(daemon_error(daemon), "");
	assert_string_equal(daemon_run(daemon), "hooks ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

/* The shim would take it for a message too many, but only if it heard it. */
static void start_is_said_to_whom_waits_for_it(void **state)
{
	struct daemon *daemon = *state;
	static const char *const plans[] = {
		SHOW, JSON("sync": {"hooks": true, "start": true}, ) SHOW,
		JSON("sync": {"start": false}, ) SHOW,
		JSON("x-sync": {"sync": {"start": true}}, "sync": {}, ) SHOW,
	};
	size_t i;

	for (i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		daemon_spawn(daemon, plans[i]);
		assert_string_equal(daemon_run(daemon), "hooks ready running");
		assert_string_equal(daemon_end(daemon), "exit 0");
	}
}

static void empty_plan_is_refused_by_the_shim(void **state)
{
	struct daemon *daemon = *state;

	daemon_spawn_text(daemon, "{}");

	assert_string_equal(daemon_run(daemon), "failed");
	assert_string_equal(daemon->error->stage, "plan");
	assert_string_equal(daemon_end(daemon), "exit 125");
}

static void abort_ends_the_shim(void **state)
{
	struct daemon *daemon = *state;

	spawn_waiting(daemon);

	assert_int_equal(init_shim_abort(daemon->container, NULL), 0);
	assert_string_equal(daemon_run(daemon), "failed");
	assert_string_equal(daemon_error(daemon), "cannot receive the plan: "
			    "the parent gave up (abort)");
	assert_string_equal(daemon_end(daemon), "exit 125");
}

static void quiet_shim_tells_its_parent_only(void **state)
{
	struct daemon *daemon = *state;
	autoclose int log = memfd_create("log", MFD_CLOEXEC);
	const struct init_shim_fd to = { log, 2 };
	char said[64];

	daemon->how.fds = &to;
	daemon->how.fd_count = 1;
	daemon->how.quiet = 1;
	daemon_spawn_text(daemon, "{}");

	assert_string_equal(daemon_run(daemon), "failed");
	assert_string_equal(daemon_end(daemon), "exit 125");
	assert_int_equal(pread(log, said, sizeof(said), 0), 0);
}

static void try_open(struct daemon *daemon, const char *path,
		     const char *error)
{
	init_shim_error_free(daemon->error);
	daemon->error = NULL;
	assert_null(init_shim_open(path, &daemon->error));
	assert_string_equal(daemon_error(daemon), error);
}

static void what_is_no_program_is_told(void **state)
{
	struct daemon *daemon = *state;

	box_file(daemon->box, "/tmp/text", "hello");
	try_open(daemon, "/tmp/none", "cannot open the shim /tmp/none: "
		 "open: No such file or directory");
	try_open(daemon, "/tmp", "cannot open the shim /tmp: it is no regular "
		 "file");
	init_shim_error_free(daemon->error);
	daemon->error = NULL;
	init_shim_close(daemon->shim);
	daemon->shim = init_shim_open("/tmp/text", NULL);
	assert_non_null(daemon->shim);
	assert_false(daemon_spawn(daemon, ""));
	assert_string_equal(daemon_error(daemon), "cannot execute the shim: "
			    "execveat: Exec format error");
	assert_string_equal(daemon->error->stage, "spawn");
	assert_string_equal(daemon->error->name, "ENOEXEC");
	assert_int_equal(daemon->error->origin, INIT_SHIM_BY_LIBRARY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST_BOTH(plan_can_come_later),
		DAEMON_TEST(plan_can_be_a_file),
		DAEMON_TEST(plan_can_be_a_pipe),
		DAEMON_TEST_BOTH(large_plan_is_one_like_others),
		DAEMON_TEST(start_is_said_to_whom_waits_for_it),
		DAEMON_TEST(empty_plan_is_refused_by_the_shim),
		DAEMON_TEST(abort_ends_the_shim),
		DAEMON_TEST(quiet_shim_tells_its_parent_only),
		DAEMON_TEST_BOTH(what_is_no_program_is_told),
	};

	return cmocka_run_group_tests_name("spawn_plan", tests, NULL, NULL);
}
