/* fault: a place becomes a JSON pointer, a reason one line of text */

#include "fault.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "format.h"

#define POINTER_ROOM 512
#define MESSAGE_ROOM 1024

/* Text that grows in a room; one byte is left for the NUL. */
struct writing {
	char *begin;
	char *next;
	char *last;
	bool full;
};

static struct writing write_to(char *room, size_t size)
{
	return (struct writing){ room, room, room + size - 1, false };
}

static void put(struct writing *to, char c)
{
	if (to->next < to->last)
		*to->next++ = c;
	else
		to->full = true;
}

static void put_text(struct writing *to, const char *text)
{
	while (*text)
		put(to, *text++);
}

/* Where there was more to say, say so, and leave no half character. */
static const char *written(struct writing *to, const char *more)
{
	size_t length = strlen(more);

	if (to->full) {
		do
			to->next--;
		while (to->next > to->begin &&
		       (to->next + length > to->last ||
			((unsigned char)*to->next & 0xc0) == 0x80));
		memcpy(to->next, more, length);
		to->next += length;
	}
	*to->next = '\0';
	return to->begin;
}

/* Escapes as in RFC 6901, section 3. */
static void put_key(struct writing *to, const char *key, const char *end)
{
	for (; end ? key < end : *key; key++) {
		if (*key == '~')
			put_text(to, "~0");
		else if (*key == '/')
			put_text(to, "~1");
		else
			put(to, *key);
	}
}

static void put_place(struct writing *to, const struct place *at)
{
	char digits[24];

	if (!at)
		return;
	put_place(to, at->up);
	put(to, '/');
	if (at->key) {
		put_key(to, at->key, at->key_end);
		return;
	}
	format_text(digits, sizeof(digits), "%zu", at->index);
	put_text(to, digits);
}

void fault(struct plan_faults *faults, const struct place *at,
	   const char *format, ...)
{
	char pointer[POINTER_ROOM], message[MESSAGE_ROOM];
	struct writing to = write_to(pointer, sizeof(pointer));
	va_list args;

	put_place(&to, at);
	va_start(args, format);
	format_text_list(message, sizeof(message), format, args);
	va_end(args);
	faults->count++;
	faults->tell(faults, written(&to, "..."), message);
}

int fault_no_memory(struct plan_faults *faults)
{
	fault(faults, NULL, "cannot be read: not enough memory");
	return -1;
}

const char *quote(char room[static QUOTE_ROOM], const char *text)
{
	struct writing to = write_to(room, QUOTE_ROOM);

	put(&to, '"');
	put_text(&to, text);
	put(&to, '"');
	return written(&to, "...\"");
}
