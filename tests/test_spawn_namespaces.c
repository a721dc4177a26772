/* libinit-shim: namespaces that are made and that are joined */

#include "daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"

/* "net:[4026531840]" */
static const char *namespace_of(struct daemon *daemon, pid_t pid,
				const char *name)
{
	char path[64], text[64] = "";
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	length = readlink(path, text, sizeof(text) - 1);
	text[length > 0 ? length : 0] = '\0';
	return box_keep(daemon->box, strdup(text));
}

/* Which of its namespaces are those of another process. */
static const char *shared_with(struct daemon *daemon, pid_t other)
{
	static const char *const names[] = {
		"mnt", "pid", "net", "ipc", "uts", "user", "cgroup", "time",
	};
	pid_t pid = init_shim_pid(daemon->container);
	char text[128] = "";
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(namespace_of(daemon, pid, names[i]),
			   namespace_of(daemon, other, names[i])) == 0) {
			strcat(text, names[i]);
			strcat(text, " ");
		}
	return box_keep(daemon->box, strdup(text));
}

static void run_paused(struct daemon *daemon, const char *fragment)
{
	daemon_spawn(daemon, fragment);
	assert_string_equal(daemon_error(daemon), "");
	daemon_run(daemon);
	assert_string_equal(daemon_error(daemon), "");
}

static void namespaces_are_those_of_the_plan(void **state)
{
	struct daemon *daemon = *state;

	run_paused(daemon, JSON("namespaces":
		["mount", "pid", "network", "ipc", "uts", "cgroup", "user",
		 "time"]));

	assert_string_equal(shared_with(daemon, getpid()), "");
}

static void others_stay_the_callers(void **state)
{
	struct daemon *daemon = *state;

	run_paused(daemon, JSON("namespaces": ["mount", "uts"]));

	assert_string_equal(shared_with(daemon, getpid()),
			    "pid net ipc user cgroup time ");
}

static void unknown_namespace_is_refused(void **state)
{
	struct daemon *daemon = *state;

	assert_false(daemon_spawn(daemon, JSON("namespaces": ["net"])));
	assert_string_equal(daemon_error(daemon), "cannot find the namespaces "
			    "to make: the plan lists a namespace \"net\"");
	assert_false(daemon_spawn_text(daemon, "{\"mounts\": x}"));
	assert_string_equal(daemon_error(daemon), "cannot find the namespaces "
			    "to make: the plan is no JSON, see byte 11");
}

/* Two containers in one rootfs: each has a /dev of its own. */
#define DEV "\"mounts\": [{\"destination\": \"/dev\", \"type\": \"tmpfs\"}], "

/* A second container in namespaces of the first, which is given up after. */
static void join(struct daemon *daemon, const char *fragment,
		 const unsigned *types, const char *const *names,
		 size_t count, bool by_path)
{
	struct init_shim_container *first;
	struct init_shim_join joins[8] = {{0}};
	char paths[8][64];
	size_t i;

	run_paused(daemon, DEV JSON("namespaces":
		["mount", "pid", "network", "ipc", "uts", "user", "time"]));
	first = daemon->container;
	daemon->container = NULL;
	for (i = 0; i < count; i++) {
		snprintf(paths[i], sizeof(paths[i]), "/proc/%d/ns/%s",
			 init_shim_pid(first), names[i]);
		joins[i].type = types[i];
		if (by_path)
			joins[i].path = paths[i];
		else
			joins[i].fd = open(paths[i], O_RDONLY | O_CLOEXEC);
	}
	daemon->how.joins = joins;
	daemon->how.join_count = count;
	run_paused(daemon, fragment);
	snprintf(daemon->said, sizeof(daemon->said), "%s",
		 shared_with(daemon, init_shim_pid(first)));
	for (i = 0; i < count && !by_path; i++)
		close(joins[i].fd);
	init_shim_kill(daemon->container, SIGKILL, NULL);
	init_shim_wait(daemon->container, -1, NULL, NULL);
	init_shim_free(daemon->container);
	daemon->container = first;
}

