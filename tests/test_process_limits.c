/* process: limits, OOM score and the working directory */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/task.h"
#include "world.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

#define assert_value(world, key, value) \
	assert_string_equal(world_value(world, key), value)

#define BIT(capability) ((uint64_t)1 << (capability))
#define DAC_OVERRIDE 1
#define DAC_READ_SEARCH 2
#define SYS_RESOURCE 24

static void give_up(uint64_t capabilities)
{
	struct task_capabilities held;
	struct failure why;

	world_must(task_get_capabilities(&held, &why));
	held.effective &= ~capabilities;
	world_must(task_set_capabilities(&held, &why));
}

static void limits_are_the_planned_ones(void **state)
{
	struct world *world = *state;
	struct resource_limit planned[] = {
		{ RLIMIT_NOFILE, 100, 200 },
		{ RLIMIT_CORE, 0, 0 },
		{ RLIMIT_STACK, 1 << 20, RLIM_INFINITY },
		{ RLIMIT_RTTIME, 7, 8 },
	};

	world->process.limits = planned;
	world->process.limit_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "rlimit_NOFILE", "100 200");
	assert_value(world, "rlimit_CORE", "0 0");
	assert_value(world, "rlimit_STACK", "1048576 -1");
	assert_value(world, "rlimit_RTTIME", "7 8");
}

static void each_of_the_sixteen_limits_is_known(void **state)
{
	static const char *const names[] = {
		"CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC",
		"NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING", "MSGQUEUE",
		"NICE", "RTPRIO", "RTTIME",
	};
	struct resource_limit planned[COUNT(names)];
	struct world *world = *state;
	char key[32], value[64];
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		struct rlimit inherited;
		rlim_t most = 1 << 30;

		/* nothing is raised, which would take CAP_SYS_RESOURCE */
		assert_int_equal(getrlimit((int)i, &inherited), 0);
		if (inherited.rlim_max < most)
			most = inherited.rlim_max;
		planned[i] = (struct resource_limit){
			(int)i, most - most / (i + 3), most };
	}
	world->process.limits = planned;
	world->process.limit_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "");
	for (i = 0; i < COUNT(names); i++) {
		snprintf(key, sizeof(key), "rlimit_%s", names[i]);
		snprintf(value, sizeof(value), "%llu %llu",
			 (unsigned long long)planned[i].soft,
			 (unsigned long long)planned[i].hard);
		assert_value(world, key, value);
	}
}

static void allow_few_fds(void)
{
	struct rlimit few = { 50, 50 };

	world_must(setrlimit(RLIMIT_NOFILE, &few));
	give_up(BIT(SYS_RESOURCE));
}

static void limit_that_may_not_be_raised_is_blamed(void **state)
{
	struct world *world = *state;
	struct resource_limit planned[] = {
		{ RLIMIT_CORE, 0, 0 },
		{ RLIMIT_NOFILE, 50, 51 },
	};

	world->before = allow_few_fds;
	world->process.limits = planned;
	world->process.limit_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "cannot set RLIMIT_NOFILE: prlimit: "
		"Operation not permitted; a hard limit above the inherited one "
		"takes CAP_SYS_RESOURCE, of the host, and may not pass the "
		"sysctl fs.nr_open (plan item /process/rlimits/1)");
}

static void no_descriptor_left_is_no_obstacle(void **state)
{
	struct world *world = *state;
	struct resource_limit planned[] = { { RLIMIT_NOFILE, 0, 0 } };

	world->process.has_oom_score = true;
	world->process.oom_score_adj = 500;
	world->process.cwd = "/new";
	world->process.limits = planned;
	world->process.limit_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "rlimit_NOFILE", "0 0");
}

static void oom_score_is_the_planned_one(void **state)
{
	struct world *world = *state;

	world->process.has_oom_score = true;
	world->process.oom_score_adj = 123;
	world->process.uid = 1000;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "oom_score_adj", "123");
}

static void give_up_resource(void)
{
	give_up(BIT(SYS_RESOURCE));
}

static void oom_score_that_may_not_be_lowered_is_blamed(void **state)
{
	struct world *world = *state;

	world->before = give_up_resource;
	world->process.has_oom_score = true;
	world->process.oom_score_adj = -999;
	world_run(world);

	assert_string_equal(world->error, "cannot set the OOM score: write: "
		"Permission denied; a score below the inherited one takes "
		"CAP_SYS_RESOURCE, of the host "
		"(plan item /process/oomScoreAdj)");
}

