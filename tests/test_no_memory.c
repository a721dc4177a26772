/*
 * no_memory: every call by which the shim asks the kernel for memory is
 * refused once, one by one, by a filter around it that asks us.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "kernel/abi.h"
#include "kernel/filter.h"

#define NOBODY 0		/* no call is refused: they are counted */

#define CONTINUE 1		/* SECCOMP_USER_NOTIF_FLAG_CONTINUE */

/* struct seccomp_notif, struct seccomp_notif_resp */
struct notification {
	uint64_t id;
	uint32_t pid;
	uint32_t flags;
	int32_t number;
	uint32_t arch;
	uint64_t instruction;
	uint64_t arguments[6];
};

struct response {
	uint64_t id;
	int64_t value;
	int32_t error;
	uint32_t flags;
};

static const struct filter_instruction asks[] = {
	{ 0x20, 0, 0, 0 },			/* seccomp_data.nr */
	{ 0x15, 3, 0, SYS_mmap },
	{ 0x15, 2, 0, SYS_mremap },
	{ 0x15, 1, 0, SYS_brk },
	{ 0x06, 0, 0, 0x7fff0000 },		/* allowed */
	{ 0x06, 0, 0, 0x7fc00000 },		/* who has the listener says */
};

static char said[65536];

static void send_fd(int socket, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec bytes = { (char[1]){ 0 }, 1 };
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	sendmsg(socket, &message, 0);
}

/* -1: none has come. */
static int receive_fd(int socket)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec bytes = { (char[1]){ 0 }, 1 };
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) == 1 &&
	    message.msg_controllen >= CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

static _Noreturn void be_shim(int socket, int plan, int output,
			      const char *option)
{
	const char *shim = getenv("INIT_SHIM");
	int listener;

	dup2(plan, 0);
	dup2(output, 1);
	dup2(output, 2);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = filter_install(asks, sizeof(asks) / sizeof(asks[0]),
				  FILTER_NEW_LISTENER);
	if (listener >= 0)
		send_fd(socket, listener);
	close(socket);
	close(listener);
	execl(shim ? shim : "/sbin/init-shim", "init-shim", "--plan-fd", "0",
	      option, NULL);
	_exit(99);
}

/* Answer until nobody is left who could ask.  Returns how many calls. */
static long answer(int listener, long refused)
{
	struct pollfd asked = { listener, POLLIN, 0 };
	long calls = 0;

	while (poll(&asked, 1, -1) == 1 && (asked.revents & POLLIN)) {
		struct notification call = {0};
		struct response response = {0};

		if (ioctl(listener, (int)_IOWR('!', 0, struct notification),
			  &call) < 0)
			continue;
		response.id = call.id;
		if (++calls == refused)
			response.error = -ENOMEM;
		else
			response.flags = CONTINUE;
		ioctl(listener, (int)_IOWR('!', 1, struct response),
		      &response);
	}
	return calls;
}

/* Returns the number of calls; *status is the shim's, as by waitpid(2). */
static long run(int plan, const char *option, long refused, int *status)
{
	autoclose int output = memfd_create("output", MFD_CLOEXEC);
	autoclose int listener = -1;
	ssize_t length;
	int ends[2];
	long calls;
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    ends), 0);
	assert_int_equal(lseek(plan, 0, SEEK_SET), 0);
	pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWNS | CLONE_NEWPID,
			     0, 0, 0, 0);
	if (pid == 0)
		be_shim(ends[1], plan, output, option);
	assert_true(pid > 0);
	close(ends[1]);
	listener = receive_fd(ends[0]);
	close(ends[0]);
	if (listener < 0) {
		waitpid(pid, status, 0);
		print_message("# skip: needs seccomp(2) listeners\n");
		skip();
	}
	calls = answer(listener, refused);
	assert_int_equal(waitpid(pid, status, 0), pid);
	length = pread(output, said, sizeof(said) - 1, 0);
	said[length < 0 ? 0 : length] = '\0';
	return calls;
}

/* A plan that does not fit into what the program has of its own. */
static int make_plan(void)
{
	int fd = memfd_create("plan", MFD_CLOEXEC), i;

	dprintf(fd, "{\"version\": 1, \"rootfs\": {\"path\": \"/proc\"}, "
		"\"namespaces\": [\"mount\", \"pid\"], \"process\": {\"args\": "
		"[\"/no/target\"], \"env\": [\"A=%01000d\"]}, \"mounts\": [",
		1);
	for (i = 0; i < 2000; i++)
		dprintf(fd, "%s{\"destination\": \"/some/where/%d\", \"type\": "
			"\"tmpfs\", \"options\": [\"size=1k\", \"mode=700\"], "
			"\"preCommands\": [{\"path\": \"/c%d\"}]}",
			i ? "," : "", i, i);
	dprintf(fd, "]}");
	return fd;
}

static void refuse_each(const char *option, int failed)
{
	autoclose int plan = make_plan();
	int status;
	long calls = run(plan, option, NOBODY, &status), n;

	assert_true(calls > 3);
	for (n = 1; n <= calls; n++) {
		run(plan, option, n, &status);
		if (!WIFEXITED(status) || !strstr(said, "memory") ||
		    (WEXITSTATUS(status) != 125 &&
		     WEXITSTATUS(status) != failed))
			fail_msg("call %ld of %ld refused: status %#x, %.300s",
				 n, calls, status, said);
	}
	print_message("# %ld calls\n", calls);
}

static void a_check_without_memory_says_so(void **state)
{
	(void)state;
	refuse_each("--check", 1);
}

static void a_container_without_memory_is_not_begun(void **state)
{
	(void)state;
	refuse_each("--quiet", 125);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_check_without_memory_says_so),
		cmocka_unit_test(a_container_without_memory_is_not_begun),
	};

	return cmocka_run_group_tests_name("no_memory", tests, NULL, NULL);
}
