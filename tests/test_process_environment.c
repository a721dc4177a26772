/* process_environment: what env lacks, from an image that lies */

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

#define PLAN_ENV(world, ...) \
	((world)->process.env = (struct strings){ \
		(char *[]){ __VA_ARGS__, NULL }, \
		COUNT(((char *[]){ __VA_ARGS__ })) })

/* What the target has in its environment, and nothing else. */
static void assert_env(struct world *world, const char *env)
{
	world->process.args = (char *[]){ "/bin/show", "env", NULL };
	world_run(world);

	assert_string_equal(world->error, "");
	assert_memory_equal(world->output, "arg 0 /bin/show\narg 1 env\n", 26);
	assert_string_equal(world->output + 26, env);
}

static void make_passwd(void)
{
	world_must(mkdir("/etc", 0755));
	world_file("/etc/passwd",
		   "root:x:0:0:root:/root:/bin/sh\n"
		   "10000:x:100:1000::/wrong\n"
		   "\n"
		   "half:x:1000\n"
		   "user:x:1000:0:a, b:/home/user:/bin/sh\n"
		   "other:x:1000:1000::/home/other:\n"
		   "relative:x:1001:1001::home:\n"
		   "nowhere:x:1002:1002:::\n"
		   "last:x:1003:1003::/home/last", 0600);
}

static void home_is_that_of_the_uid(void **state)
{
	struct world *world = *state;

	world->before = make_passwd;
	assert_env(world, "env HOME=/root\n");

	/* who may not read the file, and has two lines */
	world->process.uid = 1000;
	PLAN_ENV(world, "A=1");
	assert_env(world, "env A=1\nenv HOME=/home/user\n");

	world->process.uid = 1003;
	assert_env(world, "env A=1\nenv HOME=/home/last\n");
}

static void home_of_the_plan_stays(void **state)
{
	struct world *world = *state;

	world->before = make_passwd;
	PLAN_ENV(world, "HOME=/mine", "HOMES=1");
	assert_env(world, "env HOME=/mine\nenv HOMES=1\n");

	PLAN_ENV(world, "HOME=");
	assert_env(world, "env HOME=\n");
}

static void who_has_no_home_has_the_root(void **state)
{
	struct world *world = *state;
	uid_t uid;

	assert_env(world, "env HOME=/\n");

	world->before = make_passwd;
	for (uid = 1001; uid <= 1002; uid++) {
		world->process.uid = uid;
		assert_env(world, "env HOME=/\n");
	}
	world->process.uid = 10000;
	assert_env(world, "env HOME=/\n");
}

/* Of these each would be read, or waited for. */
static void make_fifo(void)
{
	static const char line[] = "x:x:0:0::/fifo:\n";
	int fd;

	world_must(mkdir("/etc", 0755));
	world_must(mkfifo("/etc/passwd", 0644));
	world_must(fd = open("/etc/passwd", O_RDWR | O_CLOEXEC));
	world_must(write(fd, line, sizeof(line) - 1));
}

/* An open(2) waits for who holds a lease, as long as the host says: fcntl(2) */
static void make_lease(void)
{
	int fd, ends[2];
	char byte = 0;

	make_passwd();
	world_must(pipe2(ends, O_CLOEXEC));
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGIO, SIG_IGN);
		world_must(fd = open("/etc/passwd", O_RDWR | O_CLOEXEC));
		world_must(fcntl(fd, F_SETLEASE, F_WRLCK));
		world_must(write(ends[1], &byte, 1));
		for (;;)
			pause();
	}
	world_must(read(ends[0], &byte, 1));
}

static void make_device(void)
{
	world_must(mkdir("/etc", 0755));
	world_must(mknod("/etc/passwd", S_IFCHR | 0644, makedev(1, 5)));
}

static void make_folder(void)
{
	world_must(mkdir("/etc", 0755));
	world_must(mkdir("/etc/passwd", 0755));
}

/* Behind more lines than any list has. */
static void make_late_line(void)
{
	static char lines[5 << 20];

	world_must(mkdir("/etc", 0755));
	memset(lines, '\n', sizeof(lines));
	strcpy(lines + sizeof(lines) - 20, "x:x:0:0::/late:\n");
	world_file("/etc/passwd", lines, 0644);
}

