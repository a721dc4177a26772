/* namespaces: namespaces(7) */

#include "namespaces.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "document.h"
#include "fd.h"
#include "kernel/file.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

const struct namespace_kind namespace_kinds[LAUNCH_NAMESPACES] = {
	{ "user", "user", CLONE_NEWUSER },
	{ "mount", "mnt", CLONE_NEWNS },
	{ "pid", "pid", CLONE_NEWPID },
	{ "network", "net", CLONE_NEWNET },
	{ "ipc", "ipc", CLONE_NEWIPC },
	{ "uts", "uts", CLONE_NEWUTS },
	{ "cgroup", "cgroup", CLONE_NEWCGROUP },
	{ "time", "time", CLONE_NEWTIME },
};

const struct namespace_kind *namespace_find(const char *name)
{
	size_t i;

	for (i = 0; i < LAUNCH_NAMESPACES; i++)
		if (strcmp(namespace_kinds[i].name, name) == 0)
			return &namespace_kinds[i];
	return NULL;
}

void namespace_plan(struct launch *launch, const struct namespace_kind *kind)
{
	cJSON *list = document_member(launch->plan, "namespaces");

	if (!list) {
		list = must(cJSON_CreateArray());
		document_add(launch->plan, "namespaces", list);
	}
	cJSON_AddItemToArray(list, must(cJSON_CreateString(kind->name)));
}

/* What is no name of one the shim refuses, by its pointer. */
void namespaces_of_plan(struct launch *launch)
{
	const struct namespace_kind *kind;
	const cJSON *name;

	cJSON_ArrayForEach(name, document_member(launch->plan, "namespaces")) {
		kind = cJSON_IsString(name) ? namespace_find(name->valuestring)
					    : NULL;
		if (kind)
			launch->created |= kind->kind;
	}
}

bool has_namespace(const struct launch *launch, unsigned kind)
{
	size_t i;

	for (i = 0; i < launch->joined_count; i++)
		if (launch->joined[i].kind == kind)
			return true;
	return launch->created & kind;
}

static bool is_same(int fd, const struct namespace_kind *kind)
{
	struct stat own, other;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", kind->file);
	return fstat(fd, &other) == 0 && stat(path, &own) == 0 &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

int namespace_open(const char *path, const struct namespace_kind *kind,
		   bool *is_own, struct failure *why)
{
	autoclose int fd = -1;
	int type;

	attempt(why, NULL, WHOLE, "join the namespace", path);
	fd = file_open(AT_FDCWD, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, why);
	if (fd < 0)
		return -1;
	type = ioctl(fd, NS_GET_NSTYPE);
	if (type < 0)
		return refused(why, "it is no namespace");
	if ((unsigned)type != kind->kind)
		return refused(why, "it is no %s namespace", kind->name);
	*is_own = is_same(fd, kind);
	return take(&fd);
}
