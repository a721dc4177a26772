/* libinit-shim: what is said, and what may come instead of it */

#include "daemon.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"

/* A shim that says what the script has (helpers/babble.c). */
static void spawn_babble(struct daemon *daemon, const char *script)
{
	daemon_open_shim(daemon, "babble");
	daemon->how.namespaces = INIT_SHIM_UTS;
	daemon_spawn_text(daemon, script);
	assert_string_equal(daemon_error(daemon), "");
}

static int next(struct daemon *daemon, struct init_shim_message *message)
{
	init_shim_error_free(daemon->error);
	daemon->error = NULL;
	return init_shim_next(daemon->container, 30000, message,
			      &daemon->error);
}

/* The script ends in a failure, and that in this one. */
static void assert_failure(struct daemon *daemon, const char *script,
			   const char *error)
{
	spawn_babble(daemon, script);
	daemon_run(daemon);
	assert_string_equal(daemon_error(daemon), error);
	daemon_end(daemon);
}

static void all_fields_of_an_error_arrive(void **state)
{
	struct daemon *daemon = *state;

	spawn_babble(daemon, "- {\"type\":\"error\",\"stage\":\"mounts\","
		     "\"pointer\":\"/mounts/3\",\"operation\":\"mount\","
		     "\"path\":\"/a\\u00e4\\n\",\"errno\":22,"
		     "\"name\":\"EINVAL\",\"kernel\":\"tmpfs: no\","
		     "\"hint\":\"try less\",\"x-new\":[{\"a\":1},[]],"
		     "\"message\":\"cannot\"}\nexit 125");

	assert_string_equal(daemon_run(daemon), "failed");
	assert_int_equal(daemon->error->origin, INIT_SHIM_BY_SHIM);
	assert_string_equal(daemon->error->stage, "mounts");
	assert_string_equal(daemon->error->pointer, "/mounts/3");
	assert_string_equal(daemon->error->operation, "mount");
	assert_string_equal(daemon->error->path, "/a\xc3\xa4\n");
	assert_int_equal(daemon->error->number, 22);
	assert_string_equal(daemon->error->name, "EINVAL");
	assert_string_equal(daemon->error->kernel, "tmpfs: no");
	assert_string_equal(daemon->error->hint, "try less");
	assert_string_equal(daemon->error->message, "cannot");
	assert_string_equal(daemon_end(daemon), "exit 125");
}

static void long_strings_are_cut(void **state)
{
	struct daemon *daemon = *state;

	spawn_babble(daemon, "large\nexit 125");

	assert_string_equal(daemon_run(daemon), "failed");
	assert_int_equal(strlen(daemon->error->message), 16383);
	daemon_end(daemon);
}

static void progress_has_its_numbers(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_message message;

	spawn_babble(daemon, "- {\"type\":\"progress\",\"stage\":\"mounts\","
		     "\"done\":512,\"total\":20000}\nexit 0");

	assert_int_equal(next(daemon, &message), 1);
	assert_int_equal(message.event, INIT_SHIM_PROGRESS);
	assert_string_equal(message.stage, "mounts");
	assert_int_equal(message.done, 512);
	assert_int_equal(message.total, 20000);
	assert_int_equal(message.fd, -1);
}

static void descriptor_of_a_message_is_the_callers(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_message message;
	struct stat null, got;

	spawn_babble(daemon, "+ {\"type\":\"console\"}\n"
		     "+ {\"type\":\"seccomp\"}\nexit 0");

	assert_int_equal(next(daemon, &message), 1);
	assert_int_equal(message.event, INIT_SHIM_CONSOLE);
	assert_int_equal(stat("/dev/null", &null), 0);
	assert_int_equal(fstat(message.fd, &got), 0);
	assert_int_equal(got.st_rdev, null.st_rdev);
	assert_int_equal(fcntl(message.fd, F_GETFD), FD_CLOEXEC);
	close(message.fd);
	assert_int_equal(next(daemon, &message), 1);
	assert_int_equal(message.event, INIT_SHIM_SECCOMP);
	close(message.fd);
}

static void what_is_no_message_is_told(void **state)
{
	struct daemon *daemon = *state;
#define CANNOT "cannot understand the shim: "

	assert_failure(daemon, "- hello",
		       CANNOT "the shim sent what is no message");
	assert_failure(daemon, "- {\"type\":\"hooks\"",
		       CANNOT "the shim sent what is no message");
	assert_failure(daemon, "- {\"type\":\"tea\"}",
		       CANNOT "the shim sent a message \"tea\"");
	assert_failure(daemon, "- {}",
		       CANNOT "the shim sent a message \"\"");
	assert_failure(daemon, "- {\"type\":\"console\"}",
		       CANNOT "the message \"console\" came without its "
		       "descriptor");
	assert_failure(daemon, "+ {\"type\":\"hooks\"}",
		       CANNOT "the message \"hooks\" came with a descriptor");
	assert_failure(daemon, "* {\"type\":\"console\"}",
		       CANNOT "recvmsg: Protocol error");
}

