/* mountinfo: the table of mounts read and taken apart */

#include "kernel/mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
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

bool mountinfo_next(char **cursor, struct mountinfo_line *line)
{
	char *rest = *cursor;
	char *end = strchr(rest, '\n');

	if (!end)
		return false;
	*end = '\0';
	*cursor = end + 1;
	line->id = (int)format_number(field(&rest));
	line->parent = (int)format_number(field(&rest));
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

int mountinfo_list(struct mountinfo_list *list, int proc, struct failure *why)
{
	struct mountinfo_line line;
	size_t room = 0;
	char *cursor;

	*list = (struct mountinfo_list){ .count = 0 };
	if (mountinfo_read(&list->table, proc, why) < 0)
		return -1;
	for (cursor = list->table.bytes; *cursor; cursor++)
		room += *cursor == '\n';
	list->items = arena_array(&list->memory, room, sizeof(line));
	if (!list->items) {
		mountinfo_list_free(list);
		return failed_as(why, "mmap", ENOMEM);
	}
	cursor = list->table.bytes;
	while (mountinfo_next(&cursor, &line))
		list->items[list->count++] = line;
	return 0;
}

void mountinfo_list_free(struct mountinfo_list *list)
{
	arena_free(&list->memory);
	text_free(&list->table);
}

static const struct mountinfo_line *parent_of(const struct mountinfo_list *list,
					      const struct mountinfo_line *of)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->items[i].id == of->parent && &list->items[i] != of)
			return &list->items[i];
	return NULL;
}

bool mountinfo_is_below(const struct mountinfo_list *list,
			const struct mountinfo_line *line, int top, int except)
{
	size_t steps = list->count;

	for (; line && steps-- > 0; line = parent_of(list, line)) {
		if (line->id == top)
			return true;
		if (line->id == except)
			return false;
	}
	return false;
}
