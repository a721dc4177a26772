/* strict: RFC 8259 to the letter, the limits, and no key twice */

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

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static char told[65536];

static void tell(struct plan_faults *faults, const char *pointer,
		 const char *message)
{
	size_t length = strlen(told);

	(void)faults;
	snprintf(told + length, sizeof(told) - length, "%s: %s\n", pointer,
		 message);
}

/* The faults of a text, from a copy that ends where the text does. */
static const char *faults_of(const char *text, size_t length)
{
	struct plan_faults faults = { .tell = tell };
	struct arena keep = {0}, scratch = {0};
	struct members members = {0};
	char *copy = malloc(length + 1);
	int result;

	assert_non_null(copy);
	memcpy(copy + 1, text, length);
	told[0] = '\0';
	result = strict_check(copy + 1, length, &keep, &scratch, &faults,
			      &members);
	if (result < 0)
		assert_true(faults.count > 0);
	arena_free(&keep);
	arena_free(&scratch);
	free(copy);
	return told;
}

static const char *faults_in(const char *text)
{
	return faults_of(text, strlen(text));
}

/* The same for a value in an object. */
static const char *faults_of_value(const char *value)
{
	static char text[4096];

	snprintf(text, sizeof(text), "{\"v\": %s}", value);
	return faults_in(text);
}

