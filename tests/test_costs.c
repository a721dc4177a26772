/*
 * costs: system calls, which no mood of the machine changes.  A number that
 * is another now is no failure by itself: look why, and if it is worth it,
 * say so in the commit and write it here.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box.h"
#include "calls.h"
#include "fd.h"
#include "kernel/abi.h"

/*
 * But for one prctl(2) for each capability that the kernel has.  One call looks
 * for the user's home, which the plan does not have.
 */
#define DEFAULT_PLAN 118
#define BINDS_1000 3104	/* with those that close what is aside: fd.c */

static struct calls calls;

/* What this program has inherited would lie between the shim's descriptors. */
static int tracer_open(void **state)
{
	(void)state;
	syscall(NR_CLOSE_RANGE, 3, ~0u, 0);
	return calls_open(&calls);
}

static int tracer_close(void **state)
{
	(void)state;
	calls_close(&calls);
	return 0;
}

static void be_counted(struct box *box)
{
	(void)box;
	calls_begin(&calls);
}

static long cost(struct box *box, const char *plan)
{
	long counted;

	box->before = be_counted;
	box_run(box, "%s", plan);
	assert_string_equal(box->error, "");

	counted = calls_counted(&calls);
	if (counted < 0 && errno == EPERM)
		box_skip("ptrace(2) is refused");
	assert_true(counted > 0);
	return counted;
}

static long capabilities(void)
{
	autoclose int fd = open("/proc/sys/kernel/cap_last_cap", O_RDONLY |
				O_CLOEXEC);
	char *text = fd < 0 ? NULL : box_read_all(fd);
	long last = text ? atol(text) : -1;

	assert_true(last > 0);
	free(text);
	return last + 1;
}

static void need_open_tree_attr(void)
{
	if (syscall(NR_OPEN_TREE_ATTR, -1, "", 0, NULL, 0) < 0 &&
	    errno == ENOSYS)
		box_skip("the numbers are for open_tree_attr(2), Linux 6.15");
}

/* The default plan of the OCI runtimes, with paths that every machine has. */
static void the_default_plan_takes_as_many_calls_as_it_did(void **state)
{
	struct box *box = *state;
	long counted;

	need_open_tree_attr();
	box_dir(box, "/proc", 0755);
	box_dir(box, "/sys", 0755);
	box_dir(box, "/dev", 0755);
	box_dir(box, "/masks/dir", 0755);
	box_dir(box, "/masks/other", 0755);
	box_file(box, "/masks/file", "");
	box_file(box, "/masks/last", "");
	box_dir(box, "/readonly", 0755);

	counted = cost(box, JSON(
		"hostname": "costs",
		"mounts": [
			{"destination": "/proc", "type": "proc",
			 "source": "proc",
			 "options": ["nosuid", "noexec", "nodev"]},
			{"destination": "/dev", "type": "tmpfs",
			 "source": "tmpfs",
			 "options": ["nosuid", "strictatime", "mode=755"]},
			{"destination": "/dev/pts", "type": "devpts",
			 "source": "devpts",
			 "options": ["nosuid", "noexec", "newinstance",
				     "ptmxmode=0666", "mode=0620", "gid=5"]},
			{"destination": "/dev/shm", "type": "tmpfs",
			 "source": "shm",
			 "options": ["nosuid", "noexec", "nodev",
				     "mode=1777"]},
			{"destination": "/dev/mqueue", "type": "mqueue",
			 "source": "mqueue",
			 "options": ["nosuid", "noexec", "nodev"]},
			{"destination": "/sys", "type": "sysfs",
			 "source": "sysfs",
			 "options": ["nosuid", "noexec", "nodev", "ro"]}],
		"maskedPaths": ["/masks/dir", "/masks/file", "/masks/missing",
				"/masks/other", "/masks/last"],
		"readonlyPaths": ["/proc/sys", "/readonly", "/missing"],
		"process": {
			"args": ["/bin/pause"], "noNewPrivileges": true,
			"rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1024,
				     "hard": 1024}]}));

	assert_int_equal(counted - capabilities(), DEFAULT_PLAN);
}

/* A plan with a number of plain binds on directories that are there. */
static char *binds(struct box *box, size_t count)
{
	char *text, at[32];
	size_t length, i;
	FILE *to = open_memstream(&text, &length);

	assert_non_null(to);
	fputs("\"mounts\": [", to);
	for (i = 0; i < count; i++) {
		snprintf(at, sizeof(at), "/binds/%05zu", i);
		box_dir(box, at, 0755);
		fprintf(to, "%s{\"destination\": \"%s\", \"type\": "
			"\"bind\", \"source\": \"%s/dir\"}",
			i ? ", " : "", at, BOX_OUTSIDE);
	}
	fputc(']', to);
	fclose(to);
	return text;
}

static void a_plain_bind_takes_three_calls(void **state)
{
	struct box *box = *state;
	char *few = binds(box, 100), *many = binds(box, 1100);
	long counted;

	cost(box, few);		/* makes what the rootfs lacks: /dev */
	counted = cost(box, few);
	counted = cost(box, many) - counted;

	assert_int_equal(counted, BINDS_1000);
	free(few);
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(the_default_plan_takes_as_many_calls_as_it_did),
		BOX_TEST(a_plain_bind_takes_three_calls),
	};

	return cmocka_run_group_tests_name("costs", tests, tracer_open,
					   tracer_close);
}
