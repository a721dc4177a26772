/* sync: the plan arrives whole, with what belongs to it and nothing else */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "kernel/text.h"
#include "wire.h"

#define PLAN "{\"version\":1,\"rootfs\":{\"path\":\"/r\"}}"

static struct text text;

/* The sentence; "" where a plan has arrived. */
static const char *receive(struct wire *wire)
{
	text_free(&text);
	return wire_error(wire, sync_receive_plan(&wire->sync, &text,
						  &wire->why));
}

static void assert_plan(const char *plan)
{
	assert_int_equal(text.length, strlen(plan));
	assert_memory_equal(text.bytes, plan, strlen(plan));
}

/* A file without a name whose offset is behind the text. */
static int make_file(const char *bytes)
{
	int fd = memfd_create("plan", MFD_CLOEXEC);

	assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
	return fd;
}

static void the_first_message_is_the_plan(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, PLAN);

	assert_string_equal(receive(wire), "");
	assert_plan(PLAN);
}

static void a_plan_may_come_in_pieces(void **state)
{
	struct wire *wire = *state;

	wire_say_bytes(wire, PLAN, 7);
	if (fork() == 0) {
		usleep(20000);
		send(wire->parent, PLAN "\n", sizeof(PLAN), 0);
		_exit(0);
	}

	assert_string_equal(receive(wire), "");
	wait(NULL);
	assert_int_equal(text.length, 7 + strlen(PLAN));
}

static void a_plan_may_be_larger_than_a_socket_buffer(void **state)
{
	struct wire *wire = *state;
	size_t length = (3 << 20) + 5;
	char *plan = malloc(length + 1);
	size_t i;

	for (i = 0; i < length; i++)
		plan[i] = (char)('a' + (i + i / 997) % 26);
	plan[length] = '\n';
	if (fork() == 0) {
		send(wire->parent, plan, length + 1, 0);
		_exit(0);
	}

	assert_string_equal(receive(wire), "");
	wait(NULL);
	assert_int_equal(text.length, length);
	assert_memory_equal(text.bytes, plan, length);
	free(plan);
}

static void a_plan_that_never_ends_is_refused(void **state)
{
	struct wire *wire = *state;
	pid_t child = fork();

	if (child == 0) {
		static char bytes[1 << 20];

		while (send(wire->parent, bytes, sizeof(bytes), 0) > 0)
			;
		_exit(0);
	}

	assert_string_equal(receive(wire),
			    "cannot receive the plan: it is larger than the "
			    "64 MiB that a plan may have");
	kill(child, SIGKILL);
	wait(NULL);
}

static void a_packet_may_be_large(void **state)
{
	struct wire *wire = *state;
	char *plan = malloc(150001);

	memset(plan, ' ', 150000);
	plan[150000] = '\0';
	wire_say(wire, plan);

	assert_string_equal(receive(wire), "");
	assert_plan(plan);
	free(plan);
}

static void a_plan_may_be_in_a_file(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);

	wire_say_with(wire, "{\"type\":\"plan\"}", &fd, 1);
	close(fd);

	assert_string_equal(receive(wire), "");
	assert_plan(PLAN);
}

static void a_plan_may_be_in_a_pipe(void **state)
{
	struct wire *wire = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], PLAN, strlen(PLAN)), strlen(PLAN));
	wire_say_with(wire, " {\"type\" : \"plan\", \"x-a\": 1}", ends, 1);
	close(ends[0]);
	close(ends[1]);

	assert_string_equal(receive(wire), "");
	assert_plan(PLAN);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);

	assert_int_equal(ftruncate(fd, PLAN_MAX_BYTES + 1), 0);
	wire_say_with(wire, "{\"type\":\"plan\"}", &fd, 1);
	close(fd);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: it is larger than the "
			    "64 MiB that a plan may have");
}

static void a_plan_without_its_file_is_refused(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"plan\"}");

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the message \"plan\" "
			    "came without its descriptor");
	assert_string_equal(wire->why.stage, "plan");
}

