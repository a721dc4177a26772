/*
 * Text that is put together, for sentences and small files of the kernel.
 *
 * libc's printf(3) brings floating point, wide characters and streams along,
 * a tenth of the size that this program may have; what is printed here needs
 * none of them.
 */

#ifndef FORMAT_H
#define FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * As snprintf(3), for %s %.Ns %.*s %c %d %u %o %x, %lld %llu %zu, zeros and a
 * width ahead of numbers, and %%.
 *
 * Returns the length that the whole would have; what does not fit is cut, and
 * the text always ends with a NUL.
 */
size_t format_text(char *text, size_t size, const char *words, ...)
	__attribute__((format(printf, 3, 4)));

size_t format_text_list(char *text, size_t size, const char *words, va_list args)
	__attribute__((format(printf, 3, 0)));

/* The number that a text begins with; 0 without. */
unsigned format_number(const char *digits);

#endif
