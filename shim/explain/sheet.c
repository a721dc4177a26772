/* sheet: words, and what a plan has put into them */

#include "explain/sheet.h"

#include <stdarg.h>
#include <unistd.h>

#include "format.h"

static void flush(struct sheet *to)
{
	size_t done = 0;
	ssize_t wrote = 0;

	for (; done < to->length && wrote >= 0; done += (size_t)wrote)
		wrote = write(1, to->text + done, to->length - done);
	if (wrote < 0)
		failed(to->why, "write");
	to->length = 0;
}

static void put(struct sheet *to, char c)
{
	if (to->length == sizeof(to->text))
		flush(to);
	to->text[to->length++] = c;
}

/* Names are the plan's, and may hold what steers a terminal. */
static void put_text(struct sheet *to, const char *text)
{
	for (; *text; text++)
		put(to, (unsigned char)*text < ' ' || *text == 0x7f ? '?' :
								    *text);
}

void say(struct sheet *to, const char *words, ...)
{
	char number[16], kind[3] = "%u";
	va_list args;

	va_start(args, words);
	for (; *words; words++) {
		if (*words == '\n') {
			if (to->steps)
				put(to, '\n');
			say(to, "%u. ", ++to->steps);
		} else if (*words != '%') {
			put(to, *words);
		} else if (*++words == 's') {
			put_text(to, va_arg(args, const char *));
		} else {
			kind[1] = *words;
			format_text(number, sizeof(number), kind,
				    va_arg(args, unsigned));
			put_text(to, number);
		}
	}
	va_end(args);
}

void say_all(struct sheet *to, char **words)
{
	for (; words && *words; words++)
		say(to, " %s", *words);
}

void say_word(struct sheet *to, const struct words *words, uint32_t value)
{
	const struct word *found = word_of_value(words, value);

	say(to, " %s%s", words->prefix, found->text);
}

void say_commands(struct sheet *to, const char *when,
		  const struct commands *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		say(to, "\n%s: run %s as", when, list->items[i].path);
		say_all(to, list->items[i].args);
	}
}

void sheet_end(struct sheet *to)
{
	put(to, '\n');
	flush(to);
}
