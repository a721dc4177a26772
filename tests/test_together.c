/* together: two shims begin with one rootfs at the same moment */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"

#define ROUNDS 60

/* In namespaces of its own, once the gate is closed. */
static _Noreturn void be_shim(const struct box *box, int plan, int gate)
{
	char name[] = "init-shim", from[] = "--plan-fd=0";
	char *args[] = { name, from, NULL }, *env[] = { NULL };
	char byte;

	if (dup2(plan, 0) == 0 && lseek(0, 0, SEEK_SET) == 0 &&
	    dup2(box->log, 1) == 1 && dup2(box->log, 2) == 2 &&
	    unshare(CLONE_NEWNS) == 0 && read(gate, &byte, 1) == 0)
		syscall(SYS_execveat, box->shim, "", args, env, AT_EMPTY_PATH);
	_exit(99);
}

static int plan_file(const char *text)
{
	int fd = memfd_create("plan", MFD_CLOEXEC);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

/* Both must end as their target does. */
static void run_two(struct box *box, const char *text)
{
	autoclose int first = plan_file(text), second = plan_file(text);
	char said[512] = "";
	int gate[2], status, i, good = 0;

	assert_int_equal(ftruncate(box->log, 0), 0);
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	for (i = 0; i < 2; i++)
		if (fork() == 0) {
			close(gate[1]);
			be_shim(box, i ? first : second, gate[0]);
		}
	close(gate[0]);
	close(gate[1]);
	for (i = 0; i < 2; i++)
		if (wait(&status) > 0 && status == 0)
			good++;
	if (good < 2)
		assert_true(pread(box->log, said, sizeof(said) - 1, 0) >= 0);
	assert_string_equal(said, "");
	assert_int_equal(good, 2);
}

static void both_succeed_where_all_is_missing(void **state)
{
	struct box *box = *state;
	char text[4096], path[64];
	int i;

	box->log = memfd_create("log", MFD_CLOEXEC);
	assert_int_equal(fcntl(box->log, F_SETFL, O_APPEND), 0);
	box_program(box, "show");
	for (i = 0; i < ROUNDS; i++) {
		snprintf(path, sizeof(path), "/%d/bin", i);
		box_dir(box, path, 0755);
		snprintf(text, sizeof(text), "{\"version\": 1, \"rootfs\": "
			 "{\"path\": \"/tmp/rootfs/%d\"}, "
			 "\"namespaces\": [\"mount\"], %s}", i, JSON(
			"mounts": [
				{"source": "/tmp/rootfs/bin",
				 "destination": "/bin"},
				{"type": "tmpfs", "destination": "/a/b/c/d"},
				{"type": "tmpfs", "destination": "/a/e"},
				{"source": "/tmp/outside/file",
				 "destination": "/f/g/h"},
				{"type": "tmpfs", "destination": "/link/i"}],
			"process": {"args": ["/bin/show", "stat", "/"],
				    "cwd": "/w/o/r/k"}));
		snprintf(path, sizeof(path), "/%d/link", i);
		box_symlink(box, path, "/j/k");
		/* what is to be replaced is replaced by either */
		snprintf(path, sizeof(path), "/%d/dev/ptmx", i);
		box_file(box, path, "");
		run_two(box, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(both_succeed_where_all_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
