/* init: the shim as PID 1 of a container, and its child the target */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "reaped.h"

/* The lines of the output that begin with a key, of the target. */
static const char *said(const struct box *box, const char *key)
{
	static char line[256];
	const char *at = strstr(box->output, key);

	snprintf(line, sizeof(line), "%.*s", at ? (int)strcspn(at, "\n") : 0,
		 at ? at : "");
	return line;
}

static pid_t target_of(const struct box *box)
{
	pid_t target;

	assert_string_equal(box->error, "");
	assert_int_equal(reaped_children(box->pid, &target, 1), 1);
	return target;
}

static void the_target_is_a_child_of_pid_1(void **state)
{
	struct box *box = *state;

	box_program(box, "show");
	box_run(box, JSON("process": {
		"args": ["/bin/show", "session", "signals", "fds"],
		"init": true}));
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, 0);
	assert_string_equal(said(box, "pid "), "pid 2");
	assert_string_equal(said(box, "ppid "), "ppid 1");
	assert_string_equal(said(box, "leads_group"), "leads_group 1");
	assert_string_equal(said(box, "signals_"), "signals_blocked");
	assert_string_equal(said(box, "signals_ign"), "signals_ignored");
	assert_null(strstr(box->output, "fd 3"));
}

static void pid_1_ends_as_the_target_does(void **state)
{
	struct box *box = *state;

	box->stays = true;
	box_run(box, JSON("process": {"args": ["/bin/pause"], "init": true}));
	kill(target_of(box), SIGTERM);
	box_wait(box);

	assert_int_equal(box->status, 128 + SIGTERM);
}

static void signals_are_passed_on(void **state)
{
	struct box *box = *state;

	box->stays = true;
	box_run(box, JSON("process": {"args": ["/bin/pause"], "init": true}));
	target_of(box);
	kill(box->pid, SIGUSR1);
	box_wait(box);

	assert_int_equal(box->status, 128 + SIGUSR1);
}

static void a_target_that_cannot_be_is_told(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("process": {"args": ["/no/such"], "init": true}));
	assert_string_equal(box->error, "cannot execute /no/such: execve: No "
			    "such file or directory (plan item "
			    "/process/args/0)");
	assert_int_equal(box->status, 127);

	box_file(box, "/file", "");
	box_run(box, JSON("process": {"args": ["/file"], "init": true}));
	assert_string_equal(box->error, "cannot execute /file: execve: "
			    "Permission denied; nobody has execute permission "
			    "(plan item /process/args/0)");
	assert_int_equal(box->status, 126);
}

static void pid_1_holds_nothing(void **state)
{
	struct box *box = *state;
	pid_t target;

	box->stays = true;
	box_run(box, JSON("process": {
		"args": ["/bin/pause"], "init": true,
		"user": {"uid": 1000, "gid": 1000, "additionalGids": [7]},
		"capabilities": {
			"bounding": ["CAP_KILL", "CAP_CHOWN", "CAP_FOWNER"],
			"permitted": ["CAP_KILL", "CAP_CHOWN"],
			"effective": ["CAP_KILL", "CAP_CHOWN"],
			"inheritable": ["CAP_CHOWN"]}}));
	target = target_of(box);

	/* the target runs before PID 1 has closed what it held */
	reaped_wait_fds(box->pid, 3);
	assert_non_null(strstr(reaped_proc(box->pid, "status"),
			       "CapInh:\t0000000000000000\n"
			       "CapPrm:\t0000000000000020\n"
			       "CapEff:\t0000000000000020\n"
			       "CapBnd:\t0000000000000029\n"
			       "CapAmb:\t0000000000000000\n"));
	/* as the kernel has it after execve(2) by a user */
	assert_non_null(strstr(reaped_proc(target, "status"),
			       "CapInh:\t0000000000000001\n"
			       "CapPrm:\t0000000000000000\n"
			       "CapEff:\t0000000000000000\n"
			       "CapBnd:\t0000000000000029\n"));
}

static uid_t owner(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	assert_int_equal(stat(path, &st), 0);
	return st.st_uid;
}

static void pid_1_is_not_dumpable(void **state)
{
	struct box *box = *state;

	box->stays = true;
	box_run(box, JSON("process": {
		"args": ["/bin/pause"], "init": true,
		"user": {"uid": 1000, "gid": 1000}}));

	/* what is not dumpable belongs to root in a procfs: proc(5) */
	assert_int_equal(owner(target_of(box)), box->owner + 1000);
	assert_int_equal(owner(box->pid), box->owner);
}

/* As much as the program has of its own. */
static void pid_1_is_small_whatever_the_plan(void **state)
{
	struct box *box = *state;
	char masks[65536];
	size_t length = 0;
	int i;

	for (i = 0; i < 400; i++)
		length += (size_t)sprintf(masks + length,
					  "\"/mask/that/is/missing/%d\",", i);
	box->stays = true;
	box_run(box, "\"maskedPaths\": [%s\"/last\"], \"process\": "
		"{\"args\": [\"/bin/pause\"], \"init\": true}", masks);
	target_of(box);

	reaped_wait_settled(box->pid);
	kill(box->pid, SIGTERM);
	box_wait(box);
	assert_int_equal(box->status, 128 + SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(the_target_is_a_child_of_pid_1),
		BOX_TEST_BOTH(pid_1_ends_as_the_target_does),
		BOX_TEST_BOTH(signals_are_passed_on),
		BOX_TEST_BOTH(a_target_that_cannot_be_is_told),
		BOX_TEST_BOTH(pid_1_holds_nothing),
		BOX_TEST_BOTH(pid_1_is_not_dumpable),
		BOX_TEST(pid_1_is_small_whatever_the_plan),
	};

	return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
