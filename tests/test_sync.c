/* sync: what shim and parent say to one another, and what ends it */

#include "sync/sync.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire.h"

#define GONE "the parent went away"
#define WAITING "cannot wait for the parent's hooks: "

static const char *hooks(struct wire *wire)
{
	if (sync_announce_hooks(&wire->sync, &wire->why) < 0)
		return wire_error(wire, -1);
	return wire_error(wire, sync_await_hooks(&wire->sync, &wire->why));
}

static const char *ready(struct wire *wire, bool wait)
{
	if (sync_ready(&wire->sync, wait, &wire->why) < 0)
		return wire_error(wire, -1);
	return wire_error(wire, sync_look(&wire->sync, &wire->why));
}

/* As the shim sends it: with the newline that a stream needs. */
static void assert_heard(struct wire *wire, const char *message)
{
	char expected[256];

	snprintf(expected, sizeof(expected), "%s%s", message,
		 wire->sync.type == SOCK_STREAM ? "\n" : "");
	assert_string_equal(wire_hear(wire), expected);
}

static void hooks_are_asked_for_and_waited_for(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"resume\"}");

	assert_string_equal(hooks(wire), "");
	assert_heard(wire, "{\"type\":\"hooks\"}");
}

static void a_message_may_come_in_pieces(void **state)
{
	struct wire *wire = *state;

	wire_say_bytes(wire, "{\"type\":", 8);
	if (fork() == 0) {
		usleep(20000);
		send(wire->parent, "\"resume\"}\n", 10, 0);
		_exit(0);
	}

	assert_string_equal(hooks(wire), "");
	wait(NULL);
}

static void two_messages_may_come_at_once(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"resume\"}\n{\"type\":\"start\"}");

	assert_string_equal(hooks(wire), "");
	assert_string_equal(ready(wire, true), "");
}

static void a_socket_that_does_not_block_is_waited_for(void **state)
{
	struct wire *wire = *state;

	fcntl(wire->sync.fd, F_SETFL, O_NONBLOCK);
	if (fork() == 0) {
		usleep(20000);
		send(wire->parent, "{\"type\":\"resume\"}\n", 18, 0);
		_exit(0);
	}

	assert_string_equal(hooks(wire), "");
	wait(NULL);
}

static void a_parent_that_gives_up_is_believed(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"abort\",\"x-why\":\"bored\"}");

	assert_string_equal(hooks(wire),
			    WAITING "the parent gave up (abort)");
	assert_string_equal(wire->why.stage, "hooks");
	assert_int_equal(wire->why.status, 0);
}

static void a_parent_that_went_is_missed(void **state)
{
	struct wire *wire = *state;

	wire_end(wire);

	assert_string_equal(hooks(wire), WAITING GONE);
}

static void a_parent_that_goes_while_we_wait_is_missed(void **state)
{
	struct wire *wire = *state;

	if (fork() == 0) {
		usleep(20000);
		_exit(0);
	}
	/* the child has the last copy of its end */
	wire_end(wire);
	assert_string_equal(hooks(wire), WAITING GONE);
	wait(NULL);
}

/* ECONNRESET instead of the end of file: unix(7). */
static void a_parent_that_went_without_reading_is_missed(void **state)
{
	struct wire *wire = *state;

	assert_int_equal(send(wire->sync.fd, "unread", 6, 0), 6);
	if (fork() == 0) {
		usleep(20000);
		_exit(0);
	}
	wire_end(wire);

	assert_string_equal(hooks(wire), WAITING GONE);
	wait(NULL);
}

static void half_a_message_of_a_dead_parent_holds_nobody(void **state)
{
	struct wire *wire = *state;

	wire_say_bytes(wire, "{\"type\":\"resume\"}", 17);
	if (fork() == 0) {
		usleep(20000);
		_exit(0);
	}
	wire_end(wire);

	assert_string_equal(hooks(wire), WAITING GONE);
	assert_int_equal(wire->sync.pending_length, 17);
	wait(NULL);
}

static void an_unexpected_message_is_quoted(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"start\"}");

	assert_string_equal(hooks(wire),
			    WAITING "the parent sent an unexpected message: "
			    "{\"type\":\"start\"}");
}

static void an_unknown_key_is_no_resume(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"resume\",\"now\":true}");

	assert_string_equal(hooks(wire),
			    WAITING "the parent sent an unexpected message: "
			    "{\"type\":\"resume\",\"now\":true}");
}

static void a_quotation_is_short_and_harmless(void **state)
{
	struct wire *wire = *state;
	static const char said[] =
		"\x1b[2J 5678901234567890123456789012345678901234567890123456"
		"\xe2\x82\xac 6789";

	wire_say(wire, said);

	assert_string_equal(hooks(wire),
			    WAITING "the parent sent an unexpected message: "
			    "\\x1b[2J 567890123456789012345678901234567890123"
			    "4567890123456\xe2\x82\xac ");
}

static void a_message_is_bounded(void **state)
{
	struct wire *wire = *state;
	char said[MESSAGE_MAX + 2];

	memset(said, ' ', sizeof(said));
	said[sizeof(said) - 1] = '\0';
	wire_say(wire, said);

	assert_string_equal(hooks(wire),
			    WAITING "the parent sent a message of more than "
			    "512 bytes");
}

static void a_message_may_be_as_long_as_its_bound(void **state)
{
	struct wire *wire = *state;
	char said[MESSAGE_MAX];

	memset(said, ' ', sizeof(said));
	memcpy(said, "{\"type\":\"resume\"}", 17);
	said[sizeof(said) - 1] = '\0';
	wire_say(wire, said);

	assert_string_equal(hooks(wire), "");
}

