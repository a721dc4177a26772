/* guard: not in the mount namespace of the host, which is that of PID 1 */

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"

/* PID 1 is the child itself, and a procfs shows that. */
static void become_first(struct box *box)
{
	(void)box;
	/* or the new procfs would be the test's too */
	if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0)
		_exit(1);
}

/*
 * A machine: the child is PID 1 of it, and the shim another process that
 * shares its mount namespace.
 */
static void become_a_machine(struct box *box)
{
	int status;
	pid_t pid;

	become_first(box);
	pid = fork();
	if (pid == 0)
		return;
	if (waitpid(pid, &status, 0) != pid)
		_exit(1);
	_exit(WEXITSTATUS(status));
}

/* The same, and then what the hint says. */
static void become_a_machine_and_unshare(struct box *box)
{
	become_a_machine(box);
	if (unshare(CLONE_NEWNS) < 0)
		_exit(1);
}

static void host_is_not_touched(void **state)
{
	struct box *box = *state;
	char *before = box_digest(BOX_ROOTFS), *after;

	box->before = become_a_machine;
	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/run"}]));

	assert_string_equal(box->error, "cannot build a container here: this "
		"is the host's own mount namespace, though the plan says that "
		"it is new; start it with: unshare --mount --pid --fork "
		"init-shim ... (plan item /namespaces)");
	assert_int_equal(box->status, 125);
	assert_string_equal(box->hint, "start it with: unshare --mount --pid "
			    "--fork init-shim ...");
	after = box_digest(BOX_ROOTFS);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static void mount_namespace_of_its_own_is_no_host(void **state)
{
	struct box *box = *state;

	box_program(box, "show");
	box->before = become_a_machine_and_unshare;
	box_run(box, JSON("process": {"args": ["/bin/show", "names"]}));
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box->output, "hostname "));
}

static void first_process_is_no_guest(void **state)
{
	struct box *box = *state;

	/* as in an initramfs, where the mount namespace is the machine's */
	box->before = become_first;
	box_run(box, JSON("devices": []));

	assert_string_equal(box->error, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(host_is_not_touched),
		BOX_TEST(mount_namespace_of_its_own_is_no_host),
		BOX_TEST(first_process_is_no_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
