/*
 * dumpable: whoever has the target's ids may not look into the shim, which
 * still holds the host's descriptors.  Asked at each stop of the protocol.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "kernel/task.h"

#define CAP_SYS_PTRACE 19
#define USER 1000

/* What came of it at each stop: an errno, or 0. */
static int at_hooks, at_ready;

static void give_up_ptrace(void)
{
	struct task_capabilities sets;
	struct failure why;

	if (task_get_capabilities(&sets, &why) < 0)
		_exit(255);
	sets.permitted &= ~(UINT64_C(1) << CAP_SYS_PTRACE);
	sets.effective = sets.permitted;
	if (task_set_capabilities(&sets, &why) < 0)
		_exit(255);
}

/* Asks the kernel what ptrace(2) would be told: proc(5), /proc/PID/exe. */
static int look_into(pid_t pid, uid_t user)
{
	char path[64], link[256];
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		give_up_ptrace();
		if (user && (setresgid(user, user, user) < 0 ||
			     setresuid(user, user, user) < 0))
			_exit(255);
		snprintf(path, sizeof(path), "/proc/%d/exe", pid);
		_exit(readlink(path, link, sizeof(link)) < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 255);
	return WEXITSTATUS(status);
}

/* Nor does the shim have it: it would be a reason to refuse us. */
static void begin_without_ptrace(struct box *box)
{
	(void)box;
	prctl(PR_CAPBSET_DROP, (unsigned long)CAP_SYS_PTRACE, 0UL, 0UL, 0UL);
}

static void look_at_hooks(struct box *box)
{
	at_hooks = look_into(box->pid, 0);
}

static void look_at_ready(struct box *box)
{
	at_ready = look_into(box->pid, *(uid_t *)box->context);
}

static void see_nothing(struct box *box, uid_t user)
{
	box->before = begin_without_ptrace;
	box->hooks = look_at_hooks;
	box->at_ready = look_at_ready;
	box->context = &user;
	box_run(box, JSON("sync": {"start": true}, "process": {
		"args": ["/bin/pause"], "user": {"uid": %u, "gid": %u}}),
		user, user);

	assert_string_equal(box->error, "");
	assert_int_equal(at_hooks, EACCES);
	assert_int_equal(at_ready, EACCES);
	/* the same way leads into the target */
	assert_int_equal(look_into(box->pid, user), 0);
}

static void the_shim_is_not_dumpable_for_root(void **state)
{
	see_nothing(*state, 0);
}

static void the_shim_is_not_dumpable_for_a_user(void **state)
{
	see_nothing(*state, USER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(the_shim_is_not_dumpable_for_root),
		BOX_TEST(the_shim_is_not_dumpable_for_a_user),
	};

	return cmocka_run_group_tests_name("dumpable", tests, NULL, NULL);
}
