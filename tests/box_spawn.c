/* box: the parent's side, from clone3(2) to the target or the error */

#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/fds.h"
#include "spawn/container.h"
#include "spawn/reading.h"

#define NR_CLONE3 435
#define PATIENCE 30000		/* milliseconds, until the shim hangs */
#define STATUS_BROKEN 99	/* the child did not even become the shim */

struct clone_args {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
};

/* What the child and its parent have in common. */
struct spawn {
	struct box *box;
	const char *plan;
	uint64_t flags;		/* CLONE_NEW* */
	int socket[2];		/* the parent's end, the shim's */
	int gate[2];		/* closed when the ids are mapped */
};

static uint64_t planned_flags(const char *plan)
{
	struct failure why = {0};
	unsigned flags;

	/* what is wrong with it the shim shall say */
	reading_namespaces(plan, &flags, &why);
	return flags;
}

/*
 * In the child.
 */

static void child_check(bool worked, const char *call)
{
	if (worked)
		return;
	dprintf(STDERR_FILENO, "box: %s: %s", call, strerror(errno));
	_exit(STATUS_BROKEN);
}

#define child_must(call) child_check((call) >= 0, #call)

static void set_stdio(const struct box *box)
{
	int fd, from;

	for (fd = 0; fd <= 2; fd++) {
		from = box->stdio[fd];
		if (from < 0 && fd == 0)
			child_must(from = open("/dev/null", O_RDONLY));
		else if (from < 0)
			from = box->log;
		child_must(dup2(from, fd));
	}
}

/* Ids that are not mapped would lose all privileges at execve(2). */
static void become_root(const struct spawn *spawn)
{
	if (!(spawn->flags & CLONE_NEWUSER))
		return;
	if (spawn->box->owner != BOX_USER)
		child_must(setgroups(0, NULL));
	child_must(setresgid(0, 0, 0));
	child_must(setresuid(0, 0, 0));
}

static _Noreturn void become_shim(const struct spawn *spawn)
{
	struct box *box = spawn->box;
	char number[16], name[] = "init-shim", option[] = "--socket-fd";
	char *args[] = { name, option, number, NULL };
	char *env[] = { NULL };
	char byte;

	set_stdio(box);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(spawn->gate[1]);
	child_must(read(spawn->gate[0], &byte, 1));
	become_root(spawn);
	if (box->before)
		box->before(box);
	child_check(box_lack(), "seccomp");
	child_must(fcntl(spawn->socket[1], F_SETFD, 0));
	snprintf(number, sizeof(number), "%d", spawn->socket[1]);
	syscall(SYS_execveat, box->shim, "", args, env, AT_EMPTY_PATH);
	child_must(-1);
	_exit(STATUS_BROKEN);
}

/*
 * In the parent.
 */

static void write_to(pid_t pid, const char *file, const char *text)
{
	char path[64];
	autoclose int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void write_maps(const struct box *box)
{
	bool one = box->owner == BOX_USER;
	char map[64];

	if (one)
		write_to(box->pid, "setgroups", "deny");
	snprintf(map, sizeof(map), "0 %d %d", one ? BOX_USER : BOX_USERS,
		 one ? 1 : 65536);
	write_to(box->pid, "uid_map", map);
	write_to(box->pid, "gid_map", map);
}

static void start(struct spawn *spawn)
{
	struct clone_args args = {
		.flags = spawn->flags,
		.exit_signal = SIGCHLD,
	};
	struct box *box = spawn->box;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    spawn->socket), 0);
	assert_int_equal(pipe2(spawn->gate, O_CLOEXEC), 0);
	box->pid = (pid_t)syscall(NR_CLONE3, &args, sizeof(args));
	if (box->pid == 0)
		become_shim(spawn);
	close(spawn->socket[1]);
	close(spawn->gate[0]);
	if (box->pid < 0) {
		box->pid = 0;
		fail_msg("box: clone3: %s", strerror(errno));
	}
	if (spawn->flags & CLONE_NEWUSER)
		write_maps(box);
	close(spawn->gate[1]);
}

/*
 * From here on the process is a container of libinit-shim.  Up to here it is
 * not: a test may do something in the child, and so that is no vfork(2).
 */

