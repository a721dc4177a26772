/* failure: what is known becomes one sentence */

#include "failure.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char text[1024];

static const char *sentence(const struct failure *why)
{
	return failure_sentence(why, text, sizeof(text));
}

static void a_sentence_has_verb_object_call_reason_and_item(void **state)
{
	struct failure why = {0};

	(void)state;
	attempt(&why, "/mounts", 3, "mount", "/tmp");
	strcpy(why.kernel, "tmpfs: Bad value for 'size'");
	errno = EINVAL;

	assert_int_equal(failed(&why, "fsconfig"), -1);
	assert_string_equal(sentence(&why),
			    "cannot mount /tmp: fsconfig: Invalid argument: "
			    "tmpfs: Bad value for 'size' "
			    "(plan item /mounts/3)");
}

static void a_reason_in_words_needs_no_call(void **state)
{
	struct failure why = {0};

	(void)state;
	attempt(&why, "/rootfs", WHOLE, "prepare", NULL);

	assert_int_equal(refused(&why, "it is %d", 7), -1);
	assert_string_equal(sentence(&why),
			    "cannot prepare: it is 7 (plan item /rootfs)");
}

static void a_call_and_words_go_together(void **state)
{
	struct failure why = {0};

	(void)state;
	attempt(&why, NULL, WHOLE, "bind", "/a");
	why.hint = "try the other one";
	errno = ENOTDIR;

	assert_int_equal(failed_because(&why, "open", "%s is a file", "/b"),
			 -1);
	assert_string_equal(sentence(&why),
			    "cannot bind /a: open: Not a directory: /b is a "
			    "file; try the other one");
	assert_int_equal(why.error, ENOTDIR);
}

static void an_error_that_was_returned_is_told_as_well(void **state)
{
	struct failure why = {0};

	(void)state;
	attempt(&why, NULL, WHOLE, "wait", NULL);
	errno = EINVAL;

	assert_int_equal(failed_as(&why, "waitid", ECHILD), -1);
	assert_string_equal(sentence(&why),
			    "cannot wait: waitid: No child process");
}

static void nothing_is_left_of_an_earlier_attempt(void **state)
{
	struct failure why = {0};

	(void)state;
	attempt(&why, "/mounts", 3, "mount", "/tmp");
	strcpy(why.kernel, "no");
	why.hint = "no";
	failed_because(&why, "mount", "no");
	attempt(&why, NULL, WHOLE, "go", NULL);
	refused(&why, "yes");

	assert_string_equal(sentence(&why), "cannot go: yes");
}

static void nobody_said_anything(void **state)
{
	struct failure why = {0};

	(void)state;
	assert_string_equal(sentence(&why), "cannot go on");
}

static void the_pointer_is_that_of_an_item_or_of_all(void **state)
{
	struct failure why = {0};

	(void)state;
	assert_string_equal(failure_pointer(&why, text, sizeof(text)), "");
	attempt(&why, "/mounts", 0, "mount", NULL);
	assert_string_equal(failure_pointer(&why, text, sizeof(text)),
			    "/mounts/0");
	attempt(&why, "/mounts", WHOLE, "mount", NULL);
	assert_string_equal(failure_pointer(&why, text, sizeof(text)),
			    "/mounts");
}

static void a_cut_goes_through_no_character(void **state)
{
	struct failure why = {0};
	size_t size;

	(void)state;
	attempt(&why, NULL, WHOLE, "x", NULL);
	refused(&why, "\xe2\x82\xac\xf0\x9f\x98\x80");

	for (size = 1; size < 24; size++) {
		const char *end = "cannot x: \xe2\x82\xac\xf0\x9f\x98\x80";
		size_t length;

		failure_sentence(&why, text, size);
		length = strlen(text);
		assert_true(length < size);
		assert_memory_equal(text, end, length);
		assert_true((end[length] & 0xc0) != 0x80);
	}
	assert_int_equal(strlen(text), 17);
}

static void errors_have_their_names(void **state)
{
	(void)state;
	assert_string_equal(errno_name(ENOENT), "ENOENT");
	assert_string_equal(errno_name(EREMOTEIO), "EREMOTEIO");
	assert_string_equal(errno_name(0), "");
	assert_string_equal(errno_name(99999), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_sentence_has_verb_object_call_reason_and_item),
		cmocka_unit_test(a_reason_in_words_needs_no_call),
		cmocka_unit_test(a_call_and_words_go_together),
		cmocka_unit_test(an_error_that_was_returned_is_told_as_well),
		cmocka_unit_test(nothing_is_left_of_an_earlier_attempt),
		cmocka_unit_test(nobody_said_anything),
		cmocka_unit_test(the_pointer_is_that_of_an_item_or_of_all),
		cmocka_unit_test(a_cut_goes_through_no_character),
		cmocka_unit_test(errors_have_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
