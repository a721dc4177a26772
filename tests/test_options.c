/* options: the command line means one thing, or nothing is done */

#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* 7 and 9 are open in every test, 8 is not. */
static struct options opt;
static char error[1024];

static int open_some(void **state)
{
	(void)state;
	close(8);
	return dup2(2, 7) != 7 || dup2(2, 9) != 9;
}

/* The sentence; "" where the words were understood. */
#define READ(...) read_words((char *[]){ "init-shim", __VA_ARGS__, NULL })

static const char *read_words(char **argv)
{
	struct failure why = {0};
	int argc = 0;

	while (argv[argc])
		argc++;
	if (options_read(&opt, argc, argv, &why) == 0)
		return "";
	assert_string_equal(why.stage, "plan");
	return failure_sentence(&why, error, sizeof(error));
}

static void a_daemon_hands_over_one_socket(void **state)
{
	(void)state;
	assert_string_equal(READ("--socket-fd", "7"), "");

	assert_int_equal(opt.task, TASK_CONTAINER);
	assert_int_equal(opt.socket_fd, 7);
	assert_int_equal(opt.plan_fd, -1);
	assert_int_equal(opt.sync_fd, -1);
	assert_null(opt.plan_file);
	assert_false(opt.quiet);
}

static void plan_and_messages_may_have_their_own_descriptors(void **state)
{
	(void)state;
	assert_string_equal(READ("--plan-fd", "7", "--sync-fd", "9"), "");

	assert_int_equal(opt.plan_fd, 7);
	assert_int_equal(opt.sync_fd, 9);
	assert_int_equal(opt.socket_fd, -1);
}

static void the_plan_may_be_a_file(void **state)
{
	(void)state;
	assert_string_equal(READ("--quiet", "--plan", "plan.json"), "");

	assert_string_equal(opt.plan_file, "plan.json");
	assert_true(opt.quiet);
}

static void the_plan_may_be_standard_input(void **state)
{
	(void)state;
	assert_string_equal(READ("--plan-fd", "0"), "");

	assert_int_equal(opt.plan_fd, 0);
}

static void a_value_may_follow_an_equals_sign(void **state)
{
	(void)state;
	assert_string_equal(READ("--plan=a=b", "--sync-fd=7"), "");

	assert_string_equal(opt.plan_file, "a=b");
	assert_int_equal(opt.sync_fd, 7);
}

static void each_task_has_its_option(void **state)
{
	(void)state;
	assert_string_equal(READ("--check", "--plan", "p"), "");
	assert_int_equal(opt.task, TASK_CHECK);
	assert_string_equal(READ("--check", "--plan-fd", "7"), "");
	assert_int_equal(opt.task, TASK_CHECK);
	assert_string_equal(READ("--explain", "--plan", "p"), "");
	assert_int_equal(opt.task, TASK_EXPLAIN);
	assert_string_equal(READ("--features"), "");
	assert_int_equal(opt.task, TASK_FEATURES);
	assert_string_equal(READ("--help"), "");
	assert_int_equal(opt.task, TASK_HELP);
	assert_string_equal(READ("--version"), "");
	assert_int_equal(opt.task, TASK_VERSION);
}

static void the_version_is_said_in_a_line(void **state)
{
	(void)state;
	assert_int_equal(strncmp(options_version, "init-shim ", 10), 0);
	assert_ptr_equal(strchr(options_version, '\n'),
			 options_version + strlen(options_version) - 1);
}

static void without_a_word_there_is_no_plan(void **state)
{
	static const char *const sentence =
		"cannot start: no option says where the plan is; "
		"try init-shim --help";
	char *nothing[] = { NULL };
	char *name[] = { "init-shim", NULL };

	(void)state;
	assert_string_equal(read_words(name), sentence);
	/* execve(2) with an empty argv, before Linux 5.18 */
	assert_string_equal(read_words(nothing), sentence);
}

static void an_unknown_word_is_refused(void **state)
{
	static char *const words[] = {
		"--plam", "--pla", "--plan-", "plan.json", "-", "-q", "",
		"--PLAN",
	};
	char expected[256];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(words); i++) {
		strcpy(expected, "cannot use");
		strcat(expected, *words[i] ? " " : "");
		strcat(expected, words[i]);
		strcat(expected, ": there is no such option; "
		       "try init-shim --help");
		assert_string_equal(READ(words[i], "--plan", "p"), expected);
	}
}

static void a_command_may_stand_in_for_a_plan(void **state)
{
	(void)state;
	assert_string_equal(READ("--", "sh", "-g", "--plan"), "");
	assert_int_equal(opt.task, TASK_REAPER);
	assert_string_equal(opt.command[0], "sh");
	assert_string_equal(opt.command[2], "--plan");
	assert_null(opt.command[3]);
	assert_false(opt.reaping.group || opt.reaping.subreaper ||
		     opt.reaping.wait);
	assert_int_equal(opt.reaping.grace, -1);

	assert_string_equal(READ("-g", "-s", "--wait", "--grace=5", "--",
				 "--"), "");
	assert_string_equal(opt.command[0], "--");
	assert_true(opt.reaping.group && opt.reaping.subreaper &&
		    opt.reaping.wait);
	assert_int_equal(opt.reaping.grace, 5);
}

