/* report: a failure is told once, in words that do no harm */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire.h"

static char said[131072];

/* sync_report() with its stderr in said. */
static int report(const struct sync *parent, const struct failure *why)
{
	int saved = dup(2);
	int status;
	int ends[2];
	ssize_t got;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	dup2(ends[1], 2);
	status = sync_report(parent, why);
	dup2(saved, 2);
	close(saved);
	close(ends[1]);
	got = read(ends[0], said, sizeof(said) - 1);
	said[got > 0 ? got : 0] = '\0';
	close(ends[0]);
	return status;
}

/* What the parent hears, without a stream's newline. */
static void assert_heard(struct wire *wire, const char *message)
{
	size_t length;

	wire_hear(wire);
	length = strlen(wire->heard);
	if (length && wire->heard[length - 1] == '\n')
		wire->heard[length - 1] = '\0';
	assert_string_equal(wire->heard, message);
}

static void the_parent_is_told_all(void **state)
{
	struct wire *wire = *state;
	struct failure *why = &wire->why;

	why->stage = "mounts";
	attempt(why, "/mounts", 3, "mount", "/tmp");
	strcpy(why->kernel, "tmpfs: Bad value for 'size'");
	why->hint = "try less";
	failed_as(why, "fsconfig", EINVAL);

	assert_int_equal(report(&wire->sync, why), 125);

	assert_heard(wire,
		     "{\"type\":\"error\",\"stage\":\"mounts\","
		     "\"pointer\":\"/mounts/3\",\"operation\":\"fsconfig\","
		     "\"path\":\"/tmp\",\"errno\":22,\"name\":\"EINVAL\","
		     "\"kernel\":\"tmpfs: Bad value for 'size'\","
		     "\"hint\":\"try less\","
		     "\"message\":\"cannot mount /tmp: fsconfig: Invalid "
		     "argument: tmpfs: Bad value for 'size'; try less "
		     "(plan item /mounts/3)\"}");
	assert_string_equal(said,
			    "init-shim: cannot mount /tmp: fsconfig: Invalid "
			    "argument: tmpfs: Bad value for 'size'; try less "
			    "(plan item /mounts/3)\n");
}

static void what_is_not_known_is_empty(void **state)
{
	struct wire *wire = *state;

	refused(&wire->why, "it is so");

	assert_int_equal(report(&wire->sync, &wire->why), 125);

	assert_heard(wire,
		     "{\"type\":\"error\",\"stage\":\"\",\"pointer\":\"\","
		     "\"operation\":\"\",\"path\":\"\",\"errno\":0,"
		     "\"name\":\"\",\"message\":\"cannot go on: it is so\"}");
}

static void the_target_has_exit_codes_of_its_own(void **state)
{
	struct wire *wire = *state;

	wire->why.status = EXIT_NOT_FOUND;
	assert_int_equal(report(&wire->sync, &wire->why), 127);
	wire->why.status = EXIT_NOT_EXECUTABLE;
	assert_int_equal(report(&wire->sync, &wire->why), 126);
}

static void quiet_is_for_those_who_have_a_parent(void **state)
{
	struct wire *wire = *state;
	struct sync nobody = { .fd = -1, .quiet = true };

	wire->sync.quiet = true;
	report(&wire->sync, &wire->why);
	assert_string_equal(said, "");
	assert_int_equal(*wire_hear(wire), '{');

	report(&nobody, &wire->why);
	assert_string_equal(said, "init-shim: cannot go on\n");
}

static void what_is_no_text_is_made_text(void **state)
{
	struct wire *wire = *state;

	attempt(&wire->why, NULL, WHOLE, "run", "/\xff\"\\\x1b");
	refused(&wire->why, "a\n\tb\xc2\x9b\xc0\xaf\xed\xa0\x80\xe2\x82");

	report(&wire->sync, &wire->why);

	/* C1 is harmless there, and halves and surrogates are no text */
	assert_heard(wire,
		     "{\"type\":\"error\",\"stage\":\"\",\"pointer\":\"\","
		     "\"operation\":\"\","
		     "\"path\":\"/\xef\xbf\xbd\\\"\\\\\\u001b\",\"errno\":0,"
		     "\"name\":\"\",\"message\":\"cannot run "
		     "/\xef\xbf\xbd\\\"\\\\\\u001b: a\\u000a\\u0009b\xc2\x9b"
		     "\xef\xbf\xbd\xef\xbf\xbd"
		     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		     "\xef\xbf\xbd\xef\xbf\xbd\"}");
}

static void a_terminal_is_not_driven(void **state)
{
	struct wire *wire = *state;

	attempt(&wire->why, NULL, WHOLE, "run", "/a");
	refused(&wire->why, "\x1b[2J\r\x7f\a\xc2\x9b\x9b\n\xe2\x82\xac");

	report(&wire->sync, &wire->why);

	assert_string_equal(said,
			    "init-shim: cannot run /a: \\x1b[2J\\x0d\\x7f\\x07"
			    "\\xc2\\x9b\\x9b\\n\xe2\x82\xac\n");
}

/* The longest path and the longest detail, all of it to be escaped. */
static void the_longest_failure_is_a_whole_message(void **state)
{
	struct wire *wire = *state;
	struct failure *why = &wire->why;
	static char path[4096];
	size_t length;

	memset(path, '\x01', sizeof(path) - 1);
	memset(why->detail, '\x02', sizeof(why->detail) - 1);
	memset(why->kernel, '\x03', sizeof(why->kernel) - 1);
	memset(why->blamed, '\x04', sizeof(why->blamed) - 1);
	why->item = why->blamed;
	why->index = WHOLE;
	why->path = path;
	why->hint = "x";

	assert_int_equal(report(&wire->sync, why), 125);

	wire_hear(wire);
	length = strlen(wire->heard);
	assert_true(length > 24000);
	if (wire->heard[length - 1] == '\n')
		length--;
	assert_memory_equal(wire->heard + length - 8, "\\u0001\"}", 8);
	/* four characters for each byte of the sentence */
	assert_int_equal(said[strlen(said) - 1], '\n');
	assert_true(strlen(said) > 4 * (4095 + 4607 + 255 + 511));
}

static void a_parent_that_went_is_no_reason_to_stay(void **state)
{
	struct wire *wire = *state;

	wire_end(wire);

	assert_int_equal(report(&wire->sync, &wire->why), 125);
	assert_string_equal(said, "init-shim: cannot go on\n");
}

static void a_reader_that_went_is_not_the_exit_status(void **state)
{
	struct wire *wire = *state;
	int status = -1;

	if (fork() == 0) {
		int ends[2];

		if (pipe(ends) < 0 || dup2(ends[1], 2) != 2)
			_exit(1);
		close(ends[0]);
		_exit(sync_report(&wire->sync, &wire->why));
	}
	wait(&status);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 125);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WIRE_BOTH(the_parent_is_told_all),
		WIRE_BOTH(what_is_not_known_is_empty),
		WIRE_BOTH(the_target_has_exit_codes_of_its_own),
		WIRE_BOTH(quiet_is_for_those_who_have_a_parent),
		WIRE_BOTH(what_is_no_text_is_made_text),
		WIRE_BOTH(a_terminal_is_not_driven),
		WIRE_BOTH(the_longest_failure_is_a_whole_message),
		WIRE_BOTH(a_parent_that_went_is_no_reason_to_stay),
		WIRE_BOTH(a_reader_that_went_is_not_the_exit_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
