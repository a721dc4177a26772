/* strict: RFC 8259 to the letter */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "strict_text.h"

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

/* The same for a value in an object. */
static const char *faults_of_value(const char *value)
{
	static char text[4096];

	snprintf(text, sizeof(text), "{\"v\": %s}", value);
	return text_faults(text);
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
	const char *told;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		told = text_faults(wrong[i].text);
		if (strncmp(told, wrong[i].told, strlen(wrong[i].told)) != 0 ||
		    strchr(told, '\n') != told + strlen(told) - 1)
			fail_msg("%s is told as %s, not as %s", wrong[i].text,
				 told, wrong[i].told);
	}
}

static void it_stops_at_the_first_syntax_error(void **state)
{
	const char *told = text_faults("{\"v\": [01, 02], \"w\": 03}");

	(void)state;
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
		assert_non_null(strstr(text_faults(text), "this is no UTF-8"));
		snprintf(text, sizeof(text), "{\"v\": \"12345678%s",
			 bytes[i]);
		assert_non_null(strstr(text_faults(text), "this is no UTF-8"));
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
			assert_non_null(strstr(bytes_faults(text, 34),
					       bad[i].told));
		}
	}
}

static void a_nul_is_refused_outside_of_strings_too(void **state)
{
	(void)state;
	assert_non_null(strstr(bytes_faults("{}\0", 3), "nothing may follow"));
	assert_non_null(strstr(bytes_faults("{\0}", 3), "a key is expected"));
	assert_non_null(strstr(bytes_faults("{\"v\":\0}", 7), "a value is"));
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
		assert_string_not_equal(bytes_faults(text, length), "");
	assert_string_equal(bytes_faults(text, length), "");
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