static void what_the_rfc_allows_passes(void **state)
{
	static const char *const values[] = {
		"true", "false", "null", "0", "-0", "7", "-12", "1234567890",
		"0.5", "-1.25", "1e5", "1E+5", "2.5e-7", "1e999",
		"123456789012345678901234567890",
		"\"\"", "\"a\"", "\"\x7f\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0041\\u00e9\\uABCD\\uabcd\"",
		"\"\\u00ff\\u00FF\\ud7ff\\ue000\\uffff\"",
		"\"\\ud83d\\ude00\"",		/* a pair */
		"\"\\ud800\\udc00\\udbff\\udfff\"",
		"\"\xc2\x80\xdf\xbf\"",		/* two bytes */
		"\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"",
		"\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
		"[]", "[ ]", "[1]", "[1,2]", "[[],[[]]]",
		"{}", "{ }", "{\"\":1}", "{\"a\":{\"b\":[{}]}}",
		" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(values); i++)
		assert_string_equal(faults_of_value(values[i]), "");
}

/* Where a text is wrong, why, and in which line and column. */
static const struct wrong {
	const char *text;
	const char *told;
} wrong[] = {
	/* values */
	{ "",
	  ": syntax error at line 1, column 1: a value is expected, the "
	  "text ends" },
	{ " \n ", ": syntax error at line 2, column 2: a value is expected" },
	{ "{\"v\": }", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": tru}", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": True}", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": nul", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": NaN}", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": 'a'}", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": +1}", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": .5}", "/v: syntax error at line 1, column 7: a value" },
	{ "{\"v\": /**/ 1}", "/v: syntax error at line 1, column 7: a value" },
	{ "\xef\xbb\xbf{}", ": syntax error at line 1, column 1: a value" },
	/* numbers */
	{ "{\"v\": 0755}",
	  "/v: syntax error at line 1, column 8: a number has no leading "
	  "zero" },
	{ "{\"v\": -01}",
	  "/v: syntax error at line 1, column 9: a number has no leading "
	  "zero" },
	{ "{\"v\": -}", "/v: syntax error at line 1, column 8: a digit" },
	{ "{\"v\": 1.}", "/v: syntax error at line 1, column 9: a digit" },
	{ "{\"v\": 1e}", "/v: syntax error at line 1, column 9: a digit" },
	{ "{\"v\": 1e+}", "/v: syntax error at line 1, column 10: a digit" },
	{ "{\"v\": 1",
	  "/v: syntax error at line 1, column 8: ',' or '}' is expected, "
	  "the text ends" },
	{ "{\"v\": 0x10}", "/v: syntax error at line 1, column 8: ',' or '}'" },
	{ "{\"v\": 1_0}", "/v: syntax error at line 1, column 8: ',' or '}'" },
	{ "{\"v\": -",
	  "/v: syntax error at line 1, column 8: a digit is expected, "
	  "the text ends" },
	/* strings */
	{ "{\"v\": \"a",
	  "/v: syntax error at line 1, column 9: the string does not end" },
	{ "{\"v\": \"a\\",
	  "/v: syntax error at line 1, column 9: the string does not end" },
	{ "{\"v\": \"a\\\"}",
	  "/v: syntax error at line 1, column 12: the string does not end" },
	{ "{\"v\": \"a\nb\"}",
	  "/v: syntax error at line 1, column 9: a control character "
	  "must be escaped" },
	{ "{\"v\": \"\x1f\"}",
	  "/v: syntax error at line 1, column 8: a control" },
	{ "{\"v\": \"\\x41\"}",
	  "/v: syntax error at line 1, column 8: there is no such escape" },
	{ "{\"v\": \"\\U0041\"}",
	  "/v: syntax error at line 1, column 8: there" },
	{ "{\"v\": \"\\u004\"}",
	  "/v: syntax error at line 1, column 8: \\u needs four "
	  "hexadecimal digits" },
	{ "{\"v\": \"\\u00g1\"}", "/v: syntax error at line 1, column 8: \\u" },
	{ "{\"v\": \"\\u00",
	  "/v: syntax error at line 1, column 8: \\u needs" },
	{ "{\"v\": \"\\u0000\"}",
	  "/v: syntax error at line 1, column 8: a string has no NUL" },
	{ "{\"v\": \"\\ud83d\"}",
	  "/v: syntax error at line 1, column 8: a surrogate is not one "
	  "of a pair" },
	{ "{\"v\": \"\\ud800\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\udfff\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83d\\ue000\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83d\\nde00\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83d/ude00\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ude00\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83d\\u0041\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83dx\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83d\\ud83d\"}",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	{ "{\"v\": \"\\ud83d\\u",
	  "/v: syntax error at line 1, column 8: a surrogate" },
	/* objects and lists */
	{ "{", ": syntax error at line 1, column 2: a key is expected" },
	{ "{v: 1}", ": syntax error at line 1, column 2: a key is expected" },
	{ "{\"v\" 1}",
	  "/v: syntax error at line 1, column 6: ':' is expected" },
	{ "{\"v\": 1,}",
	  ": syntax error at line 1, column 9: a key is expected" },
	{ "{\"v\": 1 \"w\": 2}",
	  "/v: syntax error at line 1, column 9: ',' or '}' is expected" },
	{ "{\"v\": [1,]}", "/v/1: syntax error at line 1, column 10: a value" },
	{ "{\"v\": [,1]}", "/v/0: syntax error at line 1, column 8: a value" },
	{ "{\"v\": [1 2]}",
	  "/v/0: syntax error at line 1, column 10: ',' or ']' is expected" },
	{ "{\"v\": [1}", "/v/0: syntax error at line 1, column 9: ',' or ']'" },
	{ "{\"v\": [", "/v/0: syntax error at line 1, column 8: a value" },
	{ "{\n\t\"v\": [\n\t\t{\"w\": 1},\n\t\t{\"w\": }\n\t]\n}",
	  "/v/1/w: syntax error at line 4, column 9: a value" },
	/* columns are characters */
	{ "{\"\xc3\xa9\xc3\xa9\": }",
	  "/\xc3\xa9\xc3\xa9: syntax error at line 1, column 8: a value" },
	/* what is behind it */
	{ "{} x", ": syntax error at line 1, column 4: nothing may follow" },
	{ "{}{}", ": syntax error at line 1, column 3: nothing may follow" },
	{ "{},", ": syntax error at line 1, column 3: nothing may follow" },
	{ "{}]", ": syntax error at line 1, column 3: nothing may follow" },
	/* other than an object */
	{ "[]", ": must be an object" },
	{ "\"{}\"", ": must be an object" },
	{ "1", ": must be an object" },
	{ "null", ": must be an object" },
};

static void what_is_wrong_is_told_with_its_place(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		faults_in(wrong[i].text);
		if (strncmp(told, wrong[i].told, strlen(wrong[i].told)) != 0 ||
		    strchr(told, '\n') != told + strlen(told) - 1)
			fail_msg("%s is told as %s, not as %s", wrong[i].text,
				 told, wrong[i].told);
	}
}

static void it_stops_at_the_first_syntax_error(void **state)
{
	(void)state;
	faults_in("{\"v\": [01, 02], \"w\": 03}");

	assert_ptr_equal(strchr(told, '\n'), told + strlen(told) - 1);
}

static void bytes_that_are_no_utf8_are_refused(void **state)
{
	static const char *const bytes[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf",	/* too long forms */
		"\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf",		/* surrogates */
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe",
		"\xc3", "\xc3(", "\xe2\x82", "\xe2\x82(", "\xe2(\xac",
		"\xf0\x9f\x98", "\xf0\x9f\x98(", "\xf0(\x98\x80",
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bytes); i++) {
		snprintf(text, sizeof(text), "{\"v\": \"%s\"}", bytes[i]);
		assert_non_null(strstr(faults_in(text), "this is no UTF-8"));
		snprintf(text, sizeof(text), "{\"v\": \"12345678%s",
			 bytes[i]);
		assert_non_null(strstr(faults_in(text), "this is no UTF-8"));
	}
}

