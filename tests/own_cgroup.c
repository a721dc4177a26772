/* own_cgroup: made, entered, removed */

#include "own_cgroup.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct own_cgroup own;

static void read_cgroups(char *text, size_t size)
{
	int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);

	text[length > 0 ? length : 0] = '\0';
	close(fd);
}

static void make(void)
{
	char text[8192];
	char *line;

	if (geteuid() != 0)
		mounting_skip("it takes root to mount");
	read_cgroups(text, sizeof(text));
	line = strstr(text, ":pids:");
	if (!line)
		mounting_skip("this host has no cgroup v1 hierarchy \"pids\"");
	line += strlen(":pids:");
	line[strcspn(line, "\n")] = '\0';
	snprintf(own.path, sizeof(own.path), "%s/shim-test-%d",
		 strcmp(line, "/") == 0 ? "" : line, getpid());
	snprintf(own.dir, sizeof(own.dir), HOSTS "/pids%s", own.path);
	snprintf(own.below, sizeof(own.below), "%s/below", own.dir);
	if (mkdir(own.dir, 0755) < 0 || mkdir(own.below, 0755) < 0)
		mounting_skip("no cgroup can be made in " HOSTS "/pids");
}

int own_cgroup_open(void **state)
{
	struct mounting *mounting;

	if (mounting_open(state) < 0)
		return -1;
	mounting = *state;
	mounting->mount.type = "cgroup";
	mounting->mount.source = "cgroup";
	mounting->mount.destination = "/sys/fs/cgroup";
	return 0;
}

int own_cgroup_close(void **state)
{
	mounting_close(state);
	rmdir(own.below);
	rmdir(own.dir);
	return 0;
}

void own_cgroup_run(struct mounting *mounting, void (*before)(void))
{
	make();
	mounting->before = before;
	mounting_run(mounting, &mount_cgroup);
}

void own_cgroup_enter(void)
{
	char path[600];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", own.dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	must(fd);
	must(write(fd, "0", 1));
	close(fd);
}

bool is_hierarchy(const char *words)
{
	char text[8192];

	read_cgroups(text, sizeof(text));
	return strstr(text, words) != NULL;
}

void wait_for_end_of(const char *words)
{
	int tries = 200;

	while (is_hierarchy(words) && --tries)
		usleep(10000);
}

void assert_own_is_shown(struct mounting *mounting)
{
	struct seen *seen = mounting_find(mounting, "/sys/fs/cgroup/pids");

	assert_string_equal(seen->root, own.path);
}

void assert_hierarchy(struct mounting *mounting, const char *path,
		      const char *source, const char *super)
{
	struct seen *seen = mounting_find(mounting, path);

	assert_string_equal(seen->type, "cgroup");
	assert_string_equal(seen->source, source);
	assert_string_equal(seen->super, super);
}
