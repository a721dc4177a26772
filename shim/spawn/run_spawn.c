/* run_spawn: the library is told all that the launch says */

#include "run_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document.h"
#include "fd.h"
#include "kernel/file.h"
#include "loopback.h"
#include "namespaces.h"
#include "run_read.h"

#define INSTALLED "/sbin/init-shim"

void run_tell_error(const struct launch *launch,
		    struct init_shim_error *error)
{
	if (!error)
		run_tell("cannot go on: there is not enough memory");
	else
		run_tell_blame(launch, error->message, error->pointer);
	init_shim_error_free(error);
}

/* The one beside us is ours: a build's, or another prefix's. */
static const char *shim_path(const struct run_options *opt, char *room)
{
	ssize_t length = readlink("/proc/self/exe", room, PATH_MAX - 1);
	char *name;

	if (opt->shim)
		return opt->shim;
	if (length < 0)
		return INSTALLED;
	room[length] = '\0';
	name = strrchr(room, '/') + 1;
	snprintf(name, (size_t)(room + PATH_MAX - name), "init-shim");
	return access(room, X_OK) == 0 ? room : INSTALLED;
}

static struct init_shim *open_shim(const struct launch *launch,
				   const struct run_options *opt)
{
	struct init_shim_error *error = NULL;
	char room[PATH_MAX];
	struct init_shim *shim = init_shim_open(shim_path(opt, room), &error);

	if (!shim)
		run_tell_error(launch, error);
	return shim;
}

static int cgroup_open(const char *path, struct failure *why)
{
	autoclose int fd = -1;

	attempt(why, NULL, WHOLE, "join the cgroup", path);
	fd = file_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, why);
	if (fd < 0)
		return -1;
	if (!file_is_of(fd, CGROUP2_SUPER_MAGIC) &&
	    !file_is_of(fd, CGROUP_SUPER_MAGIC))
		return refused(why, "it is no directory of a cgroup "
			       "filesystem");
	return take(&fd);
}

static int cgroups_open(const struct launch *launch,
			const struct run_options *opt, int *cgroups)
{
	struct failure why = {0};
	unsigned i;

	for (i = 0; i < opt->cgroup_count; i++) {
		cgroups[i] = cgroup_open(opt->cgroups[i], &why);
		if (cgroups[i] < 0) {
			run_tell_failure(launch, &why);
			return -1;
		}
	}
	return 0;
}

static struct init_shim_map *maps_of(const struct id_maps *maps)
{
	struct init_shim_map *copy;
	size_t i;

	copy = must(calloc(maps->count + 1, sizeof(copy[0])));
	for (i = 0; i < maps->count; i++)
		copy[i] = (struct init_shim_map){
			maps->items[i].container_id, maps->items[i].host_id,
			maps->items[i].size,
		};
	return copy;
}

static struct init_shim_join *joins_of(const struct launch *launch)
{
	struct init_shim_join *joins;
	size_t i;

	joins = must(calloc(launch->joined_count + 1, sizeof(joins[0])));
	for (i = 0; i < launch->joined_count; i++)
		joins[i] = (struct init_shim_join){
			.type = launch->joined[i].kind,
			.fd = launch->joined[i].fd,
		};
	return joins;
}

/* By the numbers that they have here. */
static struct init_shim_fd *fds_of(const struct launch *launch)
{
	struct init_shim_fd *fds;
	size_t i;

	fds = must(calloc(launch->inherited_count + 1, sizeof(fds[0])));
	for (i = 0; i < launch->inherited_count; i++)
		fds[i] = (struct init_shim_fd){
			launch->inherited[i], launch->inherited[i],
		};
	return fds;
}

static struct init_shim_offset offset_of(const struct clock_offset *offset)
{
	return (struct init_shim_offset){
		offset->seconds, offset->nanoseconds,
	};
}

static struct init_shim_container *spawn(const struct launch *launch,
					 const struct run_options *opt,
					 const struct init_shim *shim,
					 const int *cgroups)
{
	struct init_shim_fd *fds = fds_of(launch);
	struct init_shim_error *error = NULL;
	struct init_shim_container *container;
	const struct init_shim_how how = {
		.namespaces = launch->created,
		.joins = joins_of(launch),
		.join_count = launch->joined_count,
		.uid_maps = maps_of(&launch->uid_maps),
		.uid_map_count = launch->uid_maps.count,
		.gid_maps = maps_of(&launch->gid_maps),
		.gid_map_count = launch->gid_maps.count,
		.monotonic = offset_of(&launch->monotonic),
		.boottime = offset_of(&launch->boottime),
		.cgroups = cgroups,
		.cgroup_count = opt->cgroup_count,
		.fds = fds,
		.fd_count = launch->inherited_count,
		.quiet = 1,
	};

	container = init_shim_spawn(shim, &how, &error);
	if (!container)
		run_tell_error(launch, error);
	free((void *)how.joins);
	free((void *)how.uid_maps);
	free((void *)how.gid_maps);
	free(fds);
	return container;
}

/* Whole or not there: who waits for the file reads a number. */
static int pid_file_write(const char *path, pid_t pid, struct failure *why)
{
	char new[PATH_MAX], digits[16];
	int length = snprintf(digits, sizeof(digits), "%d", pid);
	autoclose int fd = -1;

	attempt(why, NULL, WHOLE, "write the pid file", path);
	snprintf(new, sizeof(new), "%s.%d", path, pid);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return failed(why, "openat");
	if (write(fd, digits, (size_t)length) == length &&
	    rename(new, path) == 0)
		return 0;
	failed(why, "write");
	unlink(new);
	return -1;
}

/*
 * The state in it has no pid: hooks inside are told the number that the
 * process has there, which the shim knows.
 */
static int give_plan(const struct launch *launch,
		     struct init_shim_container *container)
{
	struct init_shim_error *error = NULL;
	char *text = document_print(launch->plan, false);
	int done;

	done = init_shim_give_plan(container, text, strlen(text), &error);
	if (done < 0)
		run_tell_error(launch, error);
	free(text);
	return done;
}

static int prepare(const struct launch *launch, const struct run_options *opt,
		   struct init_shim_container *container)
{
	pid_t pid = init_shim_pid(container);
	struct failure why = {0};

	if (((launch->created & CLONE_NEWNET) &&
	     loopback_up(pid, has_namespace(launch, CLONE_NEWUSER), &why) < 0) ||
	    (opt->pid_file && pid_file_write(opt->pid_file, pid, &why) < 0)) {
		run_tell_failure(launch, &why);
		return -1;
	}
	return give_plan(launch, container);
}

struct init_shim_container *run_spawn(const struct launch *launch,
				      const struct run_options *opt)
{
	struct init_shim_container *container = NULL;
	struct init_shim *shim = open_shim(launch, opt);
	int cgroups[RUN_CGROUPS];

	if (shim && cgroups_open(launch, opt, cgroups) == 0)
		container = spawn(launch, opt, shim, cgroups);
	init_shim_close(shim);
	if (container && prepare(launch, opt, container) < 0) {
		init_shim_free(container);
		return NULL;
	}
	return container;
}
