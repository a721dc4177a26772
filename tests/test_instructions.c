/*
 * instructions: what it takes to read and validate a plan, which no mood of
 * the machine changes: init-shim --check, one step at a time by ptrace(2).
 * A number that is another now is no failure by itself: look why, and if it is
 * worth it, say so in the commit and write it here.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* In a plan of the usual size, and for each further bind of a larger one. */
#define PLAN 109600
#define BIND 8810

/* What the machine has a say in: an aligned address more or less. */
#define SPREAD_PERCENT 2

#define PLAN_FD 9
#define MANY 100

/* The numbers are those of one compiler and machine. */
static void need_the_compiler(void)
{
#if !defined(__x86_64__) || !defined(__OPTIMIZE_SIZE__) || defined(__clang__) || \
	__GNUC__ != 12
	print_message("# skip: the numbers are those of gcc 12 for x86-64\n");
	skip();
#endif
}

/* A plan of seven mounts, masks, and as many binds. */
static int write_plan(unsigned binds)
{
	int fd = memfd_create("plan", 0);
	unsigned i;

	assert_int_equal(dup2(fd, PLAN_FD), PLAN_FD);
	close(fd);
	dprintf(PLAN_FD, "{\"version\": 1, \"rootfs\": {\"path\": \"/srv\"}, "
		"\"namespaces\": [\"mount\", \"pid\", \"ipc\", \"uts\"], "
		"\"hostname\": \"counted\", \"mounts\": ["
		"{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": "
		"\"proc\", \"options\": [\"nosuid\", \"noexec\", \"nodev\"]}");
	for (i = 0; i < 6 + binds; i++)
		dprintf(PLAN_FD, ", {\"destination\": \"/binds/%05u\", "
			"\"type\": \"bind\", \"source\": \"/srv/sources/%05u\","
			" \"options\": [\"rbind\", \"ro\", \"nosuid\"]}", i, i);
	dprintf(PLAN_FD, "], \"maskedPaths\": [\"/proc/acpi\", \"/proc/keys\"],"
		" \"readonlyPaths\": [\"/proc/bus\", \"/proc/sys\"], "
		"\"process\": {\"args\": [\"sh\"], \"env\": [\"PATH=/bin\"], "
		"\"cwd\": \"/\", \"user\": {\"uid\": 0, \"gid\": 0}, "
		"\"capabilities\": {\"bounding\": [\"CAP_CHOWN\", "
		"\"CAP_KILL\"]}, \"noNewPrivileges\": true}}");
	return PLAN_FD;
}

static void become_the_shim(void)
{
	static char *const args[] = {
		"init-shim", "--check", "--plan-fd", "9", NULL,
	};
	static char *const env[] = { NULL };

	personality(ADDR_NO_RANDOMIZE);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(99);
	execve(getenv("INIT_SHIM"), args, env);
	_exit(98);
}

/* From its execve(2) to its end. */
static long count(unsigned binds)
{
	int plan = write_plan(binds);
	pid_t child = fork();
	int status;
	long steps = 0;

	if (child == 0)
		become_the_shim();
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);
		steps++;
	}
	close(plan);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 99) {
		print_message("# skip: ptrace(2) is refused\n");
		skip();
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return steps;
}

static void assert_about(long counted, long expected)
{
	print_message("# %ld instructions\n", counted);
	assert_in_range(counted, expected - expected * SPREAD_PERCENT / 100,
			expected + expected * SPREAD_PERCENT / 100);
}

static void a_plan_takes_as_many_instructions_as_it_did(void **state)
{
	(void)state;
	need_the_compiler();
	assert_about(count(0), PLAN);
}

static void a_further_bind_takes_as_many_as_it_did(void **state)
{
	(void)state;
	need_the_compiler();
	assert_about((count(MANY) - count(0)) / MANY, BIND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_takes_as_many_instructions_as_it_did),
		cmocka_unit_test(a_further_bind_takes_as_many_as_it_did),
	};

	return cmocka_run_group_tests_name("instructions", tests, NULL, NULL);
}
