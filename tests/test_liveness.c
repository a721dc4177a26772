/*
 * liveness: a parent that dies takes the shim along, whenever that is.
 *
 * The shim is traced; at the entry of its n-th system call its parent is
 * killed, and is dead when the call is made.  Then the shim must end, and the
 * target must never run.  Only the execve(2) of the target is left out: who
 * dies then has died after the target was started.
 *
 * INIT_SHIM_LONG=1 tries every call, else one in STEP and the last 20.
 */

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "box.h"

#define STEP 5
#define PATIENCE 10000		/* milliseconds, until it hangs */
#define NEVER 1000000		/* more calls than there are */
#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | \
		 PTRACE_O_TRACEVFORK | PTRACE_O_TRACEFORK | \
		 PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL)

/* One run. */
struct life {
	struct box *box;
	const char *plan;
	pid_t parent;
	pid_t shim;
	long calls;		/* of the shim, execve(2) of itself apart */
	int execs;		/* the shim's is the first, the target's next */
	bool ended;
	int64_t ended_after;	/* milliseconds since the parent was killed */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static _Noreturn void be_shim(const struct life *life, int socket, int gate)
{
	char number[16], name[] = "init-shim", option[] = "--socket-fd";
	char *args[] = { name, option, number, NULL };
	char *env[] = { NULL };
	int null = open("/dev/null", O_RDWR);
	char byte;

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	snprintf(number, sizeof(number), "%d", socket);
	fcntl(socket, F_SETFD, 0);
	if (read(gate, &byte, 1) == 1)
		syscall(SYS_execveat, life->box->shim, "", args, env,
			AT_EMPTY_PATH);
	_exit(99);
}

/* Says the shim's pid, and then what a parent has to say. */
static _Noreturn void be_parent(const struct life *life, int tell, int gate)
{
	unsigned long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
			      CLONE_NEWUTS;
	char message[65536];
	ssize_t length;
	int ends[2];
	pid_t shim;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		_exit(99);
	shim = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (shim == 0) {
		close(ends[0]);
		be_shim(life, ends[1], gate);
	}
	close(ends[1]);
	if (write(tell, &shim, sizeof(shim)) != sizeof(shim))
		_exit(99);
	send(ends[0], life->plan, strlen(life->plan), MSG_NOSIGNAL);
	while ((length = recv(ends[0], message, sizeof(message) - 1, 0)) > 0) {
		const char *answer = NULL;

		message[length] = '\0';
		if (strstr(message, "\"hooks\""))
			answer = "{\"type\":\"resume\"}";
		else if (strstr(message, "\"ready\"") &&
			 strstr(life->plan, "\"start\": true"))
			answer = "{\"type\":\"start\"}";
		if (answer)
			send(ends[0], answer, strlen(answer), MSG_NOSIGNAL);
	}
	for (;;)
		pause();
}

static void begin(struct life *life)
{
	int tell[2], gate[2];

	assert_int_equal(pipe2(tell, O_CLOEXEC), 0);
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	life->parent = fork();
	if (life->parent == 0)
		be_parent(life, tell[1], gate[0]);
	close(tell[1]);
	assert_int_equal(read(tell[0], &life->shim, sizeof(life->shim)),
			 sizeof(life->shim));
	if (ptrace(PTRACE_SEIZE, life->shim, NULL, (long)OPTIONS) < 0) {
		kill(life->parent, SIGKILL);
		box_skip("ptrace(2) is refused");
	}
	assert_int_equal(write(gate[1], "", 1), 1);
	close(gate[0]);
	close(gate[1]);
	close(tell[0]);
}

static void kill_parent(struct life *life)
{
	if (!life->parent)
		return;
	kill(life->parent, SIGKILL);
	/* its end of the socket is closed when this returns */
	assert_int_equal(waitpid(life->parent, NULL, 0), life->parent);
	life->parent = 0;
	life->ended_after = now();
}

static bool is_entry(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

/* A stop of one of them; at the fatal-th call the parent is killed. */
static void stopped(struct life *life, pid_t pid, int status, long fatal)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	bool counts = pid == life->shim && life->execs == 1 && life->parent;

	if (event == PTRACE_EVENT_EXEC)
		life->execs++;
	else if (signal == (SIGTRAP | 0x80) && counts && is_entry(pid) &&
		 ++life->calls == fatal)
		kill_parent(life);
	if (event || signal == (SIGTRAP | 0x80))
		signal = 0;
	ptrace(pid == life->shim ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL,
	       (long)signal);
}

/* Until the shim has ended, or the target runs. */
static void watch(struct life *life, long fatal)
{
	int64_t deadline = now() + PATIENCE;
	int status;
	pid_t pid;

	while (!life->ended && life->execs < 2) {
		pid = waitpid(-1, &status, __WALL | WNOHANG);
		if (pid <= 0) {
			if (now() > deadline)
				return;
			usleep(50);
		} else if (WIFSTOPPED(status)) {
			stopped(life, pid, status, fatal);
		} else if (pid == life->shim) {
			life->ended = true;
		}
	}
	life->ended_after = now() - life->ended_after;
}

static void finish(struct life *life)
{
	kill_parent(life);
	if (!life->ended)
		kill(life->shim, SIGKILL);
	/* what is below it as well, which is ours to wait for: ptrace(2) */
	while (waitpid(-1, NULL, __WALL) > 0)
		;
}

static struct life live(struct box *box, const char *plan, long fatal)
{
	struct life life = { .box = box, .plan = plan };

