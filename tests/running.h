/*
 * Commands that are run for a test, and what is said of their end.
 *
 * No test may leave a child, or a descriptor, behind.
 */

#ifndef RUNNING_H
#define RUNNING_H

#include <stdint.h>

#include "commands.h"

/* For cmocka: of the group, and after each test. */
int running_open(void **state);
int running_is_over(void **state);

#define RUNNING_TEST(function) \
	cmocka_unit_test_teardown(function, running_is_over)

/* The sync socket for the next ones; -1: none. */
extern int running_parent;

/* Of the last one. */
extern struct failure running_why;

/* The sentence; "" where the command exited with 0. */
const char *run(const struct command *command, const char *input);

/* A line for the shell; the sentence without what is the same in all. */
const char *run_shell(const char *line, const char *input, unsigned timeout);

int64_t milliseconds(void);

#endif
