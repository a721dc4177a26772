/* commands: of what a command says, what is told */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "running.h"

/* What is told of it: the sentence's last part. */
static const char *const told = running_why.detail;

static void of_its_output_the_end_is_told(void **state)
{
	char expected[8192] = "exited with 1: ...";
	size_t i;

	(void)state;
	for (i = 0; i < 4092; i++)
		strcat(expected, "x");
	strcat(expected, "end");

	/* 4,096 bytes with the newline that is left out then */
	assert_string_equal(run_shell("head -c 1000000 /dev/zero | tr '\\0' x; "
				  "echo end; exit 1", NULL, 10), expected);
}

/* It stops us while it talks, and is gone when we go on. */
static void output_is_told_that_nobody_had_read(void **state)
{
	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	run_shell("kill -STOP $PPID; "
		  "head -c 60000 /dev/zero | tr '\\0' x; echo end; "
		  "(sleep 0.2; kill -CONT $PPID) >/dev/null 2>&1 & exit 1",
		  NULL, 10);

	assert_string_equal(told + strlen(told) - 4, "xend");
	while (wait(NULL) > 0)
		;
}

static void as_much_output_as_is_kept_is_told_whole(void **state)
{
	(void)state;
	run_shell("head -c 4096 /dev/zero | tr '\\0' x; exit 1", NULL, 10);
	assert_int_equal(strlen(told), strlen("exited with 1: ") + 4096);
	run_shell("head -c 4097 /dev/zero | tr '\\0' x; exit 1", NULL, 10);
	assert_int_equal(strlen(told),
			 strlen("exited with 1: ...") + 4096);
}

static void output_is_cut_at_a_character(void **state)
{
	(void)state;
	/* 1,366 times three bytes: the first has lost two of its three */
	run_shell("i=0; while [ $i -lt 1366 ]; do printf '\\342\\202\\254'; "
	      "i=$((i+1)); done; exit 1", NULL, 10);

	assert_int_equal(strncmp(told, "exited with 1: ...\xe2\x82\xac",
				 21), 0);
	assert_int_equal(strlen(told), 18 + 1365 * 3);
}

static void output_may_have_a_nul(void **state)
{
	(void)state;
	assert_string_equal(run_shell("printf 'a\\000b'; exit 1", NULL, 0),
			    "exited with 1: a?b");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		RUNNING_TEST(of_its_output_the_end_is_told),
		RUNNING_TEST(output_is_told_that_nobody_had_read),
		RUNNING_TEST(as_much_output_as_is_kept_is_told_whole),
		RUNNING_TEST(output_is_cut_at_a_character),
		RUNNING_TEST(output_may_have_a_nul),
	};

	return cmocka_run_group_tests(tests, running_open, NULL);
}
