/* calls: a tracer beside the process, which is told its pid by the kernel */

#include "calls.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 10000		/* milliseconds, until nobody comes */

/*
 * Who is counted may be in a pid namespace and not know the number that it
 * has here; the kernel translates it: unix(7), SCM_CREDENTIALS.
 */
static pid_t receive_pid(int socket)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	char byte;
	struct iovec to = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &to,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct ucred from;

	if (recvmsg(socket, &message, 0) != 1 ||
	    control.header.cmsg_type != SCM_CREDENTIALS)
		return -1;
	memcpy(&from, CMSG_DATA(&control.header), sizeof(from));
	return from.pid;
}

/* Seize it and have it stop at each system call from here on. */
static bool seize(pid_t pid)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC;

	return ptrace(PTRACE_SEIZE, pid, NULL, options) == 0 &&
	       ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 &&
	       waitpid(pid, NULL, __WALL) == pid &&
	       ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0;
}

/* What the tracer tells of a process, when it has become the target. */
struct told {
	long count, error;	/* -1 and an errno: it has not */
	char finding[CALLS_FINDING];
};

/* Returns whether the process is about to make a call. */
static bool look(const struct calls *calls, pid_t pid, struct told *told)
{
	struct __ptrace_syscall_info info = { .op = 0 };
	struct traced_call call = { .pid = pid };

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return false;
	call.is_entry = info.op == PTRACE_SYSCALL_INFO_ENTRY;
	if (call.is_entry) {
		call.number = (long)info.entry.nr;
		memcpy(call.args, info.entry.args, sizeof(call.args));
	} else {
		call.answer = info.exit.rval;
	}
	if (calls->look)
		calls->look(&call, told->finding, sizeof(told->finding));
	return call.is_entry;
}

/* From one exec to the next; -1: it ended before. */
static long count(const struct calls *seer, pid_t pid, struct told *told)
{
	int status, execs = 0;
	long calls = 0;

	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		int signal = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8) &&
		    ++execs == 2) {
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			return calls;
		}
		if (signal == (SIGTRAP | 0x80) && execs == 1)
			calls += look(seer, pid, told);
		if (signal == SIGTRAP || signal == (SIGTRAP | 0x80) ||
		    status >> 16)
			signal = 0;
		ptrace(PTRACE_SYSCALL, pid, NULL, (long)signal);
	}
	return -1;
}

/* One after the other, until nobody is left who could come. */
static void serve(const struct calls *calls, int socket)
{
	pid_t pid;

	while ((pid = receive_pid(socket)) > 0) {
		struct told told = { .count = -1 };

		if (!seize(pid))
			told.error = errno;
		send(socket, "", 1, MSG_NOSIGNAL);
		if (!told.error) {
			told.count = count(calls, pid, &told);
			told.error = told.count < 0 ? ECHILD : 0;
		}
		send(socket, &told, sizeof(told), MSG_NOSIGNAL);
	}
}

int calls_open(struct calls *calls)
{
	int ends[2], yes = 1;
	pid_t between;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes));
	between = fork();
	if (between == 0) {
		close(ends[0]);
		if (fork() == 0)
			serve(calls, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	calls->socket = ends[0];
	return between < 0 || waitpid(between, NULL, 0) < 0 ? -1 : 0;
}

void calls_begin(const struct calls *calls)
{
	char byte = 0;

	if (send(calls->socket, &byte, 1, MSG_NOSIGNAL) == 1)
		recv(calls->socket, &byte, 1, 0);
}

long calls_counted(struct calls *calls)
{
	struct pollfd waiting = { calls->socket, POLLIN, 0 };
	struct told told = { .count = -1, .error = ECHILD };

	if (poll(&waiting, 1, PATIENCE) == 1)
		recv(calls->socket, &told, sizeof(told), 0);
	memcpy(calls->finding, told.finding, sizeof(told.finding));
	errno = (int)told.error;
	return told.count;
}

void calls_close(struct calls *calls)
{
	close(calls->socket);
}
