/* own_cgroup: made, entered, removed */

#include "own_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct own_cgroup own;

static void read_cgroups(char *text, size_t size)
{
	int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, size - 1);

	text[length > 0 ? length : 0] = '\0';
	close(fd);
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t wrote;

	if (fd < 0)
		return -1;
	wrote = write(fd, text, strlen(text));
	close(fd);
	return wrote < 0 ? -1 : 0;
}

static int enter(const char *dir)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	return write_text(path, "0");
}

/* Returns why there is none; NULL: there is. */
static const char *make(void)
{
	char text[8192];
	char *line;

	read_cgroups(text, sizeof(text));
	line = strstr(text, ":pids:");
	if (!line)
		return "this host has no cgroup v1 hierarchy \"pids\"";
	line += strlen(":pids:");
	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, "/") == 0)
		line = "";
	snprintf(own.parent, sizeof(own.parent), HOSTS "/pids%s", line);
	snprintf(own.path, sizeof(own.path), "%s/shim-test-%d", line,
		 getpid());
	snprintf(own.dir, sizeof(own.dir), HOSTS "/pids%s", own.path);
	snprintf(own.below, sizeof(own.below), "%s/below", own.dir);
	if (mkdir(own.dir, 0755) < 0 || mkdir(own.below, 0755) < 0 ||
	    enter(own.dir) < 0 || stat(own.dir, &own.stat) < 0)
		return "no cgroup can be made in " HOSTS "/pids";
	return NULL;
}

int own_cgroup_open(void **state)
{
	struct box *box;

	if (box_open(state) < 0)
		return -1;
	box = *state;
	if (!box->skip)
		box->skip = make();
	return 0;
}

int own_cgroup_close(void **state)
{
	int result = box_close(state);

	enter(own.parent);
	rmdir(own.below);
	rmdir(own.dir);
	return result;
}

void must_check(struct box *box, bool worked, const char *call)
{
	if (!worked)
		fail_msg("%s: %s", call, strerror(errno));
	if (box->skip)
		box_skip(box->skip);
}

void become_root_of_nobody(struct box *box)
{
	(void)box;
	if (setgroups(0, NULL) < 0 ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
	    write_text("/proc/self/setgroups", "deny") < 0 ||
	    write_text("/proc/self/uid_map", "0 0 1") < 0 ||
	    write_text("/proc/self/gid_map", "0 0 1") < 0) {
		perror("no user namespace");
		_exit(99);
	}
}

void assert_own_is_shown(struct box *box)
{
	struct stat shown = box_stat(box, HOSTS "/pids");

	assert_int_equal(shown.st_dev, own.stat.st_dev);
	assert_int_equal(shown.st_ino, own.stat.st_ino);
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
