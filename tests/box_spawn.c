/* box: the parent's side, from clone3(2) to the target or the error */

#include "box.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
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

#define NR_CLONE3 435
#define NEW_TIME 0x80		/* CLONE_NEWTIME, which musl does not name */
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
	static const struct {
		const char *word;
		uint64_t flag;
	} words[] = {
		{ "\"mount\"", CLONE_NEWNS },
		{ "\"pid\"", CLONE_NEWPID },
		{ "\"network\"", CLONE_NEWNET },
		{ "\"ipc\"", CLONE_NEWIPC },
		{ "\"uts\"", CLONE_NEWUTS },
		{ "\"user\"", CLONE_NEWUSER },
		{ "\"cgroup\"", CLONE_NEWCGROUP },
		{ "\"time\"", NEW_TIME },
	};
	const char *list = box_member(plan + 1, "namespaces");
	char *text = list ? strndup(list, strcspn(list, "]")) : NULL;
	uint64_t flags = 0;
	size_t i;

	for (i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i].word))
			flags |= words[i].flag;
	free(text);
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

static void say(const struct spawn *spawn, const char *message)
{
	/* a shim that is gone has said why, or its status will */
	send(spawn->socket[0], message, strlen(message), MSG_NOSIGNAL);
}

/* As a descriptor: a packet of its size would not pass the socket's buffer. */
static void send_plan(const struct spawn *spawn)
{
	static char message[] = "{\"type\":\"plan\"}";
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec bytes = { message, sizeof(message) - 1 };
	struct msghdr packet = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	autoclose int file = memfd_create("plan", MFD_CLOEXEC);
	size_t length = strlen(spawn->plan);

	assert_int_equal(write(file, spawn->plan, length), length);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &file, sizeof(file));
	sendmsg(spawn->socket[0], &packet, MSG_NOSIGNAL);
}

static void keep_error(struct box *box, const char *message)
{
	const struct {
		const char *key;
		char *text;
		size_t size;
	} members[] = {
#define MEMBER(key, name) { key, box->name, sizeof(box->name) }
		MEMBER("stage", stage),
		MEMBER("pointer", pointer),
		MEMBER("operation", operation),
		MEMBER("path", path),
		MEMBER("name", errno_name),
		MEMBER("kernel", kernel),
		MEMBER("hint", hint),
		MEMBER("message", error),
#undef MEMBER
	};
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		box_message_text(message, members[i].key, members[i].text,
				 members[i].size);
}

static void answer(const struct spawn *spawn, const char *message, int fd)
{
	const char *sync = box_member(spawn->plan + 1, "sync");
	struct box *box = spawn->box;
	size_t heard = strlen(box->heard);
	char type[32];

	box_message_text(message, "type", type, sizeof(type));
	snprintf(box->heard + heard, sizeof(box->heard) - heard, "%s ", type);
	if (fd >= 0 && box->given)
		box->given(box, type, fd);
	else if (fd >= 0)
		close(fd);
	if (strcmp(type, "error") == 0) {
		keep_error(box, message);
	} else if (strcmp(type, "hooks") == 0) {
		if (box->hooks)
			box->hooks(box);
		say(spawn, "{\"type\":\"resume\"}");
	} else if (strcmp(type, "ready") == 0) {
		box->ready = true;
		if (sync && strstr(sync, "\"start\": true"))
			say(spawn, "{\"type\":\"start\"}");
	}
}

/* A message and the descriptor that came with it; -1: none did. */
static ssize_t hear(int socket, char *message, size_t size, int *fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec bytes = { message, size - 1 };
	struct msghdr packet = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);

	*fd = -1;
	if (length > 0)
		message[length] = '\0';
	if (length > 0 && packet.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(&control.header), sizeof(int));
	return length;
}

/* Until the end of file: at execve(2), or at its end. */
static void talk(const struct spawn *spawn)
{
	static char message[65536];
	struct pollfd waiting = { spawn->socket[0], POLLIN, 0 };
	ssize_t length;
	int fd;

	do {
		if (poll(&waiting, 1, PATIENCE) == 0) {
			kill(spawn->box->pid, SIGKILL);
			snprintf(spawn->box->error, sizeof(spawn->box->error),
				 "the shim hangs");
		}
		length = hear(spawn->socket[0], message, sizeof(message), &fd);
		if (length > 0)
			answer(spawn, message, fd);
	} while (length > 0);
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

static void keep_output(struct box *box)
{
	ssize_t length = pread(box->log, box->output, sizeof(box->output) - 1,
			       0);

	assert_true(length >= 0);
	box->output[length] = '\0';
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
	if (!box->error[0] && is_target(box)) {
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
	send_plan(&spawn);
	talk(&spawn);
	close(spawn.socket[0]);
	see_what_became(box);
	free(plan);
	free(fragment);
}
