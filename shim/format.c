/* format: the few conversions that our sentences use */

#include "format.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct output {
	char *text;
	size_t size;
	size_t length;		/* of the whole, cut or not */
};

/* One conversion: what is between "%" and its letter. */
struct conversion {
	bool zeros;
	unsigned width;
	size_t longest;		/* of a string */
	unsigned longs;		/* how many l; z is as one */
};

static void put(struct output *to, const char *text, size_t length)
{
	size_t room = to->length < to->size ? to->size - to->length : 0;

	memcpy(to->text + to->length, text, length < room ? length : room);
	to->length += length;
}

static void put_number(struct output *to, const struct conversion *how,
		       uint64_t number, unsigned base, bool negative)
{
	char digits[24];
	char *first = digits + sizeof(digits);
	unsigned width = 0;

	do {
		*--first = "0123456789abcdef"[number % base];
		number /= base;
		width++;
	} while (number || (how->zeros && width < how->width));
	if (negative)
		*--first = '-';
	put(to, first, (size_t)(digits + sizeof(digits) - first));
}

static const char *read_conversion(const char *at, struct conversion *how,
				   va_list *args)
{
	*how = (struct conversion){ .longest = SIZE_MAX };
	how->zeros = *at == '0';
	while (*at >= '0' && *at <= '9')
		how->width = how->width * 10 + (unsigned)(*at++ - '0');
	if (*at == '.') {
		how->longest = 0;
		if (*++at == '*') {
			how->longest = (size_t)va_arg(*args, int);
			at++;
		}
		while (*at >= '0' && *at <= '9')
			how->longest = how->longest * 10 +
				       (size_t)(*at++ - '0');
	}
	while (*at == 'l' || *at == 'z') {
		how->longs++;
		at++;
	}
	return at;
}

static void put_integer(struct output *to, const struct conversion *how,
			char letter, va_list *args)
{
	int64_t value = how->longs ? va_arg(*args, long long) :
				     va_arg(*args, int);
	bool negative = letter == 'd' && value < 0;
	uint64_t number = negative ? -(uint64_t)value : (uint64_t)value;

	if (!how->longs && !negative)
		number = (uint32_t)number;
	put_number(to, how, number,
		   letter == 'x' ? 16 : letter == 'o' ? 8 : 10, negative);
}

static void convert(struct output *to, const struct conversion *how,
		    char letter, va_list *args)
{
	const char *text;
	size_t length = 0;
	char c;

	switch (letter) {
	case 's':
		text = va_arg(*args, const char *);
		while (length < how->longest && text[length])
			length++;
		put(to, text, length);
		break;
	case 'c':
		c = (char)va_arg(*args, int);
		put(to, &c, 1);
		break;
	case '%':
		put(to, "%", 1);
		break;
	default:
		put_integer(to, how, letter, args);
	}
}

size_t format_text_list(char *text, size_t size, const char *words, va_list args)
{
	struct output to = { text, size, 0 };
	struct conversion how;
	va_list rest;

	va_copy(rest, args);
	while (*words) {
		size_t plain = strcspn(words, "%");

		put(&to, words, plain);
		words += plain;
		if (*words != '%')
			break;
		words = read_conversion(words + 1, &how, &rest);
		convert(&to, &how, *words++, &rest);
	}
	va_end(rest);
	if (size)
		text[to.length < size ? to.length : size - 1] = '\0';
	return to.length;
}

size_t format_text(char *text, size_t size, const char *words, ...)
{
	va_list args;
	size_t length;

	va_start(args, words);
	length = format_text_list(text, size, words, args);
	va_end(args);
	return length;
}

unsigned format_number(const char *digits)
{
	unsigned value = 0;

	while (*digits >= '0' && *digits <= '9')
		value = value * 10 + (unsigned)(*digits++ - '0');
	return value;
}
