/* strict_keys: the limits of a plan's text, and no key twice */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "plan/strict.h"
#include "strict_text.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

/* {"v": [[ ... ]]}, so many levels in all. */
static const char *faults_of_depth(size_t levels)
{
	char text[256] = "";

	memcpy(text, "{\"v\":", 5);
	memset(text + 5, '[', levels - 1);
	memset(text + 5 + levels - 1, ']', levels - 1);
	text[5 + 2 * (levels - 1)] = '}';
	return bytes_faults(text, 6 + 2 * (levels - 1));
}

static void there_are_at_most_32_levels(void **state)
{
	(void)state;
	assert_string_equal(faults_of_depth(32), "");
	assert_string_equal(faults_of_depth(33),
		"/v/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"
		"/0: must be at most 32 levels deep\n");
	assert_string_equal(text_faults("{\"a\": {\"b\": [{}, [], {}]}}"), "");
}

/* A list or an object of so many entries, in an object. */
static const char *faults_of_entries(size_t count, const char *brackets)
{
	char *text = malloc(16 * count + 64);
	const char *told;
	char *end = text;
	size_t i;

	assert_non_null(text);
	end += sprintf(end, "{\"v\":%c", brackets[0]);
	for (i = 0; i < count; i++)
		end += sprintf(end, brackets[0] == '[' ? "%s%zu" :
							 "%s\"%zu\":0",
			       i ? "," : "", i);
	end += sprintf(end, "%c}", brackets[1]);
	told = bytes_faults(text, (size_t)(end - text));
	free(text);
	return told;
}

static void there_are_at_most_65536_entries(void **state)
{
	(void)state;
	assert_string_equal(faults_of_entries(65536, "[]"), "");
	assert_string_equal(faults_of_entries(65536, "{}"), "");
	assert_string_equal(faults_of_entries(65537, "[]"),
			    "/v: must have at most 65536 entries\n");
	assert_string_equal(faults_of_entries(65537, "{}"),
			    "/v: must have at most 65536 entries\n");
}

static void there_are_at_most_64_mib(void **state)
{
	size_t limit = (size_t)64 << 20;
	char *text = malloc(limit + 1);

	(void)state;
	assert_non_null(text);
	memset(text, ' ', limit + 1);
	memcpy(text, "{}", 2);

	assert_string_equal(bytes_faults(text, limit), "");
	assert_string_equal(bytes_faults(text, limit + 1),
			    ": must have at most 67108864 bytes, "
			    "has 67108865\n");
	free(text);
}

static void a_key_twice_is_told_wherever_it_is(void **state)
{
	(void)state;
	assert_string_equal(text_faults("{\"a\": 1, \"a\": 1}"),
			    "/a: must be there once only, is a duplicate "
			    "key\n");
	assert_string_equal(text_faults("{\"x-\": [{\"b\": 1, \"c\": 2, "
				      "\"b\": 3}]}"),
			    "/x-/0/b: must be there once only, is a duplicate "
			    "key\n");
	assert_string_equal(text_faults("{\"\": 1, \"\": 1}"),
			    "/: must be there once only, is a duplicate "
			    "key\n");
}

static void a_key_twice_is_no_reason_to_stop(void **state)
{
	const char *told =
		text_faults("{\"a\": {\"b\": 1, \"b\": 2}, \"a\": 1, \"a\": 2}");

	(void)state;
	assert_string_equal(told,
		"/a/b: must be there once only, is a duplicate key\n"
		"/a: must be there once only, is a duplicate key\n"
		"/a: must be there once only, is a duplicate key\n");
}