static void print_stat(const char *path)
{
	struct stat st;

	world_must(stat(path, &st));
	printf("%s %o %u:%u\n", path, st.st_mode, st.st_uid, st.st_gid);
	fflush(stdout);
}

static void show_made_cwd(void)
{
	char cwd[64];

	world_check(getcwd(cwd, sizeof(cwd)), "getcwd");
	printf("cwd %s\n", cwd);
	print_stat("/a");
	print_stat("/a/b");
}

static void missing_cwd_is_made_as_root(void **state)
{
	struct world *world = *state;

	world->process.uid = 1000;
	world->process.cwd = "/a/b";
	world->process.umask = 077;
	world->instead = show_made_cwd;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cwd", "/a/b");
	assert_value(world, "/a", "40755 0:0");
	assert_value(world, "/a/b", "40755 0:0");
}

static void link_cwd_upwards(void)
{
	world_must(symlink("../../../../outside", "/link"));
}

static void cwd_behind_a_symlink_stays_inside(void **state)
{
	struct world *world = *state;

	world->before = link_cwd_upwards;
	world->process.cwd = "/link/below";
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cwd", "/outside/below");
}

static void cwd_outside_of_the_root_is_refused(void **state)
{
	struct world *world = *state;

	world->outside = true;
	world->process.cwd = "/proc";
	world_run(world);

	assert_string_equal(world->error, "cannot enter /proc: getcwd: No such "
		"file or directory: it is not inside the root "
		"(plan item /process/cwd)");
}

static void magic_cwd_is_refused(void **state)
{
	struct world *world = *state;

	world->process.cwd = "/proc/self/cwd";
	world_run(world);

	assert_string_equal(world->error, "cannot make /proc/self/cwd: openat: "
		"Symbolic link loop: cwd is a magic link of a procfs "
		"(plan item /process/cwd)");
}

static void cwd_that_is_a_file_is_refused(void **state)
{
	struct world *world = *state;

	world->process.cwd = "/bin/show";
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_non_null(strstr(world->error, "cannot make /bin/show: "));
	assert_non_null(strstr(world->error, ": Not a directory"));
}

static void make_private_dir(void)
{
	world_must(mkdir("/private", 0700));
}

static void cwd_that_only_root_may_enter_is_entered(void **state)
{
	struct world *world = *state;

	world->before = make_private_dir;
	world->process.uid = 1000;
	world->process.cwd = "/private";
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cwd", "/private");
}

/* Root without power over files is what a FUSE or NFS may make of it. */
static void make_users_dir(void)
{
	world_must(mkdir("/users", 0700));
	world_must(chown("/users", 1000, 1000));
	give_up(BIT(DAC_OVERRIDE) | BIT(DAC_READ_SEARCH));
}

static void cwd_that_only_the_user_may_enter_is_entered(void **state)
{
	struct world *world = *state;

	world->before = make_users_dir;
	world->process.uid = 1000;
	world->process.cwd = "/users";
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cwd", "/users");
}

static void cwd_that_neither_may_enter_is_blamed(void **state)
{
	struct world *world = *state;

	world->before = make_users_dir;
	world->process.uid = 1001;
	world->process.cwd = "/users";
	world_run(world);

	assert_string_equal(world->error, "cannot enter /users: fchdir: "
		"Permission denied (plan item /process/cwd)");
}

static const struct CMUnitTest tests[] = {
	TEST(limits_are_the_planned_ones),
	TEST(each_of_the_sixteen_limits_is_known),
	TEST(limit_that_may_not_be_raised_is_blamed),
	TEST(no_descriptor_left_is_no_obstacle),
	TEST(oom_score_is_the_planned_one),
	TEST(oom_score_that_may_not_be_lowered_is_blamed),
	TEST(missing_cwd_is_made_as_root),
	TEST(cwd_behind_a_symlink_stays_inside),
	TEST(cwd_outside_of_the_root_is_refused),
	TEST(magic_cwd_is_refused),
	TEST(cwd_that_is_a_file_is_refused),
	TEST(cwd_that_only_root_may_enter_is_entered),
	TEST(cwd_that_only_the_user_may_enter_is_entered),
	TEST(cwd_that_neither_may_enter_is_blamed),
};

int main(void)
{
	return cmocka_run_group_tests_name("process_limits", tests, NULL, NULL);
}
