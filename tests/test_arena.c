/* arena: zeroed, aligned, side by side, and given back */

#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "arena.h"
#include "memory.h"

static int is_zero(const void *memory, size_t size)
{
	const char *bytes = memory;
	size_t i;

	for (i = 0; i < size; i++)
		if (bytes[i])
			return 0;
	return 1;
}

/* mincore(2): ENOMEM, there is nothing. */
static int is_mapped(const void *memory)
{
	uintptr_t page = (uintptr_t)memory & ~(uintptr_t)4095;
	unsigned char in_core;

	return mincore((void *)page, 4096, &in_core) == 0;
}

static void memory_is_zeroed_and_fit_for_any_type(void **state)
{
	struct arena arena = {0};
	size_t size;
	char *memory;

	(void)state;
	for (size = 1; size < 5000; size = 2 * size + 1) {
		memory = arena_alloc(&arena, size);
		assert_non_null(memory);
		assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
		assert_true(is_zero(memory, size));
		memset(memory, 'x', size);
	}
	arena_free(&arena);
}

static void texts_lie_side_by_side(void **state)
{
	struct arena arena = {0};
	char *first, *second;

	(void)state;
	first = arena_text(&arena, "/dev/null", 4);
	second = arena_text(&arena, "", 0);

	assert_string_equal(first, "/dev");
	assert_string_equal(second, "");
	assert_ptr_equal(second, first + 5);
	arena_free(&arena);
}

static void nothing_is_memory_too(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_non_null(arena_alloc(&arena, 0));
	assert_non_null(arena_array(&arena, 0, 80));
	arena_free(&arena);
}

static void small_ones_share_a_block(void **state)
{
	struct arena arena = {0};
	size_t after_first, i;

	(void)state;
	arena_alloc(&arena, 16);
	after_first = arena.total;
	for (i = 0; i < 500; i++)
		arena_alloc(&arena, 16);

	assert_int_equal(arena.total, after_first);
	arena_free(&arena);
}

static void a_large_one_does_not_waste_the_block_before_it(void **state)
{
	struct arena arena = {0};
	char *before, *large, *after;

	(void)state;
	before = arena_alloc(&arena, 16);
	large = arena_array(&arena, 20000, 80);
	after = arena_alloc(&arena, 16);

	assert_true(is_zero(large, 20000 * 80));
	assert_ptr_equal(after, before + 16);
	assert_in_range(arena.total, 20000 * 80, 20000 * 80 + 70000);
	arena_free(&arena);
}

static void many_blocks_are_many(void **state)
{
	struct arena arena = {0};
	char *pieces[100];
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++) {
		pieces[i] = arena_alloc(&arena, 5000);
		memset(pieces[i], (int)i + 1, 5000);
	}

	for (i = 0; i < 100; i++) {
		assert_int_equal(pieces[i][0], i + 1);
		assert_int_equal(pieces[i][4999], i + 1);
	}
	arena_free(&arena);
}

static void what_overflows_is_refused(void **state)
{
	struct arena arena = {0};

	(void)state;
	errno = 0;
	assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
	assert_int_equal(errno, ENOMEM);
	errno = 0;
	assert_null(arena_alloc(&arena, SIZE_MAX - 8));
	assert_int_equal(errno, ENOMEM);
	errno = 0;
	assert_null(arena_text(&arena, "", SIZE_MAX));
	assert_int_equal(errno, ENOMEM);
	assert_int_equal(arena.total, 0);
}

static void a_reset_gives_back_all_but_one_block(void **state)
{
	struct arena arena = {0};
	size_t one_block;
	char *memory;

	(void)state;
	arena_alloc(&arena, 15000);
	one_block = arena.total;
	arena_alloc(&arena, 1000000);
	memset(arena_alloc(&arena, 5000), 'x', 5000);
	memset(arena_alloc(&arena, 15000), 'x', 15000);

	arena_reset(&arena);
	memory = arena_alloc(&arena, 15000);

	assert_true(is_zero(memory, 15000));
	assert_int_equal(arena.total, one_block);
	arena_free(&arena);
}

