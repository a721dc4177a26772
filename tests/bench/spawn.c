/* spawn: the parent's side, from clone(2) to the end of the target */

#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"

#define SYNC 3			/* the descriptor of floor.c, too */
#define PACKET 65536		/* a larger plan goes as a descriptor */
#define SETTLE_NS 3000000	/* what a container leaves to clear away */

struct command_line {
	const char *args[24];
	char binds[16], masks[16], copied[16];
};

/* What the child needs, which has the parent's memory until execve(2). */
struct child {
	const struct subject *subject;
	const struct calls *calls;
	const char **args;
	int sync;
	int output;
};

static int become_subject(void *argument)
{
	static char *env[] = { NULL };
	const struct child *child = argument;

	dup2(child->output, 0);
	dup2(child->output, 1);
	dup2(child->output, 2);
	if (child->calls)
		calls_begin(child->calls);
	dup2(child->sync, SYNC);
	syscall(SYS_execveat, child->subject->program, "", child->args, env,
		AT_EMPTY_PATH);
	_exit(99);
}

static void send_packet(int socket, const char *text, size_t length, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {
		.header = {
			.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		},
	};
	struct iovec bytes = { (char *)text, length };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };

	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	if (sendmsg(socket, &message, MSG_NOSIGNAL) != (ssize_t)length)
		die("sendmsg: %s", strerror(errno));
}

static void send_plan(int socket, const char *plan)
{
	static const char message[] = "{\"type\":\"plan\"}";
	size_t length = strlen(plan);
	int file;

	if (length <= PACKET) {
		send_packet(socket, plan, length, -1);
		return;
	}
	file = memfd_create("plan", MFD_CLOEXEC);
	if (write(file, plan, length) != (ssize_t)length)
		die("write: %s", strerror(errno));
	lseek(file, 0, SEEK_SET);
	send_packet(socket, message, sizeof(message) - 1, file);
	close(file);
}

/* The number that follows the key, in a file of /proc/PID. */
static long number_of(pid_t pid, const char *name, const char *key)
{
	char path[64], line[256];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			number = atol(line + strlen(key));
	if (file)
		fclose(file);
	return number;
}

static long faults_of(pid_t pid)
{
	char path[64];
	long faults = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u "
			    "%ld", &faults) != 1)
		faults = -1;
	if (file)
		fclose(file);
	return faults;
}

/* sched_stats: the first number is in nanoseconds. */
static double cpu_of(pid_t pid)
{
	return (double)number_of(pid, "schedstat", "") / 1e3;
}

/*
 * The peak in two ways, for kernels from 6.2 to 6.15 count roughly for the
 * first: by up to 32 pages for each CPU.
 */
static void look_inside(pid_t pid, struct measured *measured)
{
	long now = number_of(pid, "smaps_rollup", "Rss:");

	measured->faults = faults_of(pid);
	measured->peak = number_of(pid, "status", "VmHWM:");
	if (measured->peak < now)
		measured->peak = now;
	/* last: it counts up to when the subject fell asleep */
	measured->cpu = cpu_of(pid);
}

static void say(int socket, const char *message)
{
	send(socket, message, strlen(message), MSG_NOSIGNAL);
}

/* Until the end of file: at execve(2), or at its end. */
static void talk(const struct child *child, int socket, pid_t pid,
		 enum look look, struct measured *measured)
{
	char message[4096];
	ssize_t length;

	while ((length = recv(socket, message, sizeof(message) - 1, 0)) > 0) {
		message[length] = '\0';
		if (strncmp(message, "{\"type\":\"hooks\"", 15) == 0) {
			say(socket, "{\"type\":\"resume\"}");
		} else if (strncmp(message, "{\"type\":\"ready\"", 15) == 0) {
			if (look != LOOK_INSIDE)
				continue;
			look_inside(pid, measured);
			say(socket, "{\"type\":\"start\"}");
		} else {
			die("%s: %s", child->subject->name, message);
		}
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* clone(2) as vfork(2) does it: the cheapest way, and the same for all. */
static void run(struct child *child, const struct scenario *scenario,
		int socket, enum look look, struct measured *measured)
{
	static _Alignas(16) char stack[65536];
	const struct timespec settle = { .tv_nsec = SETTLE_NS };
	int flags = CLONE_VM | CLONE_VFORK | CLONE_NEWNS | CLONE_NEWPID |
		    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | SIGCHLD |
		    (scenario->network ? CLONE_NEWNET : 0);
	double start = now();
	pid_t pid = clone(become_subject, stack + sizeof(stack), flags, child);
	int status;

	close(child->sync);
	if (pid < 0)
		die("clone: %s", strerror(errno));
	talk(child, socket, pid, look, measured);
	measured->microseconds = now() - start;
	if (waitpid(pid, &status, 0) != pid || status != 0)
		die("%s failed: status %#x", child->subject->name,
		    (unsigned)status);
	nanosleep(&settle, NULL);
}

static bool is_shim(const struct subject *subject)
{
	return !subject->api;
}

/* The arguments: of the floor all that it is to do. */
static void write_args(const struct subject *subject,
		       const struct scenario *scenario, enum look look,
		       struct command_line *line)
{
	static const char *const show[] = { SHOW, SHOW_SECTIONS, NULL };
	static const char *const target[] = { TARGET, NULL };
	const char *const *last = look == LOOK_SHOW ? show : target;
	const char **to = line->args;

	snprintf(line->binds, sizeof(line->binds), "%u", scenario->binds);
	snprintf(line->masks, sizeof(line->masks), "%u", scenario->masks);
	snprintf(line->copied, sizeof(line->copied), "%u", scenario->copied);
	*to++ = subject->name;
	if (is_shim(subject)) {
		*to++ = "--socket-fd";
		*to++ = "3";
		*to = NULL;
		return;
	}
	*to++ = ROOTFS;
	*to++ = subject->api;
	*to++ = line->binds;
	*to++ = subject->where;
	*to++ = line->masks;
	*to++ = line->copied;
	*to++ = look == LOOK_INSIDE ? "start" : "ready";
	while ((*to++ = *last++))
		;
}

void spawn(const struct subject *subject, const struct scenario *scenario,
	   enum look look, int output, struct measured *measured)
{
	struct command_line line;
	struct calls calls = { .look = NULL };
	struct child child = {
		.subject = subject,
		.args = line.args,
		.output = output,
	};
	int ends[2];

	write_args(subject, scenario, look, &line);
	/* before the socket, which its tracer must not hold */
	if (look == LOOK_CALLS) {
		if (calls_open(&calls) < 0)
			die("fork: %s", strerror(errno));
		child.calls = &calls;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		die("socketpair: %s", strerror(errno));
	child.sync = ends[1];
	if (is_shim(subject)) {
		char *plan = plan_text(scenario, look == LOOK_SHOW ? SHOW :
				       TARGET, look == LOOK_INSIDE);

		send_plan(ends[0], plan);
		free(plan);
	}
	run(&child, scenario, ends[0], look, measured);
	if (look == LOOK_CALLS) {
		measured->calls = calls_counted(&calls);
		calls_close(&calls);
	}
	close(ends[0]);
}
