/* plan_large: twenty thousand mounts, and what would eat the machine */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plan_text.h"

/* A text that grows, until reading() parses it and lets go of it. */
struct growing {
	char *text;
	size_t length;
	size_t room;
};

__attribute__((format(printf, 2, 3)))
static void grow(struct growing *to, const char *format, ...)
{
	va_list args;
	int wrote;

	if (to->room - to->length < 1024) {
		to->room = 2 * to->room + 4096;
		to->text = realloc(to->text, to->room);
		assert_non_null(to->text);
	}
	va_start(args, format);
	wrote = vsnprintf(to->text + to->length, to->room - to->length,
			  format, args);
	va_end(args);
	assert_in_range(wrote, 0, 1023);
	to->length += (size_t)wrote;
}

static struct reading *reading(struct growing *of)
{
	struct reading *reading = reading_of_bytes(of->text, of->length,
			(struct plan_use){ .has_sync = true });

	free(of->text);
	return reading;
}

static const char beginning[] = PLAN_BEGINNING;

#define OF_NINETY_BYTES \
	"%s{\"destination\":\"/data/%05zu\",\"source\":\"/srv/vol/%05zu\"," \
	"\"options\":[\"rbind\",\"rw\",\"nosuid\"]}"

static struct reading *reading_of_mounts(size_t count, size_t *length)
{
	struct growing text = {0};
	size_t i;

	grow(&text, "%s\"mounts\":[", beginning);
	for (i = 0; i < count; i++)
		grow(&text, OF_NINETY_BYTES, i ? "," : "", i, i);
	grow(&text, "]}");
	*length = text.length;
	return reading(&text);
}

static void twenty_thousand_mounts_are_read(void **state)
{
	const struct reading *of;
	size_t length;

	(void)state;
	of = reading_of_mounts(20000, &length);

	assert_string_equal(of->told, "");
	assert_int_equal(of->plan.mount_count, 20000);
	assert_string_equal(of->plan.mounts[19999].destination, "/data/19999");
	assert_string_equal(of->plan.mounts[19999].source, "/srv/vol/19999");
}

/* design.md, section 8: with the text, which is in memory while it is read. */
static void they_take_less_than_three_bytes_a_byte(void **state)
{
	const struct reading *of;
	size_t length;

	(void)state;
	of = reading_of_mounts(20000, &length);

	assert_in_range(length + of->plan.arena.total, length,
			3 * length + (250 << 10));
}

/* Processor time of the quickest of some readings, in nanoseconds. */
static double quickest(size_t mounts)
{
	struct timespec begin, end;
	double took, best = 1e12;
	size_t length;
	int i;

	for (i = 0; i < 5; i++) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
		reading_of_mounts(mounts, &length);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
		took = 1e9 * (double)(end.tv_sec - begin.tv_sec) +
		       (double)(end.tv_nsec - begin.tv_nsec);
		best = took < best ? took : best;
	}
	return best;
}

static void ten_times_as_many_take_ten_times_as_long(void **state)
{
	(void)state;
	assert_true(quickest(20000) < 20 * quickest(2000));
}

static void sixty_five_thousand_keys_are_compared_quickly(void **state)
{
	const struct reading *of;
	struct growing text = {0};
	clock_t begin;
	size_t i;

	(void)state;
	grow(&text, "%s\"state\":{\"annotations\":{", beginning);
	for (i = 0; i < 65536; i++)
		grow(&text, "%s\"key of the same length %05zu\":\"\"",
		     i ? "," : "", i == 65535 ? 4711 : i);
	grow(&text, "}}}");
	begin = clock();
	of = reading(&text);

	assert_string_equal(of->told,
		"/state/annotations/key of the same length 04711: must be "
		"there once only, is a duplicate key\n");
	assert_true(clock() - begin < 2 * CLOCKS_PER_SEC);
}

static void sixty_five_thousand_devices_are_compared_quickly(void **state)
{
	const struct reading *of;
	struct growing text = {0};
	clock_t begin;
	size_t i;

	(void)state;
	grow(&text, "%s\"devices\":[", beginning);
	for (i = 0; i < 65536; i++)
		grow(&text, "%s{\"path\":\"/dev/%05zu\",\"type\":\"p\"}",
		     i ? "," : "", i == 65535 ? 4711 : i);
	grow(&text, "]}");
	begin = clock();
	of = reading(&text);

	assert_string_equal(of->told, "/devices/65535: must be there once "
			    "only, its path was there before\n");
	assert_true(clock() - begin < 2 * CLOCKS_PER_SEC);
}

