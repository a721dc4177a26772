/* seccomp_notify: the listener comes to the parent, whatever is trapped */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "filter.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* seccomp_unotify(2) */
struct notification {
	uint64_t id;
	uint32_t pid;
	uint32_t flags;
	struct {
		int number;
		uint32_t arch;
		uint64_t instruction;
		uint64_t arguments[6];
	} data;
};

struct response {
	uint64_t id;
	int64_t value;
	int32_t error;
	uint32_t flags;
};

/* of musl's ioctl(2) the number is an int */
#define NOTIFICATION_RECEIVE (int)_IOWR('!', 0, struct notification)
#define NOTIFICATION_SEND (int)_IOWR('!', 1, struct response)
#define RESPONSE_CONTINUE 1

/* What the supervisor says of getppid(2), and leave exits with. */
#define ANSWER 42

/* In a child: all may go on, and getppid(2) is answered. */
static _Noreturn void supervise(int listener)
{
	struct notification asked;
	struct response answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		memset(&asked, 0, sizeof(asked));
		if (ioctl(listener, NOTIFICATION_RECEIVE, &asked) < 0) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			_exit(0);
		}
		answer = (struct response){ .id = asked.id };
		if (asked.data.number == SYS_getppid)
			answer.value = ANSWER;
		else
			answer.flags = RESPONSE_CONTINUE;
		ioctl(listener, NOTIFICATION_SEND, &answer);
	}
}

static pid_t supervisor;

static void have_supervised(struct box *box, const char *type, int fd)
{
	(void)box;
	assert_string_equal(type, "seccomp");
	supervisor = fork();
	if (supervisor == 0)
		supervise(fd);
	close(fd);
}

static void end_supervisor(void)
{
	if (supervisor > 0) {
		kill(supervisor, SIGKILL);
		waitpid(supervisor, NULL, 0);
	}
	supervisor = 0;
}

static void run_supervised(struct box *box, int filter, const char *more)
{
	box->given = have_supervised;
	box_program(box, "leave");
	box_run(box, JSON("process": {"args": ["/bin/leave"],
		"seccomp": {"fd": %d, "notify": true}%s}), filter, more);
	box_wait(box);
	end_supervisor();
}

static int one_rule(long number)
{
	const struct filter_rule rule = { number, FILTER_NOTIFY };

	return filter_file(&rule, 1, FILTER_ALLOW);
}

static void listener_answers_for_the_target(void **state)
{
	autoclose int filter = one_rule(SYS_getppid);
	struct box *box = *state;

	run_supervised(box, filter, "");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
	assert_string_equal(box->heard, "hooks ready seccomp ");
}

/* What could send it is trapped too, and so is all else. */
static void filter_that_traps_every_call_does_no_harm(void **state)
{
	autoclose int filter = filter_file(NULL, 0, FILTER_NOTIFY);
	struct box *box = *state;

	run_supervised(box, filter, "");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

/* Who starts the target and waits for it is not bound. */
static void filter_binds_the_target_below_a_pid_1(void **state)
{
	autoclose int filter = filter_file(NULL, 0, FILTER_NOTIFY);
	struct box *box = *state;

	run_supervised(box, filter, JSON(, "init": true));

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

static void filter_that_kills_who_sends_does_no_harm(void **state)
{
	static const struct filter_rule rules[] = {
		{ SYS_execve, FILTER_ALLOW },
		{ SYS_exit_group, FILTER_ALLOW },
		{ SYS_getppid, FILTER_NOTIFY },
	};
	autoclose int filter = filter_file(rules, COUNT(rules),
					   FILTER_KILL_PROCESS);
	struct box *box = *state;

	run_supervised(box, filter, ", \"noNewPrivileges\": true, "
		       "\"user\": {\"uid\": 1000, \"gid\": 1000}");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

static void run_with_flag(struct box *box, int filter, const char *flag)
{
	box->given = have_supervised;
	box_program(box, "leave");
	box_run(box, JSON("process": {"args": ["/bin/leave"],
		"seccomp": {"fd": %d, "notify": true,
			    "flags": ["SECCOMP_FILTER_FLAG_%s"]}}), filter,
		flag);
	box_wait(box);
	end_supervisor();
}

static void all_threads_are_one(void **state)
{
	autoclose int filter = filter_file(NULL, 0, FILTER_NOTIFY);
	struct box *box = *state;

	run_with_flag(box, filter, "TSYNC");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

static void target_may_wait_killable(void **state)
{
	autoclose int filter = one_rule(SYS_getppid);
	struct box *box = *state;

	run_with_flag(box, filter, "WAIT_KILLABLE_RECV");
	if (strcmp(box->errno_name, "EINVAL") == 0)
		box_skip("the flag is of Linux 5.19");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

static void keep(struct box *box, const char *type, int fd)
{
	(void)type;
	*(int *)box->context = fd;
}

static void nothing_of_it_is_left_in_the_target(void **state)
{
	autoclose int filter = one_rule(SYS_getppid);
	autoclose int listener = -1;
	struct box *box = *state;
	char children[64];

	box->given = keep;
	box->context = &listener;
	box_run(box, JSON("process": {"args": ["/bin/pause"],
		"seccomp": {"fd": %d, "notify": true}}), filter);

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box_proc(box, "status"), "\nThreads:\t1\n"));
	snprintf(children, sizeof(children), "task/%d/children", box->pid);
	assert_string_equal(box_proc(box, children), "");
}

static void listener_is_a_childs_too(void **state)
{
	autoclose int filter = filter_file(NULL, 0, FILTER_NOTIFY);
	struct box *box = *state;

	run_supervised(box, filter, ", \"init\": true");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

/* It may not keep the one processor from who hands the listener over. */
static void real_time_target_on_one_processor_gets_there(void **state)
{
	autoclose int filter = one_rule(SYS_getppid);
	struct box *box = *state;

	run_supervised(box, filter, JSON(,
		"execCPUAffinity": {"final": "0"},
		"scheduler": {"policy": "SCHED_FIFO", "priority": 50}));

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, ANSWER);
}

static void let_go(struct box *box, const char *type, int fd)
{
	(void)box;
	(void)type;
	close(fd);
}

/* With the parent the last listener goes: nobody waits for an answer. */
static void parent_that_goes_leaves_no_shim_behind(void **state)
{
	autoclose int filter = one_rule(SYS_execve);
	struct box *box = *state;

	box->given = let_go;
	box_run(box, JSON("process": {"args": ["/bin/pause"],
		"seccomp": {"fd": %d, "notify": true}}), filter);

	assert_string_equal(box->error, "cannot execute /bin/pause: execve: "
		"Function not implemented; the seccomp filter may refuse it "
		"(plan item /process/args/0)");
	assert_int_equal(box->status, 126);
}

static const struct CMUnitTest tests[] = {
	BOX_TEST_BOTH(listener_answers_for_the_target),
	BOX_TEST_BOTH(filter_that_traps_every_call_does_no_harm),
	BOX_TEST_BOTH(filter_binds_the_target_below_a_pid_1),
	BOX_TEST_BOTH(filter_that_kills_who_sends_does_no_harm),
	BOX_TEST(all_threads_are_one),
	BOX_TEST(target_may_wait_killable),
	BOX_TEST_BOTH(nothing_of_it_is_left_in_the_target),
	BOX_TEST(real_time_target_on_one_processor_gets_there),
	BOX_TEST_BOTH(listener_is_a_childs_too),
	BOX_TEST_BOTH(parent_that_goes_leaves_no_shim_behind),
};

int main(void)
{
	return cmocka_run_group_tests_name("seccomp_notify", tests, NULL, NULL);
}
