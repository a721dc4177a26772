/* JSON that is written: objects of strings and numbers, in a fixed buffer. */

#ifndef SYNC_JSON_H
#define SYNC_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct json {
	char *text;
	size_t size;		/* bytes at text; 0: only measure */
	size_t length;		/* bytes that all of it takes */
	size_t longest;		/* a string is cut there; 0: never */
	bool comma;		/* one is due before the next member */
};

/* "{" and "}". */
void json_open(struct json *to);
void json_close(struct json *to);

/* The key of a member that json_open() or a value follows. */
void json_key(struct json *to, const char *key);

/* Members.  Text that is no UTF-8 is made so, with U+FFFD; NULL is "". */
void json_string(struct json *to, const char *key, const char *text);
void json_number(struct json *to, const char *key, size_t number);

/* One string of a list, whose brackets are json_raw()'s. */
void json_item(struct json *to, const char *text);

/* Text as it is: a newline after the end. */
void json_raw(struct json *to, const char *text);

#endif
