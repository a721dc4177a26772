/* seccomp: the filter binds the target, and hardly anything of the shim */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "filter.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* A filter with a number of its own, and what else the process has. */
#define FILTERED(file, args, more) \
	"\"process\": {\"args\": [\"%s\"], \"seccomp\": {\"fd\": %d}%s}", \
	args, file, more

#define FORBIDDEN ", \"noNewPrivileges\": true"

/* What leave and the shim call, and all else is the end. */
static int narrow_filter(void)
{
	static const struct filter_rule rules[] = {
		{ SYS_execve, FILTER_ALLOW },
		{ SYS_exit_group, FILTER_ALLOW },
		{ SYS_getppid, FILTER_ERRNO | 5 },
	};

	return filter_file(rules, COUNT(rules), FILTER_KILL_PROCESS);
}

static int one_rule(long number, uint32_t answer)
{
	const struct filter_rule rule = { number, answer };

	return filter_file(&rule, 1, FILTER_ALLOW);
}

/* What leave exits with where getppid(2) is refused with 5. */
#define FILTERED_STATUS (-5 & 0xff)

static void run_leave(struct box *box, int filter, const char *more)
{
	box_program(box, "leave");
	box_run(box, FILTERED(filter, "/bin/leave", more));
	box_wait(box);
}

static void filter_binds_the_target(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;

	run_leave(box, filter, "");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void filter_binds_the_target_without_new_privileges(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;

	run_leave(box, filter, FORBIDDEN);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void target_is_one_thread_with_one_filter(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;
	const char *status;

	box_run(box, FILTERED(filter, "/bin/pause", ""));

	assert_string_equal(box->error, "");
	status = box_proc(box, "status");
	assert_non_null(strstr(status, "\nThreads:\t1\n"));
	assert_non_null(strstr(status, "\nSeccomp:\t2\n"));
}

static void shim_calls_execve_and_exit_group_alone(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	run_leave(box, filter, "");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void the_same_for_a_user_who_may_nothing(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	run_leave(box, filter, FORBIDDEN
		  ", \"user\": {\"uid\": 1000, \"gid\": 100, "
		  "\"additionalGids\": [5]}, \"cwd\": \"/srv\"");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void the_same_for_a_user_without_no_new_privs(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	run_leave(box, filter, ", \"user\": {\"uid\": 1000, \"gid\": 100}");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void assert_capabilities(struct box *box, const char *sets)
{
	const char *status = box_proc(box, "status");
	const char *line = strstr(status, "CapInh:");

	assert_non_null(line);
	assert_memory_equal(line, sets, strlen(sets));
}

#define NO_CAPABILITIES \
	"CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n" \
	"CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n" \
	"CapAmb:\t0000000000000000\n"

static void what_the_filter_takes_is_not_the_targets(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", ""));

	assert_string_equal(box->error, "");
	assert_capabilities(box, NO_CAPABILITIES);
}

static void nor_is_it_an_unprivileged_users(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", JSON(,
		"user": {"uid": 1000, "gid": 1000},
		"capabilities": {"bounding": ["CAP_SYS_ADMIN", "CAP_KILL"],
			"permitted": ["CAP_KILL"],
			"inheritable": ["CAP_SYS_ADMIN", "CAP_KILL"],
			"ambient": ["CAP_KILL"]})));

	assert_string_equal(box->error, "");
	assert_capabilities(box,
		"CapInh:\t0000000000200020\nCapPrm:\t0000000000000020\n"
		"CapEff:\t0000000000000020\nCapBnd:\t0000000000200020\n"
		"CapAmb:\t0000000000000020\n");
}

static void every_flag_is_taken(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;

	box_run(box, JSON("process": {"args": ["/bin/pause"],
		"seccomp": {"fd": %d, "flags": ["SECCOMP_FILTER_FLAG_TSYNC",
			"SECCOMP_FILTER_FLAG_LOG",
			"SECCOMP_FILTER_FLAG_SPEC_ALLOW"]}}), filter);

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box_proc(box, "status"), "\nSeccomp:\t2\n"));
}