static void namespaces_are_joined_by_path(void **state)
{
	static const unsigned types[] = {
		INIT_SHIM_NETWORK, INIT_SHIM_IPC, INIT_SHIM_UTS,
	};
	static const char *const names[] = { "net", "ipc", "uts" };
	struct daemon *daemon = *state;

	join(daemon, DEV JSON("namespaces": ["mount", "pid"]), types, names, 3,
	     true);

	assert_string_equal(daemon->said, "net ipc uts cgroup ");
}

static void all_namespaces_can_be_joined(void **state)
{
	static const unsigned types[] = {
		INIT_SHIM_PID, INIT_SHIM_NETWORK, INIT_SHIM_IPC,
		INIT_SHIM_UTS, INIT_SHIM_USER, INIT_SHIM_TIME,
	};
	static const char *const names[] = {
		"pid", "net", "ipc", "uts", "user", "time",
	};
	struct daemon *daemon = *state;

	join(daemon, DEV JSON("namespaces": ["mount"]), types, names, 6, false);

	assert_string_equal(daemon->said, "pid net ipc uts user cgroup time ");
}

static void joined_and_made_ones_go_together(void **state)
{
	static const unsigned types[] = {
		INIT_SHIM_USER, INIT_SHIM_NETWORK,
	};
	static const char *const names[] = { "user", "net" };
	struct daemon *daemon = *state;

	/* the plan lists one that is joined: it is not made */
	join(daemon, DEV JSON("namespaces":
		["mount", "pid", "uts", "ipc", "network"]), types, names, 2,
	     true);

	assert_string_equal(daemon->said, "net user cgroup ");
}

static void what_cannot_be_joined_is_named(void **state)
{
	struct daemon *daemon = *state;
	struct init_shim_join join = {
		.type = INIT_SHIM_NETWORK, .path = "/proc/self/ns/uts",
	};

	daemon->how.joins = &join;
	daemon->how.join_count = 1;
	assert_false(daemon_spawn(daemon, ""));
	assert_string_equal(daemon_error(daemon), "cannot join a namespace "
			    "/proc/self/ns/uts: setns: Invalid argument");
	assert_string_equal(daemon->error->stage, "spawn");
	join.path = "/proc/self/ns/none";
	assert_false(daemon_spawn(daemon, ""));
	assert_string_equal(daemon_error(daemon), "cannot join a namespace "
			    "/proc/self/ns/none: open: No such file or "
			    "directory");
	join.type = 42;
	assert_false(daemon_spawn(daemon, ""));
	assert_string_equal(daemon_error(daemon), "cannot join a namespace "
			    "/proc/self/ns/none: its type is not one of those "
			    "in init-shim.h");
}

static void clocks_are_set_before_anybody_is_there(void **state)
{
	struct daemon *daemon = *state;
	char path[64];

	daemon->how.monotonic.seconds = 86400;
	daemon->how.boottime.seconds = 172800;
	daemon->how.boottime.nanoseconds = 5;
	run_paused(daemon, JSON("namespaces": ["mount", "pid", "time"]));

	snprintf(path, sizeof(path), "/proc/%d/timens_offsets",
		 init_shim_pid(daemon->container));
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_string_equal(box_keep(daemon->box, box_read_all(fd)),
			    "monotonic       86400         0\n"
			    "boottime       172800         5\n");
}

static void clocks_take_a_namespace(void **state)
{
	struct daemon *daemon = *state;

	daemon->how.monotonic.seconds = 1;
	assert_false(daemon_spawn(daemon, ""));
	assert_string_equal(daemon_error(daemon), "cannot set the clocks of "
			    "the time namespace: no time namespace is made");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST_IN_USERNS(namespaces_are_those_of_the_plan),
		DAEMON_TEST(others_stay_the_callers),
		DAEMON_TEST(unknown_namespace_is_refused),
		DAEMON_TEST_IN_USERNS(namespaces_are_joined_by_path),
		DAEMON_TEST_IN_USERNS(all_namespaces_can_be_joined),
		DAEMON_TEST_IN_USERNS(joined_and_made_ones_go_together),
		DAEMON_TEST(what_cannot_be_joined_is_named),
		DAEMON_TEST(clocks_are_set_before_anybody_is_there),
		DAEMON_TEST(clocks_take_a_namespace),
	};

	return cmocka_run_group_tests_name("spawn_namespaces", tests, NULL, NULL);
}