static void a_second_file_is_closed_and_refused(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);
	int fds[] = { fd, fd };

	wire_say_with(wire, "{\"type\":\"plan\"}", fds, 2);
	close(fd);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent sent more "
			    "descriptors than there is use for");
}

static void many_files_are_closed_and_refused(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);
	int fds[] = { fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd, fd };

	wire_say_with(wire, "{\"type\":\"plan\"}", fds, 12);
	close(fd);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent sent more "
			    "descriptors than there is use for");
}

static void a_file_in_each_piece_is_one_too_many(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);

	/* no newline behind the first */
	wire->sync.type = SOCK_SEQPACKET;
	wire_say_with(wire, "{\"type\":", &fd, 1);
	wire->sync.type = SOCK_STREAM;
	wire_say_with(wire, "\"plan\"}", &fd, 1);
	close(fd);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent sent more "
			    "descriptors than there is use for");
}

static void a_file_beside_the_plan_is_closed_and_refused(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);

	wire_say_with(wire, PLAN, &fd, 1);
	close(fd);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent sent a "
			    "descriptor that nobody asked for");
}

static void credentials_that_come_along_are_no_descriptor(void **state)
{
	struct wire *wire = *state;
	int fd = make_file(PLAN);
	int on = 1;

	setsockopt(wire->sync.fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	wire_say_with(wire, "{\"type\":\"plan\"}", &fd, 1);
	close(fd);

	assert_string_equal(receive(wire), "");
	assert_plan(PLAN);
}

static void a_parent_may_give_up_at_once(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, "{\"type\":\"abort\"}");

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent gave up "
			    "(abort)");
}

static void half_a_plan_is_none(void **state)
{
	struct wire *wire = *state;

	wire_say_bytes(wire, PLAN, strlen(PLAN));
	wire_end(wire);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent went away "
			    "before the whole plan had arrived");
}

static void a_parent_may_go_without_a_word(void **state)
{
	struct wire *wire = *state;

	wire_end(wire);

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent went away "
			    "before the whole plan had arrived");
	assert_int_equal(wire->why.status, 0);
}

static void what_is_behind_the_line_is_the_next_message(void **state)
{
	struct wire *wire = *state;

	wire_say(wire, PLAN "\n{\"type\":\"resume\"}");

	assert_string_equal(receive(wire), "");
	assert_plan(PLAN);
	assert_string_equal(wire_error(wire, sync_await_hooks(&wire->sync,
							&wire->why)), "");
}

static void too_much_behind_the_line_is_refused(void **state)
{
	struct wire *wire = *state;
	char more[MESSAGE_MAX + 16];

	memset(more, ' ', sizeof(more));
	more[0] = '\n';
	wire_say_bytes(wire, more, sizeof(more));

	assert_string_equal(receive(wire),
			    "cannot receive the plan: the parent sent more "
			    "than a message behind the plan's line");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WIRE_BOTH(the_first_message_is_the_plan),
		WIRE_STREAM(a_plan_may_come_in_pieces),
		WIRE_STREAM(a_plan_may_be_larger_than_a_socket_buffer),
		WIRE_STREAM(a_plan_that_never_ends_is_refused),
		WIRE_PACKET(a_packet_may_be_large),
		WIRE_BOTH(a_plan_may_be_in_a_file),
		WIRE_BOTH(a_plan_may_be_in_a_pipe),
		WIRE_BOTH(a_file_that_is_too_large_is_refused),
		WIRE_BOTH(a_plan_without_its_file_is_refused),
		WIRE_BOTH(a_second_file_is_closed_and_refused),
		WIRE_BOTH(many_files_are_closed_and_refused),
		WIRE_STREAM(a_file_in_each_piece_is_one_too_many),
		WIRE_BOTH(a_file_beside_the_plan_is_closed_and_refused),
		WIRE_BOTH(credentials_that_come_along_are_no_descriptor),
		WIRE_BOTH(a_parent_may_give_up_at_once),
		WIRE_STREAM(half_a_plan_is_none),
		WIRE_BOTH(a_parent_may_go_without_a_word),
		WIRE_STREAM(what_is_behind_the_line_is_the_next_message),
		WIRE_STREAM(too_much_behind_the_line_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
