/* UTF-8, and text that others wrote: what of it may be passed on. */

#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * Bytes of the character at text, of which left are readable (at least 1).
 * 0: they are no UTF-8 (RFC 3629: surrogates and overlong forms are none).
 */
size_t utf8_length(const char *text, size_t left);

/*
 * Copy text so that it drives no terminal and stays on one line: control
 * characters (C1 and DEL too) and bytes that are no UTF-8 become \x1b, a
 * newline becomes \n.  Ends it with a NUL; what does not fit is left out,
 * whole characters at a time.  Returns the bytes written, without the NUL.
 */
size_t utf8_visible(char *to, size_t size, const char *text, size_t length);

#endif