/* A line without an end, as large as a file can be. */
static void make_hole(void)
{
	world_must(mkdir("/etc", 0755));
	world_file("/etc/passwd", "", 0644);
	world_must(truncate("/etc/passwd", (off_t)1 << 40));
}

static void make_long_line(void)
{
	static char line[1 << 16];

	world_must(mkdir("/etc", 0755));
	memset(line, 'x', sizeof(line) - 1);
	memcpy(line + sizeof(line) - 30, ":x:0:0::/long:\n", 15);
	world_file("/etc/passwd", line, 0644);
}

static void make_many_lines(void)
{
	int i, fd;

	world_must(mkdir("/etc", 0755));
	fd = open("/etc/passwd", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	world_must(fd);
	for (i = 1; i <= 20000; i++)
		dprintf(fd, "user%d:x:%d:%d::/home/%d:/bin/sh\n", i, i, i, i);
	close(fd);
}

static void hostile_user_lists_are_passed_over(void **state)
{
	static void (*const hostile[])(void) = {
		make_fifo, make_device, make_folder, make_hole, make_long_line,
		make_late_line, make_lease,
	};
	struct world *world = *state;
	size_t i;

	for (i = 0; i < COUNT(hostile); i++) {
		world->before = hostile[i];
		assert_env(world, "env HOME=/\n");
	}
}

static void long_user_list_is_read(void **state)
{
	struct world *world = *state;

	world->before = make_many_lines;
	world->process.uid = 19999;
	assert_env(world, "env HOME=/home/19999\n");
}

static void make_link(void)
{
	make_passwd();
	world_must(mkdir("/real", 0755));
	world_must(rename("/etc/passwd", "/real/passwd"));
	world_must(symlink("../../../real/passwd", "/etc/passwd"));
}

/* A descriptor of the shim's, to something of the host's. */
static void make_magic_link(void)
{
	make_passwd();
	world_must(rename("/etc/passwd", "/secret"));
	world_must(dup2(open("/secret", O_RDONLY | O_CLOEXEC), 40));
	world_must(symlink("/proc/self/fd/40", "/etc/passwd"));
}

static void links_stay_inside(void **state)
{
	struct world *world = *state;

	world->before = make_link;
	assert_env(world, "env HOME=/root\n");

	world->before = make_magic_link;
	assert_env(world, "env HOME=/\n");
}

static void listen_pid_is_the_target(void **state)
{
	struct world *world = *state;
	char line[64];

	PLAN_ENV(world, "HOME=/", "LISTEN_PID=77", "LISTEN_FDS=0", "LISTEN_PID=");
	world->process.args = (char *[]){ "/bin/show", "env", "session", NULL };
	world_run(world);

	assert_string_equal(world->error, "");
	assert_null(strstr(world->output, "LISTEN_PID=77"));
	assert_null(strstr(world->output, "LISTEN_PID=\n"));
	snprintf(line, sizeof(line), "env LISTEN_FDS=0\nenv LISTEN_PID=%s\n",
		 world_value(world, "pid"));
	assert_non_null(strstr(world->output, line));
}

static void without_listen_fds_listen_pid_is_as_planned(void **state)
{
	struct world *world = *state;

	PLAN_ENV(world, "HOME=/", "LISTEN_PID=77");
	assert_env(world, "env HOME=/\nenv LISTEN_PID=77\n");
}

static const struct CMUnitTest tests[] = {
	TEST(home_is_that_of_the_uid),
	TEST(home_of_the_plan_stays),
	TEST(who_has_no_home_has_the_root),
	TEST(hostile_user_lists_are_passed_over),
	TEST(long_user_list_is_read),
	TEST(links_stay_inside),
	TEST(listen_pid_is_the_target),
	TEST(without_listen_fds_listen_pid_is_as_planned),
};

int main(void)
{
	return cmocka_run_group_tests_name("process_environment", tests, NULL,
					   NULL);
}
