/* mountinfo: the table of mounts read and taken apart */

#include "kernel/mountinfo.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/proc.h"

int mountinfo_read(struct text *table, int proc, struct failure *why)
{
	autoclose int fd = proc_open_file(proc, "self/mountinfo", O_RDONLY,
					  why);

	*table = (struct text){ .bytes = NULL };
	if (fd < 0 || text_read(table, fd, why) < 0 ||
	    text_reserve(table, 1, why) < 0) {
		text_free(table);
		return -1;
	}
	table->bytes[table->length] = '\0';
	return 0;
}

/* "\040" and its like stand for what would end a field. */
static void decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' &&
		    text[2] && text[3]) {
			*to++ = (char)((text[1] - '0') << 6 |
				       (text[2] - '0') << 3 | (text[3] - '0'));
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* Cut the next field off a line: what is before the next space. */
static char *field(char **rest)
{
	char *start = *rest;

	*rest += strcspn(*rest, " ");
	if (**rest)
		*(*rest)++ = '\0';
	return start;
}

static int number(const char *digits)
{
	int value = 0;

	while (*digits >= '0' && *digits <= '9')
		value = value * 10 + (*digits++ - '0');
	return value;
}

bool mountinfo_next(char **cursor, struct mountinfo_line *line)
{
	char *rest = *cursor;
	char *end = strchr(rest, '\n');

	if (!end)
		return false;
	*end = '\0';
	*cursor = end + 1;
	line->id = number(field(&rest));
	line->parent = number(field(&rest));
	field(&rest);			/* major:minor */
	line->root = field(&rest);
	line->point = field(&rest);
	/* options and optional fields, of any number, end with a dash */
	while (*rest && strcmp(field(&rest), "-") != 0)
		;
	line->type = field(&rest);
	field(&rest);			/* source */
	line->super_options = field(&rest);
	decode(line->root);
	decode(line->point);
	return true;
}