static void keys_are_compared_as_what_they_stand_for(void **state)
{
	static const char *const same[] = {
		"{\"a\": 1, \"\\u0061\": 1}",
		"{\"\\u00e9\": 1, \"\xc3\xa9\": 1}",
		"{\"\\ud83d\\ude00\": 1, \"\xf0\x9f\x98\x80\": 1}",
		"{\"\\u20AC\": 1, \"\xe2\x82\xac\": 1}",
		"{\"\\u007f\": 1, \"\x7f\": 1}",
		"{\"\\u0080\": 1, \"\xc2\x80\": 1}",
		"{\"\\u07ff\": 1, \"\xdf\xbf\": 1}",
		"{\"\\u0800\": 1, \"\xe0\xa0\x80\": 1}",
		"{\"\\uffff\": 1, \"\xef\xbf\xbf\": 1}",
		"{\"\\ud800\\udc00\": 1, \"\xf0\x90\x80\x80\": 1}",
		"{\"\\udbff\\udfff\": 1, \"\xf4\x8f\xbf\xbf\": 1}",
		"{\"/\": 1, \"\\/\": 1}",
		"{\"\\n\": 1, \"\\u000a\": 1}",
		"{\"\\\"\\\\\": 1, \"\\u0022\\u005c\": 1}",
		"{\"\\b\\f\\r\\t\": 1, \"\\u0008\\u000c\\u000d\\u0009\": 1}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(same); i++)
		assert_non_null(strstr(text_faults(same[i]), "duplicate key"));
}

static void other_keys_are_other_keys(void **state)
{
	(void)state;
	assert_string_equal(text_faults("{\"a\": 1, \"A\": 1, \"aa\": 1, "
				      "\"\": 1, \"\\\\u0061\": 1}"), "");
	assert_string_equal(text_faults("{\"a\": {\"a\": {\"a\": 1}}, "
				      "\"b\": {\"a\": 1}}"), "");
}

static void a_pointer_escapes_what_its_syntax_needs(void **state)
{
	(void)state;
	assert_string_equal(text_faults("{\"a/b~c\": {\"\\\"\": 1, "
				      "\"\\\"\": 1}}"),
			    "/a~1b~0c/\": must be there once only, is a "
			    "duplicate key\n");
}

static void a_long_pointer_is_cut_between_characters(void **state)
{
	char text[4096] = "{\"";
	const char *told;
	size_t i, length;

	(void)state;
	for (i = 0; i < 700; i++)
		strcat(text, "\xc3\xa9");
	strcat(text, "\": }");

	told = text_faults(text);

	length = (size_t)(strstr(told, "...: ") - told);
	assert_in_range(length, 500, 512);
	assert_int_equal(length % 2, 1);	/* a slash and whole ones */
}

/* Many keys are sorted: few are compared each with each. */
static void one_key_twice_among_many_is_found(void **state)
{
	const char *told;
	size_t count, i;
	char *text, *end;

	(void)state;
	for (count = 2; count < 40; count++) {
		text = end = malloc(64 * count);
		assert_non_null(text);
		for (i = 0; i < count; i++)
			end += sprintf(end, "%s\"key%zu\":1",
				       i ? "," : "{", i % (count - 1));
		end += sprintf(end, "}");
		told = bytes_faults(text, (size_t)(end - text));
		assert_string_equal(told, "/key0: must be there once only, "
					  "is a duplicate key\n");
		free(text);
	}
}

static void what_was_found_of_the_plan_is_kept(void **state)
{
	static const char text[] =
		"{\"a\": [1, [2, 3], {}] , \"\\u0062\":{\"c\":1,\"d\":2},"
		"\"e\" : \"f\"}";
	struct plan_faults faults = { .tell = NULL };	/* there are none */
	struct arena keep = {0}, scratch = {0};
	struct members members = {0};

	(void)state;
	assert_int_equal(strict_check(text, strlen(text), &keep, &scratch,
				      &faults, &members), 0);

	assert_int_equal(members.count, 3);
	assert_memory_equal(members.items[0].value, "[1, [2, 3], {}]", 15);
	assert_int_equal(members.items[0].length, 15);
	assert_int_equal(members.items[0].entries, 3);
	assert_int_equal(members.items[1].key_length, 1);
	assert_memory_equal(members.items[1].key, "b", 1);
	assert_int_equal(members.items[1].entries, 2);
	assert_memory_equal(members.items[2].value, "\"f\"", 3);
	assert_int_equal(members.items[2].length, 3);
	arena_free(&keep);
	arena_free(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_at_most_32_levels),
		cmocka_unit_test(there_are_at_most_65536_entries),
		cmocka_unit_test(there_are_at_most_64_mib),
		cmocka_unit_test(a_key_twice_is_told_wherever_it_is),
		cmocka_unit_test(a_key_twice_is_no_reason_to_stop),
		cmocka_unit_test(keys_are_compared_as_what_they_stand_for),
		cmocka_unit_test(other_keys_are_other_keys),
		cmocka_unit_test(a_pointer_escapes_what_its_syntax_needs),
		cmocka_unit_test(a_long_pointer_is_cut_between_characters),
		cmocka_unit_test(one_key_twice_among_many_is_found),
		cmocka_unit_test(what_was_found_of_the_plan_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