static void shim_that_cannot_be_followed_is_killed(void **state)
{
	struct daemon *daemon = *state;

	spawn_babble(daemon, "- hello");

	daemon_run(daemon);
	assert_string_equal(daemon_end(daemon), "signal 9");
}

static void silent_exit_is_told_with_its_status(void **state)
{
	struct daemon *daemon = *state;

	assert_failure(daemon, "- {\"type\":\"hooks\"}\n"
		       "? {\"type\":\"resume\"}\nexit 41",
		       "cannot spawn the container: the shim died and said "
		       "nothing: it exited with status 41");
}

static void one_that_closes_its_socket_is_ended(void **state)
{
	struct daemon *daemon = *state;

	assert_failure(daemon, "",
		       "cannot spawn the container: the shim died and said "
		       "nothing: signal 9 killed it");
}

static void after_a_failure_nothing_follows(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_message message;

	spawn_babble(daemon, "- {\"type\":\"error\",\"message\":\"no\"}\n"
		     "- {\"type\":\"hooks\"}\nexit 125");

	assert_int_equal(next(daemon, &message), -1);
	assert_string_equal(daemon_error(daemon), "no");
	assert_int_equal(next(daemon, &message), -1);
	assert_string_equal(daemon_error(daemon), "cannot listen to the shim: "
			    "the container has failed before");
}

static void answers_are_those_of_the_protocol(void **state)
{
	struct daemon *daemon = *state;

	spawn_babble(daemon, "? {\"type\":\"resume\"}\n"
		     "? {\"type\":\"start\"}\n? {\"type\":\"abort\"}\n"
		     "- {\"type\":\"ready\"}\nexit 0");

	assert_int_equal(init_shim_resume(daemon->container, NULL), 0);
	assert_int_equal(init_shim_start(daemon->container, NULL), 0);
	assert_int_equal(init_shim_abort(daemon->container, NULL), 0);
	assert_string_equal(daemon_run(daemon), "ready running");
	assert_string_equal(daemon_end(daemon), "exit 0");
}

static void answer_to_nobody_is_an_error(void **state)
{
	struct daemon *daemon = *state;

	spawn_babble(daemon, "- {\"type\":\"ready\"}\nexit 0");

	assert_string_equal(daemon_run(daemon), "ready running");
	assert_int_equal(init_shim_start(daemon->container, &daemon->error),
			 -1);
	assert_string_equal(daemon_error(daemon),
			    "cannot answer the shim: sendmsg: Broken pipe");
	daemon_end(daemon);
}

static bool is_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 1;
}

static void nobody_has_to_wait(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_message message;
	int fd;

	spawn_babble(daemon, "? {\"type\":\"resume\"}\n"
		     "- {\"type\":\"ready\"}\nexit 0");
	fd = init_shim_poll_fd(daemon->container);

	assert_false(is_readable(fd));
	assert_int_equal(init_shim_next(daemon->container, 0, &message,
					NULL), 0);
	assert_int_equal(init_shim_next(daemon->container, 10, &message,
					NULL), 0);
	assert_int_equal(init_shim_wait(daemon->container, 10, NULL, NULL),
			 0);
	init_shim_resume(daemon->container, NULL);
	assert_string_equal(daemon_run(daemon), "ready running");
	assert_true(is_readable(fd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST(all_fields_of_an_error_arrive),
		DAEMON_TEST(long_strings_are_cut),
		DAEMON_TEST(progress_has_its_numbers),
		DAEMON_TEST(descriptor_of_a_message_is_the_callers),
		DAEMON_TEST(what_is_no_message_is_told),
		DAEMON_TEST(shim_that_cannot_be_followed_is_killed),
		DAEMON_TEST(silent_exit_is_told_with_its_status),
		DAEMON_TEST(one_that_closes_its_socket_is_ended),
		DAEMON_TEST(after_a_failure_nothing_follows),
		DAEMON_TEST(answers_are_those_of_the_protocol),
		DAEMON_TEST(answer_to_nobody_is_an_error),
		DAEMON_TEST(nobody_has_to_wait),
	};

	return cmocka_run_group_tests_name("spawn_talk", tests, NULL, NULL);
}