/* Strings are skipped eight bytes at a time: none may slip through. */
static void a_bad_byte_is_found_at_every_offset(void **state)
{
	static const struct {
		char byte;
		const char *told;
	} bad[] = {
		{ '\x80', "this is no UTF-8" },
		{ '\xff', "this is no UTF-8" },
		{ '\x1f', "a control character must be escaped" },
		{ '\n', "a control character must be escaped" },
		{ '\0', "a string has no NUL" },
		{ '\\', "there is no such escape" },
	};
	char text[64];
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		for (at = 0; at < 24; at++) {
			memset(text, '~', sizeof(text));
			memcpy(text, "{\"v\":\"", 6);
			text[6 + at] = bad[i].byte;
			memcpy(text + 30, "~~\"}", 4);
			faults_of(text, 34);
			assert_non_null(strstr(told, bad[i].told));
		}
	}
}

static void a_nul_is_refused_outside_of_strings_too(void **state)
{
	(void)state;
	assert_non_null(strstr(faults_of("{}\0", 3), "nothing may follow"));
	assert_non_null(strstr(faults_of("{\0}", 3), "a key is expected"));
	assert_non_null(strstr(faults_of("{\"v\":\0}", 7), "a value is"));
}

/* No text that was cut is one; nothing past its end is looked at. */
static void every_beginning_of_a_text_is_refused(void **state)
{
	static const char text[] =
		"{\"a\": [1.5e+3, -2, \"\\u00e9\\ud83d\\ude00\xc3\xa9\\n\"],"
		" \"b\": {\"c\": true, \"d\": false, \"e\": null}}";
	size_t length;

	(void)state;
	for (length = 0; length < sizeof(text) - 1; length++)
		assert_string_not_equal(faults_of(text, length), "");
	assert_string_equal(faults_of(text, length), "");
}

static void a_number_has_at_most_63_characters(void **state)
{
	char digits[80] = "";

	(void)state;
	memset(digits, '1', 63);
	assert_string_equal(faults_of_value(digits), "");

	digits[63] = '1';
	assert_non_null(strstr(faults_of_value(digits),
			       "a number has at most 63 characters"));
}

/* {"v": [[ ... ]]}, so many levels in all. */
static const char *faults_of_depth(size_t levels)
{
	char text[256] = "";

	memcpy(text, "{\"v\":", 5);
	memset(text + 5, '[', levels - 1);
	memset(text + 5 + levels - 1, ']', levels - 1);
	text[5 + 2 * (levels - 1)] = '}';
	return faults_of(text, 6 + 2 * (levels - 1));
}