static void what_is_given_back_is_the_kernels_again(void **state)
{
	struct arena arena = {0};
	char *large[2], *small[3];
	size_t i;

	(void)state;
	small[0] = arena_alloc(&arena, 15000);
	large[0] = arena_alloc(&arena, 100000);
	large[1] = arena_alloc(&arena, 200000);
	for (i = 0; i < 5; i++)
		small[1] = arena_alloc(&arena, 15000);
	for (i = 0; i < 5; i++)
		small[2] = arena_alloc(&arena, 15000);
	assert_true(is_mapped(large[1] + 199999));

	arena_reset(&arena);
	assert_false(is_mapped(small[0]));
	assert_false(is_mapped(small[1]));
	assert_true(is_mapped(small[2]));
	assert_false(is_mapped(large[0]));
	assert_false(is_mapped(large[1]));

	arena_free(&arena);
	assert_false(is_mapped(small[2]));
}

static void after_a_reset_it_begins_where_it_began(void **state)
{
	struct arena arena = {0};
	char *first;

	(void)state;
	first = arena_alloc(&arena, 16);
	arena_alloc(&arena, 16);
	arena_reset(&arena);

	assert_ptr_equal(arena_alloc(&arena, 16), first);
	arena_free(&arena);
}

/* Each to its last byte, in pages that end where a large one does. */
static void memory_is_as_large_as_was_asked(void **state)
{
	struct arena arena = {0};
	size_t size, i;
	char *memory;

	(void)state;
	for (size = 16000; size < 30000; size++) {
		memory = arena_alloc(&arena, size);
		assert_non_null(memory);
		for (i = 1; i <= 16; i++)
			memory[size - i] = 'x';
		if (size % 16 == 0)
			arena_reset(&arena);
	}
	arena_free(&arena);
}

static void no_memory_is_an_error(void **state)
{
	const struct rlimit none = { 0, RLIM_INFINITY };
	struct arena arena = {0};
	char *small, *large;
	int error[2];

	(void)state;
	/* what the program has without asking */
	while (memory_is_own(memory_take(4096)))
		;
	while (memory_is_own(memory_take(16)))
		;
	assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
	errno = 0;
	small = arena_alloc(&arena, 16);
	error[0] = errno;
	errno = 0;
	large = arena_alloc(&arena, 100000);
	error[1] = errno;
	setrlimit(RLIMIT_AS, &(struct rlimit){ RLIM_INFINITY,
					       RLIM_INFINITY });

	assert_null(small);
	assert_null(large);
	assert_int_equal(error[0], ENOMEM);
	assert_int_equal(error[1], ENOMEM);
	assert_int_equal(arena.total, 0);
}

static void a_reset_of_nothing_is_nothing(void **state)
{
	struct arena arena = {0};

	(void)state;
	arena_reset(&arena);
	assert_int_equal(arena.total, 0);
	assert_non_null(arena_alloc(&arena, 1));
	arena_free(&arena);
}

static void a_large_one_can_come_first(void **state)
{
	struct arena arena = {0};
	char *large, *small;

	(void)state;
	large = arena_alloc(&arena, 100000);
	small = arena_alloc(&arena, 16);
	memset(large, 'x', 100000);
	assert_true(is_zero(small, 16));

	arena_reset(&arena);

	assert_true(is_zero(arena_alloc(&arena, 100000), 100000));
	arena_free(&arena);
}

static void an_arena_that_was_freed_is_empty_and_usable(void **state)
{
	struct arena arena = {0};

	(void)state;
	arena_alloc(&arena, 100000);
	arena_alloc(&arena, 16);
	arena_free(&arena);
	assert_int_equal(arena.total, 0);

	assert_non_null(arena_alloc(&arena, 16));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_fit_for_any_type),
		cmocka_unit_test(texts_lie_side_by_side),
		cmocka_unit_test(nothing_is_memory_too),
		cmocka_unit_test(small_ones_share_a_block),
		cmocka_unit_test(
			a_large_one_does_not_waste_the_block_before_it),
		cmocka_unit_test(many_blocks_are_many),
		cmocka_unit_test(what_overflows_is_refused),
		cmocka_unit_test(a_reset_gives_back_all_but_one_block),
		cmocka_unit_test(what_is_given_back_is_the_kernels_again),
		cmocka_unit_test(after_a_reset_it_begins_where_it_began),
		cmocka_unit_test(memory_is_as_large_as_was_asked),
		cmocka_unit_test(no_memory_is_an_error),
		cmocka_unit_test(a_reset_of_nothing_is_nothing),
		cmocka_unit_test(a_large_one_can_come_first),
		cmocka_unit_test(an_arena_that_was_freed_is_empty_and_usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
