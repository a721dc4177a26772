/* sync: progress is told to who asked, seldom, and holds nobody up */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire.h"

static int progress(struct wire *wire, size_t done)
{
	return sync_progress(&wire->sync, "mounts", done, 20000, &wire->why);
}

#define TOLD "{\"type\":\"progress\",\"stage\":\"mounts\"," \
	     "\"done\":512,\"total\":20000}"

static void progress_is_told_to_who_asked(void **state)
{
	struct wire *wire = *state;

	assert_int_equal(progress(wire, 511), 0);
	assert_string_equal(wire_hear(wire), "");
	wire->sync.progress = true;
	assert_int_equal(progress(wire, 512), 0);

	assert_string_equal(wire_hear(wire),
			    wire->sync.type == SOCK_STREAM ? TOLD "\n" : TOLD);
}

static int64_t milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void progress_is_told_ten_times_a_second(void **state)
{
	struct wire *wire = *state;
	int64_t start = milliseconds();
	size_t told = 0;

	wire->sync.progress = true;
	while (milliseconds() - start < 450) {
		assert_int_equal(progress(wire, 1), 0);
		told += *wire_hear(wire) != '\0';
	}

	/* less on a machine that is busy, never more */
	assert_in_range(told, 2, 5);
}

static void progress_does_not_wait_for_a_slow_parent(void **state)
{
	struct wire *wire = *state;
	int i;

	wire->sync.progress = true;
	alarm(20);
	for (i = 0; i < 20000; i++) {
		wire->sync.progress_due = 0;
		assert_int_equal(progress(wire, 1), 0);
	}
	alarm(0);

	assert_int_equal(strncmp(wire_hear(wire), "{\"type\":\"progress\"",
				 18), 0);
}

static void progress_misses_a_parent_that_went(void **state)
{
	struct wire *wire = *state;

	wire->sync.progress = true;
	wire_end(wire);

	assert_int_equal(progress(wire, 1), -1);
	assert_string_equal(wire->why.detail, "the parent went away");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WIRE_BOTH(progress_is_told_to_who_asked),
		WIRE_BOTH(progress_is_told_ten_times_a_second),
		WIRE_BOTH(progress_does_not_wait_for_a_slow_parent),
		WIRE_BOTH(progress_misses_a_parent_that_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