	begin(&life);
	watch(&life, fatal);
	finish(&life);
	return life;
}

static void die_at_each_call(struct box *box, const char *fragment)
{
	bool thorough = getenv("INIT_SHIM_LONG");
	char *plan = box_plan(box, fragment);
	struct life life;
	int64_t longest = 0;
	long calls, n;

	prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
	/* the first one makes what the rootfs lacks */
	live(box, plan, NEVER);
	life = live(box, plan, NEVER);
	assert_int_equal(life.execs, 2);
	calls = life.calls;
	for (n = 1; n < calls; n += thorough || calls - n < 20 ? 1 : STEP) {
		life = live(box, plan, n);
		if (!life.ended || life.execs > 1)
			fail_msg("killed at call %ld of %ld: the shim %s", n,
				 calls, life.ended ? "ended" :
				 life.execs > 1 ? "became the target" :
				 "hangs");
		if (life.ended_after > longest)
			longest = life.ended_after;
	}
	print_message("# %ld calls, the longest took %lld ms to end\n", calls,
		      (long long)longest);
	free(plan);
}

#define MOUNTS JSON("hostname": "liveness", \
	"mounts": [ \
		{"destination": "/proc", "type": "proc"}, \
		{"destination": "/dev", "type": "tmpfs", \
		 "options": ["nosuid", "mode=755"]}, \
		{"destination": "/dev/pts", "type": "devpts", \
		 "options": ["newinstance", "ptmxmode=0666"]}, \
		{"destination": "/tmp", "type": "bind", \
		 "source": "/tmp/outside", "options": ["ro"]}], \
	"maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"])

static void a_parent_that_dies_takes_the_shim_along(void **state)
{
	die_at_each_call(*state, MOUNTS);
}

static void it_does_where_it_has_said_start(void **state)
{
	die_at_each_call(*state, MOUNTS ", " JSON("sync": {"start": true}));
}

static void it_does_where_the_shim_stays_as_pid_1(void **state)
{
	die_at_each_call(*state, MOUNTS ", " JSON("process": {
		"args": ["/bin/pause"], "init": true,
		"user": {"uid": 7, "gid": 7}}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(a_parent_that_dies_takes_the_shim_along),
		BOX_TEST(it_does_where_it_has_said_start),
		BOX_TEST(it_does_where_the_shim_stays_as_pid_1),
	};

	return cmocka_run_group_tests_name("liveness", tests, NULL, NULL);
}