static void start_hooks_are_not_filtered(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	box_program(box, "show");
	box_program(box, "leave");
	box_run(box, JSON("hooks": {"startContainer": [
			{"path": "/bin/show", "args": ["show", "ids"]}]},
		"process": {"args": ["/bin/leave"],
			    "seccomp": {"fd": %d}}), filter);
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void program_may_come_through_a_pipe(void **state)
{
	autoclose int filter = one_rule(SYS_getppid, FILTER_ERRNO | 5);
	struct box *box = *state;
	char bytes[4096];
	ssize_t length = pread(filter, bytes, sizeof(bytes), 0);
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, (size_t)length), length);
	close(ends[1]);
	run_leave(box, ends[0], "");
	close(ends[0]);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

/* Nobody can be there to watch it: clone(2), EAGAIN. */
static void deadline_target_is_filtered_unwatched(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	run_leave(box, filter, JSON(, "scheduler": {"policy":
		"SCHED_DEADLINE", "runtime": 1000000, "deadline": 10000000,
		"period": 10000000}));

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

/*
 * What goes wrong after the filter is told, whatever the filter says.
 */

static void file_that_is_no_program_is_told_of(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	box_file(box, "/bin/text", "no program");
	box_chmod(box, "/bin/text", 0755);
	box_run(box, FILTERED(filter, "/bin/text", ""));

	assert_string_equal(box->stage, "exec");
	assert_string_equal(box->errno_name, "ENOEXEC");
	assert_string_equal(box->pointer, "/process/args/0");
	assert_int_equal(box->status, 126);
}

static void missing_file_is_told_of(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/nothing", ""));

	assert_string_equal(box->error, "cannot execute /bin/nothing: execve: "
		"No such file or directory (plan item /process/args/0)");
	assert_int_equal(box->status, 127);
}

static void search_goes_on_behind_a_file_without_permission(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	box_program(box, "leave");
	box_file(box, "/sbin/leave", "not for execution");
	box_run(box, FILTERED(filter, "leave",
			      ", \"env\": [\"PATH=/nowhere:/sbin:/bin\"]"));
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void execve_that_is_refused_is_told_of(void **state)
{
	static const struct filter_rule rules[] = {
		{ SYS_execve, FILTER_ERRNO | EPERM },
	};
	autoclose int filter = filter_file(rules, 1, FILTER_KILL_PROCESS);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", ""));

	assert_string_equal(box->error, "cannot execute /bin/pause: execve: "
		"Operation not permitted; the seccomp filter may refuse it "
		"(plan item /process/args/0)");
	assert_int_equal(box->status, 126);
}

static void execve_that_ends_the_thread_is_told_of(void **state)
{
	autoclose int filter = one_rule(SYS_execve, FILTER_KILL_THREAD);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", ""));

	assert_string_equal(box->error, "cannot execute /bin/pause: the filter "
		"ends who calls execve(2) (plan item /process/seccomp)");
	assert_int_equal(box->status, 126);
}

static void execve_that_ends_the_process_is_a_status(void **state)
{
	autoclose int filter = one_rule(SYS_execve, FILTER_KILL_PROCESS);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", ""));

	assert_string_equal(box->error, "");
	assert_true(box->ready);
	assert_int_equal(box->status, 128 + SIGSYS);
}

/*
 * Where the target is a child of the shim, which is not filtered.
 */

#define CHILD ", \"init\": true"

static void child_is_filtered_and_pid_1_is_not(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	run_leave(box, filter, CHILD);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void child_may_nothing_and_is_filtered(void **state)
{
	autoclose int filter = narrow_filter();
	struct box *box = *state;

	run_leave(box, filter, CHILD FORBIDDEN
		  ", \"user\": {\"uid\": 1000, \"gid\": 1000}");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, FILTERED_STATUS);
}

static void childs_execve_that_is_refused_is_told_of(void **state)
{
	autoclose int filter = one_rule(SYS_execve, FILTER_ERRNO | EPERM);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", CHILD));
	box_wait(box);

	assert_string_equal(box->error, "cannot execute /bin/pause: execve: "
		"Operation not permitted; the seccomp filter may refuse it "
		"(plan item /process/args/0)");
	assert_int_equal(box->status, 126);
}

static void childs_execve_that_ends_the_thread_is_told_of(void **state)
{
	autoclose int filter = one_rule(SYS_execve, FILTER_KILL_THREAD);
	struct box *box = *state;

	box_run(box, FILTERED(filter, "/bin/pause", CHILD));
	box_wait(box);

	assert_string_equal(box->error, "cannot execute /bin/pause: the filter "
		"ends who calls execve(2) (plan item /process/seccomp)");
	assert_int_equal(box->status, 126);
}

/*
 * What is no program is refused before anything is touched.
 */

static void assert_refused(struct box *box, const char *sentence)
{
	assert_string_equal(box->error, sentence);
	assert_string_equal(box->stage, "plan");
	assert_int_equal(box->status, 125);
	assert_false(box_exists(box, "/dev/null"));
}

#define NO_PROGRAM(bytes) \
	"cannot read the seccomp filter: it must be 1 to 4096 instructions " \
	"of 8 bytes, and has " bytes " bytes (plan item /process/seccomp/fd)"

static void program_of_a_wrong_size_is_refused(void **state)
{
	static const char bytes[4097 * 8];
	static const struct {
		size_t length;
		const char *sentence;
	} sizes[] = {
		{ 0, NO_PROGRAM("0") },
		{ 12, NO_PROGRAM("12") },
		{ sizeof(bytes), NO_PROGRAM("32776") },
	};
	struct box *box = *state;
	size_t i;

	for (i = 0; i < COUNT(sizes); i++) {
		autoclose int file = filter_bytes(bytes, sizes[i].length);

		box_run(box, FILTERED(file, "/bin/pause", ""));
		assert_refused(box, sizes[i].sentence);
	}
}

static void descriptor_that_is_not_there_is_refused(void **state)
{
	struct box *box = *state;

	box_run(box, FILTERED(999, "/bin/pause", ""));

	assert_refused(box, "cannot read the seccomp filter: fstat: Bad file "
		       "descriptor (plan item /process/seccomp/fd)");
}

static void program_that_the_kernel_refuses_is_told_of(void **state)
{
	static const char bytes[8] = { 0x20 };	/* it does not return */
	autoclose int file = filter_bytes(bytes, sizeof(bytes));
	struct box *box = *state;

	box_run(box, FILTERED(file, "/bin/pause", ""));

	assert_string_equal(box->error, "cannot install the seccomp filter: "
		"seccomp: Invalid argument; the kernel wants no such program, "
		"or does not know one of the flags "
		"(plan item /process/seccomp)");
	assert_int_equal(box->status, 125);
}

static const struct CMUnitTest tests[] = {
	BOX_TEST_BOTH(filter_binds_the_target),
	BOX_TEST_BOTH(filter_binds_the_target_without_new_privileges),
	BOX_TEST_BOTH(target_is_one_thread_with_one_filter),
	BOX_TEST_BOTH(shim_calls_execve_and_exit_group_alone),
	BOX_TEST_BOTH(the_same_for_a_user_who_may_nothing),
	BOX_TEST_BOTH(the_same_for_a_user_without_no_new_privs),
	BOX_TEST_BOTH(what_the_filter_takes_is_not_the_targets),
	BOX_TEST_BOTH(nor_is_it_an_unprivileged_users),
	BOX_TEST(every_flag_is_taken),
	BOX_TEST_BOTH(start_hooks_are_not_filtered),
	BOX_TEST(deadline_target_is_filtered_unwatched),
	BOX_TEST(program_may_come_through_a_pipe),
	BOX_TEST_BOTH(file_that_is_no_program_is_told_of),
	BOX_TEST(missing_file_is_told_of),
	BOX_TEST(search_goes_on_behind_a_file_without_permission),
	BOX_TEST_BOTH(execve_that_is_refused_is_told_of),
	BOX_TEST_BOTH(execve_that_ends_the_thread_is_told_of),
	BOX_TEST(execve_that_ends_the_process_is_a_status),
	BOX_TEST_BOTH(child_is_filtered_and_pid_1_is_not),
	BOX_TEST_BOTH(child_may_nothing_and_is_filtered),
	BOX_TEST_BOTH(childs_execve_that_is_refused_is_told_of),
	BOX_TEST_BOTH(childs_execve_that_ends_the_thread_is_told_of),
	BOX_TEST(program_of_a_wrong_size_is_refused),
	BOX_TEST(descriptor_that_is_not_there_is_refused),
	BOX_TEST(program_that_the_kernel_refuses_is_told_of),
};

int main(void)
{
	return cmocka_run_group_tests_name("seccomp", tests, NULL, NULL);
}
