/* libinit-shim: namespaces that are made and that are joined, and cgroups */

#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "own_cgroup.h"

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

static void maps_that_the_kernel_refuses_are_told(void **state)
{
	static const struct init_shim_map maps[] = {
		{ 0, 1000, 10 }, { 5, 2000, 10 },
	};
	struct daemon *daemon = *state;

	daemon->how.uid_maps = maps;
	daemon->how.uid_map_count = 2;
	assert_false(daemon_spawn(daemon, JSON("namespaces":
					       ["mount", "user"])));
	assert_non_null(strstr(daemon_error(daemon), "cannot map the users of "
			       "the user namespace: write: Invalid argument: "
			       "/proc/"));
}

/*
 * An ordinary user, who has a rootfs of his own: in a child, for there is no
 * way back.
 */

#define USER 4242

static bool become_user(void)
{
	return setgroups(0, NULL) == 0 && setresgid(USER, USER, USER) == 0 &&
	       setresuid(USER, USER, USER) == 0 &&
	       /* as after the execve(2) of a program of his */
	       prctl(PR_SET_DUMPABLE, 1) == 0;
}

/* error  a part of it; NULL: it ends with status 0 */
static void as_user_who(struct daemon *daemon, const char *fragment,
			const char *error)
{
	pid_t pid;
	int status;

	if (daemon->box->skip)
		box_skip(daemon->box->skip);
	assert_int_equal(chown(BOX_ROOTFS, USER, USER), 0);
	pid = fork();
	if (pid == 0) {
		if (!become_user())
			_exit(99);
		if (daemon_spawn(daemon, fragment))
			daemon_run(daemon);
		if (error && strstr(daemon_error(daemon), error))
			_exit(0);
		dprintf(2, "%s\n", daemon_error(daemon));
		_exit(error || daemon->error ||
		      strcmp(daemon_end(daemon), "exit 0") != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void as_user(struct daemon *daemon, const char *fragment)
{
	as_user_who(daemon, fragment, NULL);
}

static void user_without_privileges_is_root_in_his_own(void **state)
{
	struct daemon *daemon = *state;

	as_user(daemon, JSON("namespaces": ["mount", "pid", "user", "uts"],
		"hostname": "own",
		"process": {"args": ["/bin/show", "ids"]}));
}

/* A file of /etc with one more line, for the box alone. */
static void add_line(struct daemon *daemon, const char *name, const char *line)
{
	char etc[64], ours[64], text[65536];
	autoclose int fd = -1;
	char *before;

	snprintf(etc, sizeof(etc), "/etc/%s", name);
	snprintf(ours, sizeof(ours), "/tmp/%s", name);
	fd = open(etc, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		box_skip("there are no subordinate ids: /etc/subuid");
	before = box_read_all(fd);
	snprintf(text, sizeof(text), "%s%s\n", before, line);
	free(before);
	box_file(daemon->box, ours, text);
	assert_int_equal(mount(ours, etc, NULL, MS_BIND, NULL), 0);
}

static bool is_in_path(const char *name)
{
	char *path = strdup(getenv("PATH") ? getenv("PATH") : "");
	char *dir, *rest = path, file[4096];
	bool found = false;

	while (!found && (dir = strsep(&rest, ":"))) {
		snprintf(file, sizeof(file), "%s/%s", dir, name);
		found = access(file, X_OK) == 0;
	}
	free(path);
	return found;
}

static void user_has_the_subordinate_ids_that_are_his(void **state)
{
	static const struct init_shim_map maps[] = {
		{ 0, USER, 1 }, { 1, BOX_USERS, 65535 },
	};
	struct daemon *daemon = *state;

	if (!is_in_path("newuidmap"))
		box_skip("there is no newuidmap: scripts/setup --tests brings "
			 "it");
	add_line(daemon, "passwd", "spawn:x:4242:4242::/:/bin/sh");
	add_line(daemon, "subuid", "spawn:100000:65536");
	add_line(daemon, "subgid", "spawn:100000:65536");
	daemon->how.uid_maps = daemon->how.gid_maps = maps;
	daemon->how.uid_map_count = daemon->how.gid_map_count = 2;

	as_user(daemon, JSON("namespaces": ["mount", "pid", "user", "uts"],
		"process": {"args": ["/bin/show", "ids"],
			    "user": {"uid": 1000, "gid": 1000,
				     "additionalGids": [20]}}));
}

static void ids_of_others_are_refused_in_words(void **state)
{
	static const struct init_shim_map maps[] = {
		{ 0, USER, 1 }, { 1, 200000, 65535 },
	};
	struct daemon *daemon = *state;

	daemon->how.uid_maps = maps;
	daemon->how.uid_map_count = 2;
	/* or there is none: it is named in both cases */
	as_user_who(daemon, JSON("namespaces": ["mount", "user"]),
		    is_in_path("newuidmap") ? "newuidmap failed: newuidmap: "
					    : ": newuidmap");
}

/* Whoever waits for maps ends, and so does what was to write them. */
static void spawning_has_a_deadline(void **state)
{
	static const struct init_shim_map maps[] = {
		{ 0, USER, 1 }, { 1, BOX_USERS, 65535 },
	};
	struct daemon *daemon = *state;

	box_file(daemon->box, "/tmp/bin/newuidmap",
		 "#!/bin/sh\nexec sleep 1000\n");
	box_chmod(daemon->box, "/tmp/bin/newuidmap", 0755);
	setenv("PATH", "/tmp/bin:/usr/bin:/bin", 1);
	daemon->how.uid_maps = maps;
	daemon->how.uid_map_count = 2;
	daemon->how.timeout = 200;

	as_user_who(daemon, JSON("namespaces": ["mount", "user"]),
		    "newuidmap failed: it took too long");
}

/*
 * Cgroups.
 */

static void assert_in_cgroup(struct daemon *daemon, const char *words)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/cgroup",
		 init_shim_pid(daemon->container));
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_non_null(strstr(box_keep(daemon->box, box_read_all(fd)),
			       words));
}

static void enter(struct daemon *daemon, const char *parent,
		  const char *words, const char *fragment)
{
	char dir[128];
	int fd;

	snprintf(dir, sizeof(dir), "%s/shim-spawn-%d", parent, getpid());
	if (mkdir(dir, 0755) < 0)
		box_skip("there is no such hierarchy");
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	daemon->how.cgroups = &fd;
	daemon->how.cgroup_count = 1;
	run_paused(daemon, fragment);
	assert_in_cgroup(daemon, words);
	close(fd);
	kill(init_shim_pid(daemon->container), SIGKILL);
	daemon_end(daemon);
	assert_int_equal(rmdir(dir), 0);
}

static void shim_is_born_into_its_cgroup(void **state)
{
	struct daemon *daemon = *state;

	enter(daemon, "/sys/fs/cgroup/unified", "0::/shim-spawn-",
	      JSON("namespaces": ["mount", "pid"]));
}

static void shim_enters_a_cgroup_of_v1(void **state)
{
	struct daemon *daemon = *state;

	enter(daemon, "/sys/fs/cgroup/pids", ":pids:/shim-spawn-",
	      JSON("namespaces": ["mount", "pid"]));
}

static void its_cgroup_namespace_begins_there(void **state)
{
	struct daemon *daemon = *state;

	enter(daemon, "/sys/fs/cgroup/unified", "0::/shim-spawn-",
	      JSON("namespaces": ["mount", "pid", "cgroup"],
		   "mounts": [{"destination": "/proc", "type": "proc"}],
		   "hooks": {"createContainer": [{"path": "/bin/sh",
			"args": ["sh", "-c",
				 "grep -qx 0::/ /proc/self/cgroup"]}]}));
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
		DAEMON_TEST(maps_that_the_kernel_refuses_are_told),
		DAEMON_TEST(user_without_privileges_is_root_in_his_own),
		DAEMON_TEST(user_has_the_subordinate_ids_that_are_his),
		DAEMON_TEST(ids_of_others_are_refused_in_words),
		DAEMON_TEST(spawning_has_a_deadline),
		DAEMON_TEST_BOTH(shim_is_born_into_its_cgroup),
		DAEMON_TEST_BOTH(shim_enters_a_cgroup_of_v1),
		DAEMON_TEST_BOTH(its_cgroup_namespace_begins_there),
	};

	return cmocka_run_group_tests_name("spawn_namespaces", tests, NULL,
					   NULL);
}
