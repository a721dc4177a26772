/* lacking: a filter of four instructions; <linux/filter.h> is not musl's */

#include "lacking.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>

struct instruction {
	uint16_t code;
	uint8_t jump_true;
	uint8_t jump_false;
	uint32_t value;
};

struct program {
	unsigned short length;
	const struct instruction *instructions;
};

#define LOAD_WORD	0x20
#define JUMP_IF_EQUAL	0x15
#define RETURN		0x06

#define RETURN_ALLOW	0x7fff0000
#define RETURN_ERRNO	0x00050000
#define MODE_FILTER	2

bool lacking(long number, int error)
{
	const struct instruction instructions[] = {
		{ LOAD_WORD, 0, 0, 0 },		/* seccomp_data.nr */
		{ JUMP_IF_EQUAL, 0, 1, (uint32_t)number },
		{ RETURN, 0, 0, RETURN_ERRNO | (uint32_t)error },
		{ RETURN, 0, 0, RETURN_ALLOW },
	};
	const struct program program = { 4, instructions };

	/* privileged it can stay so */
	if (prctl(PR_SET_SECCOMP, MODE_FILTER, &program, 0, 0) == 0)
		return true;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, MODE_FILTER, &program, 0, 0) == 0;
}