static void keep(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

static void keep_error(struct box *box, const struct init_shim_error *error)
{
#define KEEP(name, member) keep(box->name, sizeof(box->name), error->member)
	KEEP(stage, stage);
	KEEP(pointer, pointer);
	KEEP(operation, operation);
	KEEP(path, path);
	KEEP(errno_name, name);
	KEEP(kernel, kernel);
	KEEP(hint, hint);
	KEEP(error, message);
#undef KEEP
}

static void heard(struct box *box, const char *type)
{
	size_t length = strlen(box->heard);

	snprintf(box->heard + length, sizeof(box->heard) - length, "%s ",
		 type);
}

static void answer(const struct spawn *spawn,
		   struct init_shim_container *container,
		   const struct init_shim_message *message)
{
	static const char *const types[] = {
		[INIT_SHIM_HOOKS] = "hooks",
		[INIT_SHIM_CONSOLE] = "console",
		[INIT_SHIM_SECCOMP] = "seccomp",
		[INIT_SHIM_PROGRESS] = "progress",
		[INIT_SHIM_READY] = "ready",
	};
	struct box *box = spawn->box;
	const char *type = types[message->event];

	heard(box, type);
	if (message->fd >= 0 && box->given)
		box->given(box, type, message->fd);
	else if (message->fd >= 0)
		close(message->fd);
	if (message->event == INIT_SHIM_HOOKS) {
		if (box->hooks)
			box->hooks(box);
		init_shim_resume(container, NULL);
	} else if (message->event == INIT_SHIM_READY) {
		box->ready = true;
		if (box->at_ready)
			box->at_ready(box);
		init_shim_start(container, NULL);
	}
}

static void keep_output(struct box *box)
{
	ssize_t length = pread(box->log, box->output, sizeof(box->output) - 1,
			       0);

	assert_true(length >= 0);
	box->output[length] = '\0';
}

/* It was waited for: the shim died without a word. */
static void keep_status(struct box *box,
			const struct init_shim_container *container)
{
	box->pid = 0;
	box->status = container->status.signal ?
		      128 + container->status.signal :
		      container->status.exit_code;
	keep_output(box);
}

/* As a file whatever its size: the same calls for all, test_costs.c. */
static void give_plan(struct init_shim_container *container, const char *plan)
{
	struct failure why = {0};
	autoclose int file = fds_make_file(plan, strlen(plan), &why);

	assert_true(file >= 0);
	init_shim_give_plan_fd(container, file, NULL);
}

/* Until the end of file: at execve(2), or at its end. */
static void talk(const struct spawn *spawn)
{
	struct box *box = spawn->box;
	struct init_shim_container container = {
		.pid = box->pid, .pidfd = -1, .socket = spawn->socket[0],
		.goes_on = reading_goes_on(spawn->plan, strlen(spawn->plan)),
	};
	struct init_shim_error *error = NULL;
	struct init_shim_message message;
	int got;

	give_plan(&container, spawn->plan);
	while ((got = init_shim_next(&container, PATIENCE, &message,
				     &error)) > 0 &&
	       message.event != INIT_SHIM_RUNNING)
		answer(spawn, &container, &message);
	if (got == 0) {
		kill(box->pid, SIGKILL);
		keep(box->error, sizeof(box->error), "the shim hangs");
	} else if (error && error->origin != INIT_SHIM_DIED) {
		heard(box, "error");
		keep_error(box, error);
	}
	if (container.ended)
		keep_status(box, &container);
	init_shim_error_free(error);
}

/* Another program than the shim runs by now. */
static bool is_target(const struct box *box)
{
	siginfo_t info = { .si_pid = 0 };
	char path[64];
	struct stat ours, shim;

	if (box->stays)
		return waitid(P_PID, (id_t)box->pid, &info, WEXITED | WNOWAIT |
			      WNOHANG) == 0 && info.si_pid == 0;

	snprintf(path, sizeof(path), "/proc/%d/exe", box->pid);
	return stat(path, &ours) == 0 && fstat(box->shim, &shim) == 0 &&
	       (ours.st_dev != shim.st_dev || ours.st_ino != shim.st_ino);
}

void box_wait(struct box *box)
{
	int status;

	if (!box->pid)
		return;
	assert_int_equal(waitpid(box->pid, &status, 0), box->pid);
	box->pid = 0;
	box->status = WIFEXITED(status) ? WEXITSTATUS(status) :
		      128 + WTERMSIG(status);
	keep_output(box);
}

static void see_what_became(struct box *box)
{
	if (!box->error[0] && box->pid && is_target(box)) {
		keep_output(box);
		return;
	}
	box_wait(box);
	/* it had no words for this */
	if (!box->error[0] && !box->ready)
		snprintf(box->error, sizeof(box->error), "status %d: %.8192s",
			 box->status, box->output);
}

static void forget(struct box *box)
{
	box_end(box);
	fd_close(&box->log);
	box->log = memfd_create("output", MFD_CLOEXEC);
	assert_true(box->log >= 0);
	free(box->sentinels);
	free(box->mounts);
	box->sentinels = box_digest(BOX_OUTSIDE);
	box->mounts = strdup(box_mountinfo(box, 0));
	box->status = -1;
	box->ready = false;
	box->stage[0] = box->pointer[0] = box->operation[0] = '\0';
	box->path[0] = box->errno_name[0] = box->kernel[0] = '\0';
	box->hint[0] = box->error[0] = box->output[0] = box->heard[0] = '\0';
}

void box_run(struct box *box, const char *format, ...)
{
	struct spawn spawn = { .box = box };
	char *fragment, *plan;
	va_list arguments;

	if (box->skip)
		box_skip(box->skip);
	va_start(arguments, format);
	assert_true(vasprintf(&fragment, format, arguments) >= 0);
	va_end(arguments);
	spawn.plan = plan = box_plan(box, fragment);
	spawn.flags = planned_flags(plan);
	forget(box);
	start(&spawn);
	talk(&spawn);
	close(spawn.socket[0]);
	see_what_became(box);
	free(plan);
	free(fragment);
}
