/* filter: a few comparisons and a return; <linux/filter.h> is not musl's */

#include "filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define LOAD_WORD	0x20
#define JUMP_IF_EQUAL	0x15
#define RETURN		0x06

#define MOST_RULES 64

int filter_bytes(const void *bytes, size_t length)
{
	int fd = memfd_create("filter", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	return fd;
}

int filter_file(const struct filter_rule *rules, size_t count,
		uint32_t otherwise)
{
	struct filter_instruction program[2 * MOST_RULES + 2];
	size_t i, length = 0;

	assert_true(count <= MOST_RULES);
	program[length++] = (struct filter_instruction){ .code = LOAD_WORD };
	for (i = 0; i < count; i++) {
		program[length++] = (struct filter_instruction){
			.code = JUMP_IF_EQUAL,
			.jump_false = 1,
			.value = (uint32_t)rules[i].number,
		};
		program[length++] = (struct filter_instruction){
			.code = RETURN,
			.value = rules[i].answer,
		};
	}
	program[length++] = (struct filter_instruction){
		.code = RETURN,
		.value = otherwise,
	};
	return filter_bytes(program, length * sizeof(program[0]));
}
