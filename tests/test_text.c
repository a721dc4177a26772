/* text: a plan's bytes, whole and in order, wherever they come from */

#include "kernel/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "plan/plan.h"

struct reading {
	struct text text;
	struct failure why;
	char error[1024];
};

static int reading_open(void **state)
{
	*state = calloc(1, sizeof(struct reading));
	return *state ? 0 : -1;
}

static int reading_close(void **state)
{
	struct reading *reading = *state;

	text_free(&reading->text);
	free(reading);
	return 0;
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, reading_open, reading_close)

/* The sentence; "" where the text was read. */
static const char *read_from(struct reading *reading, int fd)
{
	attempt(&reading->why, NULL, WHOLE, "read the plan", NULL);
	if (text_read(&reading->text, fd, &reading->why) == 0)
		return "";
	return failure_sentence(&reading->why, reading->error,
				sizeof(reading->error));
}

static void assert_text(const struct reading *reading, const char *text)
{
	assert_int_equal(reading->text.length, strlen(text));
	assert_memory_equal(reading->text.bytes, text, strlen(text));
}

/* Text that is different everywhere. */
static void fill(char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		text[i] = (char)(i * 31 + i / 251);
}

/* A pipe that a child writes length bytes into, in small pieces. */
static int open_pipe(const char *text, size_t length)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		size_t step = 0;

		for (; length; text += step, length -= step) {
			step = length < 3001 ? length : 3001;
			if (write(ends[1], text, step) != (ssize_t)step)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

static void a_memfd_is_read_from_its_start(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = memfd_create("plan", 0);

	/* the writer's offset, at its end, is ours too */
	assert_int_equal(write(fd, "{\"version\":1}", 13), 13);

	assert_string_equal(read_from(reading, fd), "");

	assert_text(reading, "{\"version\":1}");
}

static void a_large_file_is_read_whole(void **state)
{
	struct reading *reading = *state;
	size_t length = (1 << 20) + 1;
	char *text = malloc(length);
	autoclose int fd = memfd_create("plan", 0);

	fill(text, length);
	assert_int_equal(write(fd, text, length), length);

	assert_string_equal(read_from(reading, fd), "");

	assert_int_equal(reading->text.length, length);
	assert_memory_equal(reading->text.bytes, text, length);
	free(text);
}

static void a_file_of_a_size_that_is_not_told_is_read_whole(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		print_message("no /proc/self/smaps here\n");
		skip();
	}
	assert_string_equal(read_from(reading, fd), "");

	/* procfs gives no more than a page at a time */
	assert_true(reading->text.length > 4096);
}

static void a_pipe_is_read_to_its_end(void **state)
{
	struct reading *reading = *state;
	size_t length = (1 << 20) + 1;
	char *text = malloc(length);
	autoclose int fd = -1;

	fill(text, length);
	fd = open_pipe(text, length);

	assert_string_equal(read_from(reading, fd), "");

	assert_int_equal(reading->text.length, length);
	assert_memory_equal(reading->text.bytes, text, length);
	free(text);
	wait(NULL);
}

static void a_pipe_that_does_not_block_is_waited_for(void **state)
{
	struct reading *reading = *state;
	int ends[2];
	autoclose int fd = -1;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	fd = ends[0];
	if (fork() == 0) {
		usleep(50000);
		_exit(write(ends[1], "late", 4) != 4);
	}
	close(ends[1]);

	assert_string_equal(read_from(reading, fd), "");

	assert_text(reading, "late");
	wait(NULL);
}

static void an_empty_file_is_an_empty_text(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = memfd_create("plan", 0);

	assert_string_equal(read_from(reading, fd), "");

	assert_int_equal(reading->text.length, 0);
}

static void the_largest_plan_is_read(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = memfd_create("plan", 0);

	assert_int_equal(ftruncate(fd, PLAN_MAX_BYTES), 0);

	assert_string_equal(read_from(reading, fd), "");

	assert_int_equal(reading->text.length, PLAN_MAX_BYTES);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = memfd_create("plan", 0);

	assert_int_equal(ftruncate(fd, PLAN_MAX_BYTES + 1), 0);

	assert_string_equal(read_from(reading, fd),
			    "cannot read the plan: it is larger than the "
			    "64 MiB that a plan may have");
	assert_null(reading->text.bytes);
}

static void a_pipe_with_a_byte_too_much_is_refused(void **state)
{
	struct reading *reading = *state;
	size_t length = (size_t)TEXT_MAX_BYTES + 1;
	char *text = calloc(1, length);
	autoclose int fd = open_pipe(text, length);

	assert_string_equal(read_from(reading, fd),
			    "cannot read the plan: it is larger than the "
			    "64 MiB that a plan may have");
	free(text);
	wait(NULL);
}

static void a_pipe_that_never_ends_is_refused(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	assert_string_equal(read_from(reading, fd),
			    "cannot read the plan: it is larger than the "
			    "64 MiB that a plan may have");
}

static void a_directory_is_no_plan(void **state)
{
	struct reading *reading = *state;
	autoclose int fd = open("/", O_RDONLY | O_CLOEXEC);

	assert_string_equal(read_from(reading, fd),
			    "cannot read the plan: read: Is a directory");
}

static void room_grows_and_keeps_what_is_there(void **state)
{
	struct reading *reading = *state;
	struct text *text = &reading->text;

	assert_int_equal(text_reserve(text, 1, &reading->why), 0);
	memcpy(text->bytes, "abc", 3);
	text->length = 3;
	assert_int_equal(text_reserve(text, 10 << 20, &reading->why), 0);

	assert_true(text->room - text->length >= 10 << 20);
	assert_text(reading, "abc");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_memfd_is_read_from_its_start),
		TEST(a_large_file_is_read_whole),
		TEST(a_file_of_a_size_that_is_not_told_is_read_whole),
		TEST(a_pipe_is_read_to_its_end),
		TEST(a_pipe_that_does_not_block_is_waited_for),
		TEST(an_empty_file_is_an_empty_text),
		TEST(the_largest_plan_is_read),
		TEST(a_file_that_is_too_large_is_refused),
		TEST(a_pipe_with_a_byte_too_much_is_refused),
		TEST(a_pipe_that_never_ends_is_refused),
		TEST(a_directory_is_no_plan),
		TEST(room_grows_and_keeps_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
