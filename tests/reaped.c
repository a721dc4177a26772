/* reaped: fork, pipe, and patience that ends */

#include "reaped.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"

#define PATIENCE 20000		/* milliseconds */
#define SMALL 100		/* KiB, of the 120 that it may have */

static int reaped_open(void **state, bool is_first)
{
	struct reaped *reaped = calloc(1, sizeof(*reaped));

	if (!reaped)
		return -1;
	reaped->is_first = is_first;
	reaped->output = reaped->errors = -1;
	*state = reaped;
	return 0;
}

int reaped_open_first(void **state)
{
	return reaped_open(state, true);
}

int reaped_open_other(void **state)
{
	return reaped_open(state, false);
}

/* And what is below it, which has nobody else to kill it. */
static void kill_all(pid_t pid)
{
	pid_t children[64];
	size_t count = reaped_children(pid, children, 64);

	while (count-- && count < 64)
		kill_all(children[count]);
	kill(pid, SIGKILL);
}

void reaped_stop(struct reaped *reaped)
{
	if (!reaped->pid)
		return;
	kill_all(reaped->pid);
	waitpid(reaped->pid, NULL, 0);
	reaped->pid = 0;
}

int reaped_close(void **state)
{
	struct reaped *reaped = *state;

	reaped_stop(reaped);
	fd_close(&reaped->output);
	fd_close(&reaped->errors);
	free(reaped);
	return 0;
}

static _Noreturn void become_shim(const struct reaped *reaped, int output,
				  const char *const *words)
{
	const char *shim = getenv("INIT_SHIM");
	const char *helpers = getenv("INIT_SHIM_HELPERS");
	const char *args[16] = { "init-shim" };
	char hears[4096], path[8192];
	size_t i;

	snprintf(hears, sizeof(hears), "%s/hears", helpers ? helpers : ".");
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin",
		 helpers ? helpers : ".");
	setenv("PATH", path, 1);
	for (i = 0; words[i]; i++)
		args[i + 1] = words[i];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(output, 1);
	dup2(reaped->errors, 2);
	if (reaped->before)
		reaped->before();
	execv(shim ? shim : "/sbin/init-shim", (char **)args);
	_exit(99);
}

void reaped_start_words(struct reaped *reaped, const char *const *words)
{
	unsigned long flags = reaped->is_first ? CLONE_NEWPID : 0;
	int ends[2];

	if (reaped->is_first && geteuid() != 0) {
		print_message("# skip: a pid namespace needs root\n");
		skip();
	}
	fd_close(&reaped->output);
	fd_close(&reaped->errors);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	reaped->errors = memfd_create("errors", MFD_CLOEXEC);
	reaped->pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (reaped->pid == 0)
		become_shim(reaped, ends[1], words);
	assert_true(reaped->pid > 0);
	close(ends[1]);
	reaped->output = ends[0];
}

const char *reaped_line(struct reaped *reaped)
{
	struct pollfd waiting = { reaped->output, POLLIN, 0 };
	size_t length = 0;

	while (length < sizeof(reaped->line) - 1) {
		if (poll(&waiting, 1, PATIENCE) != 1)
			fail_msg("no line has come");
		if (read(reaped->output, reaped->line + length, 1) != 1 ||
		    reaped->line[length] == '\n')
			break;
		length++;
	}
	reaped->line[length] = '\0';
	return reaped->line;
}

int reaped_end(struct reaped *reaped)
{
	ssize_t length;
	int status;

	assert_int_equal(waitpid(reaped->pid, &status, 0), reaped->pid);
	reaped->pid = 0;
	length = pread(reaped->errors, reaped->said, sizeof(reaped->said) - 1,
		       0);
	reaped->said[length < 0 ? 0 : length] = '\0';
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

const char *reaped_proc(pid_t pid, const char *file)
{
	static char text[8192];
	char path[64];
	autoclose int fd = -1;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	text[length < 0 ? 0 : length] = '\0';
	return text;
}

long reaped_status(pid_t pid, const char *key)
{
	const char *text = reaped_proc(pid, "status");
	const char *at = strstr(text, key);

	if (!at)
		fail_msg("no %s in the status of %d", key, pid);
	return strtol(at + strlen(key) + 1, NULL, 10);
}

static void look_again_later(int *looks)
{
	if (++*looks > PATIENCE)
		fail_msg("it does not come to that");
	usleep(1000);
}

void reaped_wait_state(pid_t pid, char state)
{
	const char *text;
	int looks = 0;

	for (;;) {
		text = strstr(reaped_proc(pid, "status"), "State:\t");
		if (text && text[7] == state)
			return;
		look_again_later(&looks);
	}
}

size_t reaped_children(pid_t pid, pid_t *children, size_t room)
{
	char file[64], *at;
	size_t count = 0;

	snprintf(file, sizeof(file), "task/%d/children", pid);
	at = (char *)reaped_proc(pid, file);
	for (; *at; count++) {
		pid_t child = (pid_t)strtol(at, &at, 10);

		if (count < room)
			children[count] = child;
		at += *at == ' ';
	}
	return count;
}

void reaped_wait_children(pid_t pid, size_t count)
{
	int looks = 0;

	while (reaped_children(pid, NULL, 0) != count)
		look_again_later(&looks);
}

static bool is_named(pid_t pid, const char *name)
{
	const char *comm = reaped_proc(pid, "comm");
	size_t length = strlen(name);

	return strncmp(comm, name, length) == 0 && comm[length] == '\n';
}

void reaped_wait_child(pid_t pid, const char *name)
{
	int looks = 0;
	pid_t child;

	while (reaped_children(pid, &child, 1) != 1 || !is_named(child, name))
		look_again_later(&looks);
}

void reaped_wait_settled(pid_t pid)
{
	int looks = 0;

	while (reaped_status(pid, "VmRSS:") > SMALL)
		look_again_later(&looks);
}

size_t reaped_fds(pid_t pid)
{
	char path[64];
	size_t count = 0;
	int fd;

	for (fd = 0; fd < 1024; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
		count += readlink(path, (char[8]){ 0 }, 8) > 0;
	}
	return count;
}

void reaped_wait_fds(pid_t pid, size_t count)
{
	int looks = 0;

	while (reaped_fds(pid) != count)
		look_again_later(&looks);
}
