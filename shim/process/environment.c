/* environment: what env lacks, and only the container knows */

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/image.h"
#include "process/steps.h"

/* No user list is longer; who is behind that has no home. */
#define PASSWD_MOST ((size_t)4 << 20)

/* A line is shorter than this, or the last one that counts. */
struct lines {
	int fd;
	size_t start, end;	/* of what is not told yet */
	size_t total;
	char bytes[4096];
};

/* Move what is left to the front, and read more.  false: there is no more. */
static bool fill(struct lines *lines)
{
	ssize_t length;
	size_t room;

	lines->end -= lines->start;
	memmove(lines->bytes, lines->bytes + lines->start, lines->end);
	lines->start = 0;
	/* one for the newline that the last line may lack */
	room = sizeof(lines->bytes) - 1 - lines->end;
	if (!room || lines->total > PASSWD_MOST)
		return false;
	length = read(lines->fd, lines->bytes + lines->end, room);
	if (length == 0 && lines->end) {
		lines->bytes[lines->end] = '\n';
		length = 1;
	}
	if (length <= 0)
		return false;
	lines->end += (size_t)length;
	lines->total += (size_t)length;
	return true;
}

static char *next_line(struct lines *lines)
{
	char *line, *end;

	do {
		line = lines->bytes + lines->start;
		end = memchr(line, '\n', lines->end - lines->start);
	} while (!end && fill(lines));
	if (!end)
		return NULL;
	*end = '\0';
	lines->start = (size_t)(end + 1 - lines->bytes);
	return line;
}

/* One of the fields between colons, passwd(5); NULL: there are fewer. */
static char *field_of(char *line, int number)
{
	while (number-- && line) {
		line = strchr(line, ':');
		line += line != NULL;
	}
	return line;
}

/* The home of the first line that has the uid; "/" where none has a path. */
static const char *find_home(struct lines *lines, uid_t uid)
{
	char number[16], *line, *field;
	size_t length = format_text(number, sizeof(number), "%u:", uid);

	while ((line = next_line(lines))) {
		field = field_of(line, 2);
		if (!field || strncmp(field, number, length) != 0)
			continue;
		field = field_of(field, 3);
		if (!field || *field != '/')
			break;
		field[strcspn(field, ":")] = '\0';
		return field;
	}
	return "/";
}

static int out_of_memory(struct failure *why)
{
	attempt(why, "/process/env", WHOLE, "complete", "the environment");
	return failed(why, "mmap");
}

/* Its place is kept: the number is known when the target is. */
static int add_listen_pid(struct plan *plan, char **entry, struct failure *why)
{
	*entry = arena_alloc(&plan->arena, LISTEN_PID_SIZE);
	plan->process.listen_pid = *entry;
	return *entry ? 0 : out_of_memory(why);
}

static int add_home(struct plan *plan, int root, char **entry,
		    struct failure *why)
{
	autoclose int fd = image_open(root, "/etc/passwd", why);
	struct lines lines = { .fd = fd };
	const char *home = fd < 0 ? "/" : find_home(&lines, plan->process.uid);
	size_t size = sizeof("HOME=") + strlen(home);

	*entry = arena_alloc(&plan->arena, size);
	if (!*entry)
		return out_of_memory(why);
	format_text(*entry, size, "HOME=%s", home);
	return 0;
}

const char *environment_value(const struct strings *env, const char *name)
{
	size_t length = strlen(name), i;

	/* the last one that env has: as if each had been set in turn */
	for (i = env->count; i > 0; i--)
		if (strncmp(env->items[i - 1], name, length) == 0)
			return env->items[i - 1] + length;
	return NULL;
}

int environment_complete(struct plan *plan, int root, struct failure *why)
{
	struct strings *env = &plan->process.env;
	bool home = !environment_value(env, "HOME=");
	bool listens = environment_value(env, "LISTEN_FDS=");
	size_t i, count = 0;
	char **items;

	if (!home && !listens)
		return 0;
	items = arena_array(&plan->arena, env->count + 3, sizeof(*items));
	if (!items)
		return out_of_memory(why);
	for (i = 0; i < env->count; i++)
		if (!listens || strncmp(env->items[i], "LISTEN_PID=", 11) != 0)
			items[count++] = env->items[i];
	if ((listens && add_listen_pid(plan, &items[count++], why) < 0) ||
	    (home && add_home(plan, root, &items[count++], why) < 0))
		return -1;
	*env = (struct strings){ items, count };
	return 0;
}

void environment_name_listener(const struct process_plan *process)
{
	if (process->listen_pid)
		format_text(process->listen_pid, LISTEN_PID_SIZE,
			    "LISTEN_PID=%d", getpid());
}