static void a_command_goes_without_a_plan(void **state)
{
	(void)state;
	assert_string_equal(READ("--"),
			    "cannot use --: a command must follow");
	assert_string_equal(READ("--grace", "--", "sh"),
			    "cannot use --grace: \"--\" is no number of "
			    "seconds");
	assert_string_equal(READ("--grace"), "cannot use --grace: a number of "
			    "seconds must follow");
	assert_string_equal(READ("--grace", "1", "--grace", "2"),
			    "cannot use --grace: it is given twice");
	assert_string_equal(READ("--check", "--", "sh"),
			    "cannot use --: one call does one thing");
	assert_string_equal(READ("--plan", "p", "--", "sh"),
			    "cannot start: only --check and --explain go with "
			    "a plan");
	assert_string_equal(READ("--sync-fd", "7", "--", "sh"),
			    "cannot start: only a container has a parent to "
			    "talk to, --socket-fd and --sync-fd are for one");
	assert_string_equal(READ("-g", "--plan", "p"),
			    "cannot start: -s, -g, --wait and --grace are for "
			    "a command behind --");
}

static void a_value_that_is_missing_is_missed(void **state)
{
	(void)state;
	assert_string_equal(READ("--plan"),
			    "cannot use --plan: a file name must follow");
	assert_string_equal(READ("--plan="),
			    "cannot use --plan: a file name must follow");
	assert_string_equal(READ("--plan-fd"),
			    "cannot use --plan-fd: a descriptor number must "
			    "follow");
	assert_string_equal(READ("--quiet=yes"),
			    "cannot use --quiet: no value follows it");
}

static void a_number_is_strictly_decimal(void **state)
{
	static char *const words[] = {
		"seven", "+7", "-1", " 7", "7 ", "07", "0x7", "7.0",
		"2147483648", "4294967303", "18446744073709551623",
	};
	char expected[256];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(words); i++) {
		strcpy(expected, "cannot use --sync-fd: \"");
		strcat(expected, words[i]);
		strcat(expected, "\" is no descriptor number");
		assert_string_equal(READ("--sync-fd", words[i]), expected);
	}
}

static void a_socket_is_no_standard_stream(void **state)
{
	(void)state;
	assert_string_equal(READ("--socket-fd", "2"),
			    "cannot use --socket-fd: descriptor 2 is a "
			    "standard stream");
	assert_string_equal(READ("--plan", "p", "--sync-fd", "0"),
			    "cannot use --sync-fd: descriptor 0 is a "
			    "standard stream");
}

static void nothing_is_given_twice(void **state)
{
	(void)state;
	assert_string_equal(READ("--plan", "p", "--plan", "p"),
			    "cannot use --plan: it is given twice");
	assert_string_equal(READ("--plan-fd", "7", "--plan-fd", "7"),
			    "cannot use --plan-fd: it is given twice");
	assert_string_equal(READ("--check", "--features"),
			    "cannot use --features: one call does one thing");
}

static void there_is_one_plan(void **state)
{
	static const char *const two =
		"cannot start: one of --socket-fd, --plan-fd and --plan has "
		"the plan, not two";

	(void)state;
	assert_string_equal(READ("--plan", "p", "--plan-fd", "7"), two);
	assert_string_equal(READ("--socket-fd", "7", "--plan-fd", "9"), two);
	assert_string_equal(READ("--check"),
			    "cannot start: no option says where the plan is; "
			    "try init-shim --help");
	assert_string_equal(READ("--features", "--plan", "p"),
			    "cannot start: only --check and --explain go "
			    "with a plan");
}

static void there_is_one_socket(void **state)
{
	static const char *const none =
		"cannot start: only a container has a parent to talk to, "
		"--socket-fd and --sync-fd are for one";

	(void)state;
	assert_string_equal(READ("--socket-fd", "7", "--sync-fd", "9"),
			    "cannot start: --socket-fd has the messages "
			    "already, --sync-fd is one too many");
	assert_string_equal(READ("--plan-fd", "7", "--sync-fd", "7"),
			    "cannot start: --plan-fd and --sync-fd are the "
			    "same; --socket-fd takes one for both");
	assert_string_equal(READ("--check", "--plan", "p", "--sync-fd", "7"),
			    none);
	assert_string_equal(READ("--check", "--socket-fd", "7"), none);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_daemon_hands_over_one_socket),
		cmocka_unit_test(
			plan_and_messages_may_have_their_own_descriptors),
		cmocka_unit_test(the_plan_may_be_a_file),
		cmocka_unit_test(the_plan_may_be_standard_input),
		cmocka_unit_test(a_value_may_follow_an_equals_sign),
		cmocka_unit_test(each_task_has_its_option),
		cmocka_unit_test(the_version_is_said_in_a_line),
		cmocka_unit_test(without_a_word_there_is_no_plan),
		cmocka_unit_test(an_unknown_word_is_refused),
		cmocka_unit_test(a_command_may_stand_in_for_a_plan),
		cmocka_unit_test(a_command_goes_without_a_plan),
		cmocka_unit_test(a_value_that_is_missing_is_missed),
		cmocka_unit_test(a_number_is_strictly_decimal),
		cmocka_unit_test(a_socket_is_no_standard_stream),
		cmocka_unit_test(nothing_is_given_twice),
		cmocka_unit_test(there_is_one_plan),
		cmocka_unit_test(there_is_one_socket),
	};

	return cmocka_run_group_tests(tests, open_some, NULL);
}
