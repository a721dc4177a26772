/* mounting: a child that mounts and waits */

#include "mounting.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "failure.h"

#define BROKEN "broken: "	/* the child itself could not be made */

static int report = -1;		/* in the child: where sentences go */

void mounting_check(bool worked, const char *call)
{
	if (worked)
		return;
	dprintf(report, BROKEN "%s: %s", call, strerror(errno));
	_exit(1);
}

void mounting_skip(const char *reason)
{
	print_message("# skip: %s\n", reason);
	skip();
}

static void write_self(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	must(fd);
	must(write(fd, text, strlen(text)));
	close(fd);
}

void mounting_enter_users(void)
{
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS));
	write_self("/proc/self/setgroups", "deny");
	write_self("/proc/self/uid_map", "0 0 1");
	write_self("/proc/self/gid_map", "0 0 1");
}

static void make_rootfs(void)
{
	must(unshare(CLONE_NEWNS));
	must(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL));
	must(mount("rootfs", MOUNTING_ROOT, "tmpfs", 0, "mode=755"));
	umask(0);
}

static void mount_it(const struct mounting *mounting,
		     const struct mount_kind *kind)
{
	struct mount m = mounting->mount;
	struct plan plan = {
		.mounts = &m,
		.mount_count = 1,
		.namespaces = mounting->namespaces,
	};
	struct outside outside = {
		.root = open("/", O_PATH | O_CLOEXEC),
		.null = -1,
		.proc = -1,
	};
	struct inside inside = {
		.root = open(MOUNTING_ROOT, O_PATH | O_CLOEXEC),
	};
	const struct scene scene = { &plan, &outside, &inside };
	struct failure why = { .stage = NULL };
	char sentence[2048];

	must(inside.root);
	attempt(&why, "/mounts", 0, "mount", m.destination);
	if (kind->mount(&m, &scene, &why) < 0)
		dprintf(report, "%s", failure_sentence(&why, sentence,
						       sizeof(sentence)));
}

static void live(const struct mounting *mounting,
		 const struct mount_kind *kind, int hold)
{
	char byte;

	/* cmocka's handlers would report a child's death as the test's own */
	signal(SIGSEGV, SIG_DFL);
	signal(SIGABRT, SIG_DFL);
	make_rootfs();
	if (mounting->before)
		mounting->before();
	mount_it(mounting, kind);
	close(report);
	_exit(read(hold, &byte, 1) != 0);
}

static void read_all(int fd, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while ((got = read(fd, text + length, size - length - 1)) > 0)
		length += (size_t)got;
	assert_true(got == 0);
	text[length] = '\0';
}

static void read_table(struct mounting *mounting)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo", mounting->child);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	read_all(fd, mounting->table, sizeof(mounting->table));
	close(fd);
}

void mounting_run(struct mounting *mounting, const struct mount_kind *kind)
{
	int told[2], hold[2];

	if (geteuid() != 0)
		mounting_skip("it takes root to mount");
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
	mounting->child = fork();
	assert_true(mounting->child >= 0);
	if (mounting->child == 0) {
		report = told[1];
		close(hold[1]);
		live(mounting, kind, hold[0]);
	}
	close(told[1]);
	close(hold[0]);
	mounting->hold = hold[1];
	read_all(told[0], mounting->error, sizeof(mounting->error));
	close(told[0]);
	if (strncmp(mounting->error, BROKEN, strlen(BROKEN)) == 0)
		fail_msg("%s", mounting->error);
	read_table(mounting);
}

/* "36 35 98:0 /root /place rw,noatime master:1 - ext4 /dev/sda rw,discard" */
static bool find(const struct mounting *mounting, const char *path,
		 struct seen *seen)
{
	const char *line = mounting->table;
	char place[512];
	bool found = false;

	for (; *line; line += strcspn(line, "\n") + 1) {
		struct seen it;
		const char *dash = strstr(line, " - ");

		if (!dash ||
		    sscanf(line, "%*s %*s %*s %511s %511s %255s", it.root,
			   place, it.options) != 3 ||
		    sscanf(dash, " - %63s %63s %255s", it.type, it.source,
			   it.super) != 3 ||
		    strncmp(place, MOUNTING_ROOT, strlen(MOUNTING_ROOT)) != 0 ||
		    strcmp(place + strlen(MOUNTING_ROOT), path) != 0)
			continue;
		*seen = it;
		found = true;
	}
	return found;
}

bool mounting_has(struct mounting *mounting, const char *path)
{
	struct seen seen;

	return find(mounting, path, &seen);
}

struct seen *mounting_find(struct mounting *mounting, const char *path)
{
	static struct seen seen;

	if (!find(mounting, path, &seen))
		fail_msg("nothing is mounted at %s:\n%s", path,
			 mounting->table);
	return &seen;
}

const char *mounting_path(const struct mounting *mounting, const char *path)
{
	static char whole[512];

	snprintf(whole, sizeof(whole), "/proc/%d/root%s%s", mounting->child,
		 MOUNTING_ROOT, path);
	return whole;
}

int mounting_open(void **state)
{
	struct mounting *mounting = calloc(1, sizeof(*mounting));

	if (!mounting)
		return -1;
	mounting->mount.source_fd = -1;
	mounting->hold = -1;
	*state = mounting;
	return 0;
}

int mounting_close(void **state)
{
	struct mounting *mounting = *state;

	if (mounting->hold >= 0)
		close(mounting->hold);
	if (mounting->child > 0)
		waitpid(mounting->child, NULL, 0);
	free(mounting);
	return 0;
}
