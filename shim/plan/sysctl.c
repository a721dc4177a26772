/* sysctl: names to files below /proc/sys, and whose they are */

#include "sysctl.h"

#include <sched.h>
#include <string.h>

#include "check.h"
#include "sense.h"
#include "shapes.h"

/*
 * As sysctl(8): the first separator decides.  A slash: the name is a path.
 * A dot: dots are slashes and slashes dots, for interfaces like eth0.100.
 */
static void to_path(char *name)
{
	if (name[strcspn(name, "./")] == '/')
		return;
	for (; *name; name++) {
		if (*name == '.')
			*name = '/';
		else if (*name == '/')
			*name = '.';
	}
}

/* No component that is empty, "." or "..": the path leads straight down. */
static bool is_straight(const char *path)
{
	size_t length;

	for (;;) {
		length = strcspn(path, "/");
		if (length <= 2 && strncmp(path, "..", length) == 0)
			return false;
		path += length;
		if (!*path)
			return true;
		path++;
	}
}

static void read_sysctl(struct reader *r, const cJSON *value,
			struct sysctl *sysctl)
{
	char *path = keep_text(r, value->string);
	const char *text, *why = short_path(value->string);

	sysctl->name = keep_text(r, value->string);
	if (path) {
		to_path(path);
		if (!why && !is_straight(path))
			why = "must name a file below /proc/sys";
	}
	if (why)
		own_fault(r, "%s, is %s", why, QUOTE(value->string));
	else
		sysctl->path = path;
	text = text_of(r, value, ANY_TEXT);
	sysctl->value = text ? keep_text(r, text) : NULL;
}

void read_sysctls(struct reader *r, const struct row *row,
		  const cJSON *value, void *field)
{
	struct place at = { .up = r->at };
	struct sysctl *items;
	const cJSON *child;
	size_t count = 0;

	(void)row;
	if (!must_be(r, value, cJSON_Object))
		return;
	items = keep_array(r, entries_of(value), sizeof(*items));
	if (!items)
		return;
	r->at = &at;
	for (child = value->child; child; child = child->next) {
		at.key = child->string;
		if (!is_ignored(child->string))
			read_sysctl(r, child, &items[count++]);
	}
	r->at = at.up;
	keep_list(field, items, count);
}

/* Paths that a namespace isolates; one that ends with a slash: all below. */
static const struct isolated {
	char path[24];
	char name[8];
	unsigned namespace;
} isolated[] = {
	{ "kernel/msgmax", "ipc", CLONE_NEWIPC },
	{ "kernel/msgmnb", "ipc", CLONE_NEWIPC },
	{ "kernel/msgmni", "ipc", CLONE_NEWIPC },
	{ "kernel/msg_next_id", "ipc", CLONE_NEWIPC },
	{ "kernel/sem", "ipc", CLONE_NEWIPC },
	{ "kernel/sem_next_id", "ipc", CLONE_NEWIPC },
	{ "kernel/shmall", "ipc", CLONE_NEWIPC },
	{ "kernel/shmmax", "ipc", CLONE_NEWIPC },
	{ "kernel/shmmni", "ipc", CLONE_NEWIPC },
	{ "kernel/shm_next_id", "ipc", CLONE_NEWIPC },
	{ "kernel/shm_rmid_forced", "ipc", CLONE_NEWIPC },
	{ "fs/mqueue/", "ipc", CLONE_NEWIPC },
	{ "net/", "network", CLONE_NEWNET },
	{ "kernel/domainname", "uts", CLONE_NEWUTS },
};

static bool is_of(const char *path, const char *of)
{
	size_t length = strlen(of);

	if (of[length - 1] == '/')
		return strncmp(path, of, length) == 0;
	return strcmp(path, of) == 0;
}

static const struct isolated *isolated_find(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(isolated) / sizeof(isolated[0]); i++)
		if (is_of(path, isolated[i].path))
			return &isolated[i];
	return NULL;
}

#define sysctl_fault(r, sysctl, ...) \
	fault((r)->faults, \
	      &(struct place){ .up = &(struct place){ .key = "sysctl" }, \
			       .key = (sysctl)->name }, __VA_ARGS__)

static void sysctl_check(struct reader *r, const struct sysctl *sysctl)
{
	const struct isolated *by = isolated_find(sysctl->path);

	if (strcmp(sysctl->path, "kernel/hostname") == 0)
		sysctl_fault(r, sysctl, "%s is set by \"hostname\"",
			     QUOTE(sysctl->name));
	else if (!by)
		sysctl_fault(r, sysctl, "%s is the host's: no namespace "
			     "isolates it", QUOTE(sysctl->name));
	else if (!(r->plan->namespaces & by->namespace))
		sysctl_fault(r, sysctl, "%s needs \"%s\" in namespaces, or "
			     "it is the host's", QUOTE(sysctl->name),
			     by->name);
}

static void told_twice(struct reader *r, size_t index)
{
	sysctl_fault(r, &r->plan->sysctls[index],
		     "must be there once only, another name for it was "
		     "there before");
}

static const char *path_of(const struct plan *plan, size_t index)
{
	return plan->sysctls[index].path;
}

void sysctls_check(struct reader *r)
{
	const struct plan *plan = r->plan;
	size_t i;

	if (!(r->seen.faulty & ROW(PLAN_NAMESPACES)))
		for (i = 0; i < plan->sysctl_count; i++)
			if (plan->sysctls[i].path)
				sysctl_check(r, &plan->sysctls[i]);
	once_only(r, plan->sysctl_count, path_of, told_twice);
}
