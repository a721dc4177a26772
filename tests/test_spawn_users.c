/* libinit-shim: the ids of a user namespace, and who may map them */

#include "daemon.h"

#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST(maps_that_the_kernel_refuses_are_told),
		DAEMON_TEST(user_without_privileges_is_root_in_his_own),
		DAEMON_TEST(user_has_the_subordinate_ids_that_are_his),
		DAEMON_TEST(ids_of_others_are_refused_in_words),
		DAEMON_TEST(spawning_has_a_deadline),
	};

	return cmocka_run_group_tests_name("spawn_users", tests, NULL, NULL);
}
