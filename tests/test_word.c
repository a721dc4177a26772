/* word: which messages say something, and which do not */

#include "sync/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static enum word word(const char *text)
{
	return word_read(text, strlen(text));
}

static void each_word_of_the_protocol_is_known(void **state)
{
	(void)state;
	assert_int_equal(word("{\"type\":\"plan\"}"), WORD_PLAN);
	assert_int_equal(word("{\"type\":\"resume\"}"), WORD_RESUME);
	assert_int_equal(word("{\"type\":\"start\"}"), WORD_START);
	assert_int_equal(word("{\"type\":\"abort\"}"), WORD_ABORT);
}

static void any_legal_way_to_write_it_will_do(void **state)
{
	static const char *const texts[] = {
		" \t\r\n{ \t\r\n\"type\" \n: \"start\"\t}\r\n ",
		"{\"t\\u0079pe\":\"\\u0073tart\"}",
		"{\"x-a\":1,\"type\":\"start\"}",
		"{\"type\":\"start\",\"x-\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
		"{\"type\":\"start\",\"x-a\":true,\"x-b\":false,\"x-c\":null}",
		"{\"type\":\"start\",\"x-a\":-0,\"x-b\":10.50e+7,\"x-c\":0E-1}",
		"{\"type\":\"start\",\"x-\xc3\xa4\":\"\xe2\x82\xac {}[],:\"}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		if (word(texts[i]) != WORD_START)
			fail_msg("not understood: %s", texts[i]);
}

static void nothing_else_is_a_message(void **state)
{
	static const char *const texts[] = {
		"",
		"{}",
		"start",
		"\"start\"",
		"[{\"type\":\"start\"}]",
		"{\"type\":\"start\"",
		"{\"type\":\"start\"}}",
		"{\"type\":\"start\"}{\"type\":\"start\"}",
		"{\"type\":\"start\",}",
		"{,\"type\":\"start\"}",
		"{\"type\" \"start\"}",
		"{\"type\":start}",
		"{\"type\":1}",
		"{\"type\":\"\"}",
		"{\"type\":\"started\"}",
		"{\"type\":\"star\"}",
		"{\"type\":\"Start\"}",
		"{\"Type\":\"start\"}",
		"{\"type\":\"start\\u0000\"}",
		"{\"type\":\"sta\nrt\"}",
		"{\"type\":\"st\\art\"}",
		"{\"type\":\"\\u073tart\"}",
		"{\"type\":\"start\",\"type\":\"start\"}",
		"{\"type\":\"start\",\"key\":1}",
		"{\"type\":\"start\",\"X-key\":1}",
		"{\"x-key\":1}",
		"{\"type\":\"start\",\"x-a\":{}}",
		"{\"type\":\"start\",\"x-a\":[]}",
		"{\"type\":\"start\",\"x-a\":01}",
		"{\"type\":\"start\",\"x-a\":1.}",
		"{\"type\":\"start\",\"x-a\":.5}",
		"{\"type\":\"start\",\"x-a\":1e}",
		"{\"type\":\"start\",\"x-a\":-}",
		"{\"type\":\"start\",\"x-a\":+1}",
		"{\"type\":\"start\",\"x-a\":tru}",
		"{\"type\":\"start\",\"x-a\":}",
		"{\"type\":\"start\",\"x-a\":\"",
		"{\"type\":\"start\",\"x-a\":\"\\",
		"{\"type\":\"start\",\"x-a\":\"\\u12",
		"{\"type\":\"start\",\"x-a",
		"\xef\xbb\xbf{\"type\":\"start\"}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		if (word(texts[i]) != WORD_OTHER)
			fail_msg("taken for a message: %s", texts[i]);
}

static void a_nul_ends_no_message(void **state)
{
	static const char inside[] = "{\"type\":\"start\0\"}";
	static const char behind[] = "{\"type\":\"start\"}";
	static const char space[] = "{\0\"type\":\"start\"}";
	static const char escape[] = "{\"type\":\"start\\\0\"}";

	(void)state;
	assert_int_equal(word_read(inside, sizeof(inside) - 1), WORD_OTHER);
	assert_int_equal(word_read(behind, sizeof(behind)), WORD_OTHER);
	assert_int_equal(word_read(space, sizeof(space) - 1), WORD_OTHER);
	assert_int_equal(word_read(escape, sizeof(escape) - 1), WORD_OTHER);
}

static void a_message_is_bounded(void **state)
{
	char text[MESSAGE_MAX + 1];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "{\"type\":\"start\"}", 16);

	assert_int_equal(word_read(text, MESSAGE_MAX), WORD_START);
	assert_int_equal(word_read(text, MESSAGE_MAX + 1), WORD_OTHER);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_word_of_the_protocol_is_known),
		cmocka_unit_test(any_legal_way_to_write_it_will_do),
		cmocka_unit_test(nothing_else_is_a_message),
		cmocka_unit_test(a_nul_ends_no_message),
		cmocka_unit_test(a_message_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
