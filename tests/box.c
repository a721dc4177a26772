/* box: the throw-away host, and what must be as before when it goes */

#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"

void box_skip(const char *reason)
{
	print_message("# skip: %s\n", reason);
	skip();
}

const char *box_keep(struct box *box, char *text)
{
	char **place = &box->answers[box->answer++ % BOX_ANSWERS];

	assert_non_null(text);
	free(*place);
	*place = text;
	return text;
}

/* Before /tmp, where they may lie, is covered. */
static int open_programs(struct box *box)
{
	const char *helpers = getenv("INIT_SHIM_HELPERS");
	const char *shim = getenv("INIT_SHIM");

	box->helpers = open(helpers ? helpers : ".", O_PATH | O_CLOEXEC);
	box->shim = open(shim ? shim : "init-shim", O_PATH | O_CLOEXEC);
	if (box->helpers < 0 || box->shim < 0) {
		print_error("box: INIT_SHIM and INIT_SHIM_HELPERS must name "
			    "the shim and the folder of the helpers\n");
		return -1;
	}
	return 0;
}

static int mount_tmpfs(void)
{
	return mount("box", "/tmp", "tmpfs", 0, "mode=755");
}

/* Shared, as systemd has it: a mount that leaks is seen, and no further. */
static int make_host(struct box *box, int (*mount_tmp)(void))
{
	box->host = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	box->host_root = open("/", O_PATH | O_CLOEXEC);
	if (box->host < 0 || box->host_root < 0 ||
	    unshare(CLONE_NEWNS) < 0)
		return -1;
	if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0 ||
	    mount_tmp() < 0 ||
	    mount(NULL, "/", NULL, MS_SHARED | MS_REC, NULL) < 0)
		return -1;
	return chdir("/tmp");
}

static void make_sentinels(struct box *box)
{
	box_file(box, BOX_OUTSIDE "/file", "the file outside");
	box_file(box, BOX_OUTSIDE "/secret", "the secret outside");
	box_chmod(box, BOX_OUTSIDE "/secret", 0600);
	box_file(box, BOX_OUTSIDE "/suid", "");
	box_chmod(box, BOX_OUTSIDE "/suid", 04755);
	box_file(box, BOX_OUTSIDE "/dir/file", "the file in a directory");
	box_node(box, BOX_OUTSIDE "/fifo", S_IFIFO | 0640, 0);
	box_node(box, BOX_OUTSIDE "/device", S_IFCHR | 0640, makedev(1, 3));
	box_symlink(box, BOX_OUTSIDE "/link", "file");
	box_symlink(box, BOX_OUTSIDE "/dangling", "nowhere");
}

int box_open_on(void **state, uid_t owner, int (*mount_tmp)(void))
{
	struct box *box = calloc(1, sizeof(*box));

	if (!box)
		return -1;
	*state = box;
	box->owner = owner;
	box->status = box->log = box->host = box->host_root = -1;
	box->shim = box->helpers = -1;
	box->stdio[0] = box->stdio[1] = box->stdio[2] = -1;
	if (geteuid() != 0) {
		box->skip = "it takes root to make a container";
		return 0;
	}
	if (open_programs(box) < 0)
		return -1;
	umask(0);
	/* what the target leaves behind is ours, and can be counted */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (make_host(box, mount_tmp) < 0) {
		print_error("box: no mount namespace: %s\n", strerror(errno));
		return -1;
	}
	make_sentinels(box);
	box_dir(box, BOX_ROOTFS, 0755);
	box_program(box, "pause");
	return 0;
}

int box_open(void **state)
{
	return box_open_on(state, 0, mount_tmpfs);
}

int box_open_in_userns(void **state)
{
	return box_open_on(state, BOX_USERS, mount_tmpfs);
}

int box_open_with_one_id(void **state)
{
	/* what is inherited then cannot be dropped */
	if (geteuid() == 0 && setgroups(0, NULL) < 0)
		return -1;
	return box_open_on(state, BOX_USER, mount_tmpfs);
}

/* What is left of the container, but for the target that waits. */
static size_t kill_all(struct box *box)
{
	size_t count = 0;
	pid_t pid;

	if (box->pid > 0) {
		kill(box->pid, SIGKILL);
		waitpid(box->pid, NULL, 0);
	}
	box->pid = 0;
	/* with a pid namespace the rest went along; without, it is ours now */
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		char command[64];

		if (pid > 0)
			continue;
		count++;
		snprintf(command, sizeof(command),
			 "/proc/self/task/%d/children", getpid());
		autoclose int list = open(command, O_RDONLY | O_CLOEXEC);
		char *children = list < 0 ? NULL : box_read_all(list);

		if (!children || atoi(children) <= 0)
			break;
		kill(atoi(children), SIGKILL);
		waitpid(atoi(children), NULL, 0);
		free(children);
	}
	return count;
}

static void leave_host(struct box *box)
{
	if (setns(box->host, CLONE_NEWNS) < 0 || fchdir(box->host_root) < 0 ||
	    chroot(".") < 0)
		print_error("box: cannot go back: %s\n", strerror(errno));
}

/* The first line that two tables do not share, of the one that has it. */
static const char *first_difference(const char *before, const char *after)
{
	const char *line = after;

	while (*before && *before == *after)
		if (before++, *after++ == '\n')
			line = after;
	return line;
}

static bool is_same(const char *what, const char *before, const char *after)
{
	if (!before || strcmp(before, after) == 0)
		return true;
	print_error("box: %s changed, first here: %.200s\nbefore:\n%s\n"
		    "after:\n%s\n", what, first_difference(before, after),
		    before, after);
	return false;
}

static void let_go(struct box *box)
{
	size_t i;

	fd_close(&box->log);
	fd_close(&box->shim);
	fd_close(&box->helpers);
	fd_close(&box->host);
	fd_close(&box->host_root);
	for (i = 0; i < BOX_ANSWERS; i++)
		free(box->answers[i]);
	free(box->sentinels);
	free(box->mounts);
	free(box);
}

static bool end(struct box *box)
{
	size_t left = kill_all(box);
	bool good = left == 0;
	char *now;

	if (left)
		print_error("box: %zu processes were left\n", left);
	if (!box->sentinels)
		return good;
	now = box_digest(BOX_OUTSIDE);
	good &= is_same("what is outside", box->sentinels, now);
	free(now);
	good &= is_same("the host's table of mounts", box->mounts,
			box_mountinfo(box, 0));
	return good;
}

void box_end(struct box *box)
{
	assert_true(end(box));
}

int box_close(void **state)
{
	struct box *box = *state;
	bool good;

	if (!box || box->host < 0)
		return 0;
	good = end(box);
	leave_host(box);
	let_go(box);
	return good ? 0 : -1;
}