static void there_are_at_most_32_levels(void **state)
{
	(void)state;
	assert_string_equal(faults_of_depth(32), "");
	assert_string_equal(faults_of_depth(33),
		"/v/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"
		"/0: must be at most 32 levels deep\n");
	assert_string_equal(faults_in("{\"a\": {\"b\": [{}, [], {}]}}"), "");
}

/* A list or an object of so many entries, in an object. */
static const char *faults_of_entries(size_t count, const char *brackets)
{
	char *text = malloc(16 * count + 64);
	char *end = text;
	size_t i;

	assert_non_null(text);
	end += sprintf(end, "{\"v\":%c", brackets[0]);
	for (i = 0; i < count; i++)
		end += sprintf(end, brackets[0] == '[' ? "%s%zu" :
							 "%s\"%zu\":0",
			       i ? "," : "", i);
	end += sprintf(end, "%c}", brackets[1]);
	faults_of(text, (size_t)(end - text));
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

	assert_string_equal(faults_of(text, limit), "");
	assert_string_equal(faults_of(text, limit + 1),
			    ": must have at most 67108864 bytes, "
			    "has 67108865\n");
	free(text);
}

static void a_key_twice_is_told_wherever_it_is(void **state)
{
	(void)state;
	assert_string_equal(faults_in("{\"a\": 1, \"a\": 1}"),
			    "/a: must be there once only, is a duplicate "
			    "key\n");
	assert_string_equal(faults_in("{\"x-\": [{\"b\": 1, \"c\": 2, "
				      "\"b\": 3}]}"),
			    "/x-/0/b: must be there once only, is a duplicate "
			    "key\n");
	assert_string_equal(faults_in("{\"\": 1, \"\": 1}"),
			    "/: must be there once only, is a duplicate "
			    "key\n");
}

static void a_key_twice_is_no_reason_to_stop(void **state)
{
	(void)state;
	faults_in("{\"a\": {\"b\": 1, \"b\": 2}, \"a\": 1, \"a\": 2}");

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
		assert_non_null(strstr(faults_in(same[i]), "duplicate key"));
}

static void other_keys_are_other_keys(void **state)
{
	(void)state;
	assert_string_equal(faults_in("{\"a\": 1, \"A\": 1, \"aa\": 1, "
				      "\"\": 1, \"\\\\u0061\": 1}"), "");
	assert_string_equal(faults_in("{\"a\": {\"a\": {\"a\": 1}}, "
				      "\"b\": {\"a\": 1}}"), "");
}

static void a_pointer_escapes_what_its_syntax_needs(void **state)
{
	(void)state;
	assert_string_equal(faults_in("{\"a/b~c\": {\"\\\"\": 1, "
				      "\"\\\"\": 1}}"),
			    "/a~1b~0c/\": must be there once only, is a "
			    "duplicate key\n");
}

static void a_long_pointer_is_cut_between_characters(void **state)
{
	char text[4096] = "{\"";
	size_t i, length;

	(void)state;
	for (i = 0; i < 700; i++)
		strcat(text, "\xc3\xa9");
	strcat(text, "\": }");

	faults_in(text);

	length = (size_t)(strstr(told, "...: ") - told);
	assert_in_range(length, 500, 512);
	assert_int_equal(length % 2, 1);	/* a slash and whole ones */
}

/* Many keys are sorted: few are compared each with each. */
static void one_key_twice_among_many_is_found(void **state)
{
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
		faults_of(text, (size_t)(end - text));
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
	struct plan_faults faults = { .tell = tell };
	struct arena keep = {0}, scratch = {0};
	struct members members = {0};

	(void)state;
	told[0] = '\0';
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
		cmocka_unit_test(what_the_rfc_allows_passes),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(it_stops_at_the_first_syntax_error),
		cmocka_unit_test(bytes_that_are_no_utf8_are_refused),
		cmocka_unit_test(a_bad_byte_is_found_at_every_offset),
		cmocka_unit_test(a_nul_is_refused_outside_of_strings_too),
		cmocka_unit_test(every_beginning_of_a_text_is_refused),
		cmocka_unit_test(a_number_has_at_most_63_characters),
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
