/* console: the master comes with a message, and is read until the end */

#include "console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"

static char said[16384];

static void keep_master(struct box *box, const char *type, int fd)
{
	if (strcmp(type, "console") == 0)
		*(int *)box->context = fd;
	else
		close(fd);
}

/* Until the last of its peers is closed, which is EIO; without "\r". */
static void read_all(int master)
{
	size_t length = 0;
	char byte;

	while (length < sizeof(said) - 1 && read(master, &byte, 1) == 1)
		if (byte != '\r')
			said[length++] = byte;
	said[length] = '\0';
}

const char *console_run(struct box *box, const char *mounts,
			const char *process, const char *plan)
{
	autoclose int master = -1;

	box_program(box, "tty");
	box->given = keep_master;
	box->context = &master;
	said[0] = '\0';
	box_run(box, JSON("mounts": [%s], "process":
		{"args": ["/bin/tty"], "terminal": true%s}%s), mounts, process,
		plan);
	if (master >= 0)
		read_all(master);
	box_wait(box);
	return said;
}

const char *console_value(const char *text, const char *key)
{
	static char value[256];
	size_t length = strlen(key);
	const char *line = text;

	while (line && *line) {
		if (strncmp(line, key, length) == 0 && line[length] == ' ') {
			snprintf(value, sizeof(value), "%.*s",
				 (int)strcspn(line + length + 1, "\n"),
				 line + length + 1);
			return value;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return NULL;
}

#define assert_value(key, value) \
	assert_string_equal(console_value(text, key), value)

void assert_console(const char *text)
{
	if (!console_value(text, "fd 2"))
		fail_msg("it says: %s", text);
	assert_memory_equal(console_value(text, "fd 0"), "tty 136 ", 8);
	assert_memory_equal(console_value(text, "fd 1"), "tty 136 ", 8);
	assert_memory_equal(console_value(text, "fd 2"), "tty 136 ", 8);
	assert_null(console_value(text, "fd 3"));
	assert_value("controlling", "yes");
	assert_value("foreground", "yes");
}