static void a_descriptor_nobody_asked_for_is_closed(void **state)
{
	struct wire *wire = *state;
	int fd = 2;

	wire_say_with(wire, "{\"type\":\"resume\"}", &fd, 1);

	assert_string_equal(hooks(wire),
			    WAITING "the parent sent a descriptor that nobody "
			    "asked for");
}

static void ready_is_said_and_start_waited_for(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"start\"}");

	assert_string_equal(ready(wire, true), "");
	assert_heard(wire, "{\"type\":\"ready\"}");
}

static void without_start_nobody_is_waited_for(void **state)
{
	struct wire *wire = *state;

	assert_string_equal(ready(wire, false), "");
	assert_heard(wire, "{\"type\":\"ready\"}");
}

static void without_start_an_abort_counts(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"abort\"}");

	assert_string_equal(ready(wire, false),
			    "cannot start the target: the parent gave up "
			    "(abort)");
	assert_string_equal(wire->why.stage, "process");
}

static void without_start_an_abort_that_is_read_already_counts(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"resume\"}\n{\"type\":\"abort\"}");

	assert_string_equal(hooks(wire), "");
	assert_string_equal(ready(wire, false),
			    "cannot start the target: the parent gave up "
			    "(abort)");
}

static void without_start_a_parent_that_went_counts(void **state)
{
	struct wire *wire = *state;

	assert_int_equal(shutdown(wire->parent, SHUT_WR), 0);

	assert_string_equal(ready(wire, false),
			    "cannot start the target: " GONE);
}

static void without_start_any_message_is_one_too_many(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"start\"}");

	assert_string_equal(ready(wire, false),
			    "cannot start the target: the parent sent an "
			    "unexpected message: {\"type\":\"start\"}");
}

static void without_start_half_a_message_is_one_too_many(void **state)
{
	struct wire *wire = *state;

	wire_say_bytes(wire, "{", 1);

	assert_string_equal(ready(wire, false),
			    "cannot start the target: the parent sent an "
			    "unexpected message: {");
}

static void without_a_parent_nobody_is_told(void **state)
{
	struct sync nobody = { .fd = -1, .progress = true };
	struct failure why = {0};

	(void)state;
	assert_int_equal(sync_announce_hooks(&nobody, &why), 0);
	assert_int_equal(sync_await_hooks(&nobody, &why), 0);
	assert_int_equal(sync_ready(&nobody, true, &why), 0);
	assert_int_equal(sync_look(&nobody, &why), 0);
	assert_int_equal(sync_progress(&nobody, "mounts", 1, 2, &why), 0);
}

/* The other end of a pipe comes along: what is written there arrives here. */
static void a_descriptor_goes_with_its_message(void **state)
{
	struct wire *wire = *state;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char text[64] = "", byte = 0;
	struct iovec bytes = { text, sizeof(text) - 1 };
	struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int ends[2], fd;

	assert_int_equal(pipe(ends), 0);
	assert_string_equal(wire_error(wire, sync_hand_over(&wire->sync,
				"console", ends[1], &wire->why)), "");
	close(ends[1]);

	assert_true(recvmsg(wire->parent, &message, 0) > 0);
	assert_string_equal(text, wire->sync.type == SOCK_STREAM ?
			    "{\"type\":\"console\"}\n" :
			    "{\"type\":\"console\"}");
	assert_int_equal(control.header.cmsg_len, CMSG_LEN(sizeof(int)));
	assert_int_equal(control.header.cmsg_type, SCM_RIGHTS);
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(fd);
	close(ends[0]);
}

static void a_parent_that_is_gone_gets_no_descriptor(void **state)
{
	struct wire *wire = *state;

	wire_end(wire);
	assert_string_equal(wire_error(wire, sync_hand_over(&wire->sync,
				"console", 0, &wire->why)),
			    "cannot go on: the parent went away");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WIRE_BOTH(a_descriptor_goes_with_its_message),
		WIRE_BOTH(a_parent_that_is_gone_gets_no_descriptor),
		WIRE_BOTH(hooks_are_asked_for_and_waited_for),
		WIRE_STREAM(a_message_may_come_in_pieces),
		WIRE_STREAM(two_messages_may_come_at_once),
		WIRE_BOTH(a_socket_that_does_not_block_is_waited_for),
		WIRE_BOTH(a_parent_that_gives_up_is_believed),
		WIRE_BOTH(a_parent_that_went_is_missed),
		WIRE_BOTH(a_parent_that_goes_while_we_wait_is_missed),
		WIRE_BOTH(a_parent_that_went_without_reading_is_missed),
		WIRE_STREAM(half_a_message_of_a_dead_parent_holds_nobody),
		WIRE_BOTH(an_unexpected_message_is_quoted),
		WIRE_BOTH(an_unknown_key_is_no_resume),
		WIRE_BOTH(a_quotation_is_short_and_harmless),
		WIRE_BOTH(a_message_is_bounded),
		WIRE_BOTH(a_message_may_be_as_long_as_its_bound),
		WIRE_BOTH(a_descriptor_nobody_asked_for_is_closed),
		WIRE_BOTH(ready_is_said_and_start_waited_for),
		WIRE_BOTH(without_start_nobody_is_waited_for),
		WIRE_BOTH(without_start_an_abort_counts),
		WIRE_STREAM(without_start_an_abort_that_is_read_already_counts),
		WIRE_BOTH(without_start_a_parent_that_went_counts),
		WIRE_BOTH(without_start_any_message_is_one_too_many),
		WIRE_STREAM(without_start_half_a_message_is_one_too_many),
		cmocka_unit_test(without_a_parent_nobody_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