static void a_mount_may_have_as_many_options_as_a_list(void **state)
{
	const struct reading *of;
	struct growing text = {0};
	size_t i;

	(void)state;
	grow(&text, "%s\"mounts\":[", beginning);
	grow(&text, "{\"destination\":\"/a\",\"type\":\"tmpfs\"},"
		    "{\"destination\":\"/b\",\"type\":\"overlay\","
		    "\"options\":[");
	for (i = 0; i < 65536; i++)
		grow(&text, "%s\"option%zu\"", i ? "," : "", i);
	grow(&text, "]},{\"destination\":\"/c\",\"type\":\"tmpfs\"}]}");
	of = reading(&text);

	assert_string_equal(of->told, "");
	assert_string_equal(of->plan.mounts[1].data[65535], "option65535");
	assert_null(of->plan.mounts[1].data[65536]);
	assert_string_equal(of->plan.mounts[2].destination, "/c");
}

/* Sixteen bytes a number, four thousand million for what a text can hold. */
static void a_tree_that_would_fill_the_memory_is_refused(void **state)
{
	const struct reading *of;
	struct growing text = {0};
	size_t i, k;

	(void)state;
	grow(&text, "%s\"maskedPaths\":[", beginning);
	for (i = 0; i < 65536; i++) {
		grow(&text, "%s[0", i ? "," : "");
		for (k = 0; k < 60; k++)
			grow(&text, ",0");
		grow(&text, "]");
	}
	grow(&text, "]}");
	of = reading(&text);

	assert_string_equal(of->told, ": cannot be read: not enough memory\n");
}

/* Bytes of address space, from the first field of statm: proc(5). */
static rlim_t in_use(void)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return strtoull(text, NULL, 10) * 4096;
}

struct listening {
	struct plan_faults faults;	/* first: listen() knows this */
	char *told;			/* 1,024 bytes */
};

static void listen(struct plan_faults *faults, const char *pointer,
		   const char *message)
{
	char *told = ((struct listening *)faults)->told;
	size_t length = strlen(told);

	snprintf(told + length, 1024 - length, "%s: %s\n", pointer, message);
}

/* The plan with so much memory and no more; told is what was told of it. */
static void parse_within(rlim_t room, const struct growing *text, char *told)
{
	struct listening to = { { .tell = listen }, told };
	struct plan plan = {0};

	told[0] = '\0';
	setrlimit(RLIMIT_AS, &(struct rlimit){ in_use() + room,
					       RLIM_INFINITY });
	plan_parse(&plan, text->text, text->length,
		   (struct plan_use){ .has_sync = true }, &to.faults);
	setrlimit(RLIMIT_AS, &(struct rlimit){ RLIM_INFINITY,
					       RLIM_INFINITY });
	plan_free(&plan);
}

static void too_little_memory_is_told_wherever_it_ends(void **state)
{
	struct growing text = {0};
	char told[1024];
	rlim_t room = 0;
	size_t i;

	(void)state;
	grow(&text, "%s\"state\":{\"annotations\":{", beginning);
	for (i = 0; i < 3000; i++)
		grow(&text, "%s\"%zu\":\"value\"", i ? "," : "", i);
	grow(&text, "}},\"devices\":[");
	for (i = 0; i < 3000; i++)
		grow(&text, "%s{\"path\":\"/dev/%zu\",\"type\":\"p\"}",
		     i ? "," : "", i);
	grow(&text, "],\"sysctl\":{");
	for (i = 0; i < 3000; i++)
		grow(&text, "%s\"net.a\\u0062%zu\":\"1\"", i ? "," : "", i);
	grow(&text, "},\"mounts\":[");
	for (i = 0; i < 3000; i++)
		grow(&text, OF_NINETY_BYTES, i ? "," : "", i, i);
	grow(&text, "]}");

	for (parse_within(0, &text, told); told[0];
	     parse_within(room += 65536, &text, told))
		assert_string_equal(told, ": cannot be read: not enough "
					  "memory\n");
	assert_in_range(room, 20 * 65536, 100 * 65536);
	free(text.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twenty_thousand_mounts_are_read),
		cmocka_unit_test(they_take_less_than_three_bytes_a_byte),
		cmocka_unit_test(ten_times_as_many_take_ten_times_as_long),
		cmocka_unit_test(sixty_five_thousand_keys_are_compared_quickly),
		cmocka_unit_test(
			sixty_five_thousand_devices_are_compared_quickly),
		cmocka_unit_test(a_mount_may_have_as_many_options_as_a_list),
		cmocka_unit_test(a_tree_that_would_fill_the_memory_is_refused),
		cmocka_unit_test(too_little_memory_is_told_wherever_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
