/* libinit-shim: the cgroups that a container is born into */

#include "daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"

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
	daemon_spawn(daemon, fragment);
	assert_string_equal(daemon_error(daemon), "");
	daemon_run(daemon);
	assert_string_equal(daemon_error(daemon), "");
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
		DAEMON_TEST_BOTH(shim_is_born_into_its_cgroup),
		DAEMON_TEST_BOTH(shim_enters_a_cgroup_of_v1),
		DAEMON_TEST_BOTH(its_cgroup_namespace_begins_there),
	};

	return cmocka_run_group_tests_name("spawn_cgroup", tests, NULL, NULL);
}
