/* Texts for the strict pass, and what is told of them, a line a fault. */

#ifndef STRICT_TEXT_H
#define STRICT_TEXT_H

#include <stddef.h>

/*
 * The faults of a text that need not be a plan; "" for none.  They are read
 * from a copy that ends where the text does, and last until the next call.
 */
const char *bytes_faults(const char *bytes, size_t length);
const char *text_faults(const char *text);

#endif
