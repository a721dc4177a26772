/* inherited: what is open now came from the caller */

#include "inherited.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>

#include "document.h"

static void inherit(struct launch *launch, int fd)
{
	size_t i, size = sizeof(launch->inherited[0]);

	if (fcntl(fd, F_GETFD) < 0)
		return;
	for (i = 0; i < launch->inherited_count; i++)
		if (launch->inherited[i] == fd)
			return;
	launch->inherited = must(realloc(launch->inherited,
				 (launch->inherited_count + 1) * size));
	launch->inherited[launch->inherited_count++] = fd;
}

static void inherit_member(struct launch *launch, const cJSON *object,
			   const char *key)
{
	int64_t fd;

	if (document_integer(document_member(object, key), 0, INT_MAX, &fd))
		inherit(launch, (int)fd);
}

static void inherit_named(struct launch *launch)
{
	const cJSON *process = document_member(launch->plan, "process");
	const cJSON *mount;

	inherit_member(launch, document_member(launch->plan, "rootfs"), "fd");
	inherit_member(launch, document_member(process, "seccomp"), "fd");
	cJSON_ArrayForEach(mount, document_member(launch->plan, "mounts"))
		inherit_member(launch, mount, "sourceFd");
}

void inherited_find(struct launch *launch, const struct run_options *opt)
{
	int fd;

	for (fd = 0; fd < 3 + (int)opt->keep_fds; fd++)
		inherit(launch, fd);
	inherit_named(launch);
}
