/* process: which file the target is, and why it could not be become */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

#define assert_value(world, key, value) \
	assert_string_equal(world_value(world, key), value)

#define PLAN_ARGS(world, ...) \
	((world)->process.args = (char *[]){ __VA_ARGS__, NULL })
#define PLAN_ENV(world, ...) \
	((world)->process.env = (struct strings){ \
		(char *[]){ __VA_ARGS__, NULL }, \
		COUNT(((char *[]){ __VA_ARGS__ })) })

/* Each of them holds a program of the same name, or one that is no use. */
static void make_folders(void)
{
	world_must(mkdir("/one", 0755));
	world_must(mkdir("/two", 0755));
	world_must(mkdir("/closed", 0700));
	world_must(mkdir("/one/folder", 0755));
	world_file("/one/show", "#!/bin/show ids\n", 0644);
	world_file("/two/show", "#!/bin/show env\n", 0755);
	world_file("/two/folder", "#!/bin/show\n", 0644);
	world_file("/two/broken", "#!/bin/nothing\n", 0755);
	world_file("/two/text", "neither this nor that\n", 0755);
	world_file("/two/plain", "#!/bin/show\n", 0644);
	world_file("/closed/hidden", "#!/bin/show\n", 0755);
}

static void args_and_env_are_the_planned_ones(void **state)
{
	struct world *world = *state;

	PLAN_ARGS(world, "/bin/show", "env", "a b", "");
	PLAN_ENV(world, "A=1", "B=", "A=2", "HOME=/a");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_string_equal(world->output, "arg 0 /bin/show\narg 1 env\n"
			    "arg 2 a b\narg 3 \n"
			    "env A=1\nenv B=\nenv A=2\nenv HOME=/a\n");
}

static void nothing_of_the_parents_env_comes_through(void **state)
{
	struct world *world = *state;

	PLAN_ARGS(world, "/bin/show", "env");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_string_equal(world->output, "arg 0 /bin/show\narg 1 env\n"
			    "env HOME=/\n");
}

static void name_is_looked_up_in_the_path_of_env(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	PLAN_ARGS(world, "show");
	PLAN_ENV(world, "PATH=/nowhere:/bin/show:/two:/bin");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "arg 2", "/two/show");
}

static void last_path_of_env_counts(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	PLAN_ARGS(world, "show");
	PLAN_ENV(world, "PATH=/one", "PATH=/two", "PATHS=/one");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "arg 2", "/two/show");
}

static void name_without_a_path_is_looked_up_where_it_is_usual(void **state)
{
	struct world *world = *state;

	PLAN_ARGS(world, "show", "env");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "arg 0", "show");
}

static void empty_directory_of_path_is_the_working_directory(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	world->process.cwd = "/two";
	PLAN_ARGS(world, "show");
	PLAN_ENV(world, "PATH=/one:");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "arg 2", "show");
}

static void path_with_a_slash_starts_at_the_working_directory(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	world->process.cwd = "/two";
	PLAN_ARGS(world, "./show");
	PLAN_ENV(world, "PATH=/bin");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "arg 2", "./show");
}

static void what_may_not_be_executed_is_passed_over(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	world->process.uid = 1000;
	PLAN_ARGS(world, "show");
	PLAN_ENV(world, "PATH=/closed:/one:/two");
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "arg 2", "/two/show");
}

static void name_that_is_nowhere_is_not_found(void **state)
{
	struct world *world = *state;

	PLAN_ARGS(world, "nothing");
	PLAN_ENV(world, "PATH=/bin:/sbin");
	world_run(world);

	assert_int_equal(world->status, EXIT_NOT_FOUND);
	assert_string_equal(world->error, "cannot execute nothing: execve: No "
		"such file or directory: no directory of PATH has it: "
		"/bin:/sbin (plan item /process/args/0)");
}

static void missing_file_is_not_found(void **state)
{
	struct world *world = *state;

	PLAN_ARGS(world, "/bin/nothing");
	world_run(world);

	assert_int_equal(world->status, EXIT_NOT_FOUND);
	assert_string_equal(world->error, "cannot execute /bin/nothing: "
		"execve: No such file or directory "
		"(plan item /process/args/0)");
}

static void overlong_name_is_not_found(void **state)
{
	struct world *world = *state;
	char name[5000];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	PLAN_ARGS(world, name);
	world_run(world);
	assert_int_equal(world->status, EXIT_NOT_FOUND);

	name[0] = '/';
	world_run(world);
	assert_int_equal(world->status, EXIT_NOT_FOUND);
}

/* Run args[0] in PATH=/one:/two and expect 126 with the end of a sentence. */
static void assert_not_executable(struct world *world, char *name,
				  const char *sentence)
{
	PLAN_ENV(world, "PATH=/one:/two");
	PLAN_ARGS(world, name);
	world_run(world);

	assert_string_equal(world->error, sentence);
	assert_int_equal(world->status, EXIT_NOT_EXECUTABLE);
}

static void directory_is_no_program(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	assert_not_executable(world, "folder", "cannot execute folder: "
		"execve: Permission denied: /one/folder; it is not a regular "
		"file (plan item /process/args/0)");
}

static void file_without_execute_permission_is_no_program(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	assert_not_executable(world, "/two/plain", "cannot execute /two/plain: "
		"execve: Permission denied; nobody has execute permission "
		"(plan item /process/args/0)");
}

static void missing_interpreter_is_not_a_missing_file(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	assert_not_executable(world, "broken", "cannot execute broken: "
		"execve: No such file or directory: /two/broken; its "
		"interpreter /bin/nothing is not there "
		"(plan item /process/args/0)");
}

static void text_is_no_program(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	assert_not_executable(world, "text", "cannot execute text: execve: "
		"Exec format error: /two/text; it is neither a program for "
		"this machine nor a script that starts with #! "
		"(plan item /process/args/0)");
}

static void closed_directory_is_told(void **state)
{
	struct world *world = *state;

	world->before = make_folders;
	world->process.uid = 1000;
	assert_not_executable(world, "/closed/hidden", "cannot execute "
		"/closed/hidden: execve: Permission denied; this user may not "
		"search a directory on the way to it "
		"(plan item /process/args/0)");
}

static void forbid_exec(void)
{
	make_folders();
	world_must(mount("/two", "/two", NULL, MS_BIND, NULL));
	world_must(mount(NULL, "/two", NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC,
			 NULL));
}

static void mount_with_noexec_is_told(void **state)
{
	struct world *world = *state;

	world->before = forbid_exec;
	assert_not_executable(world, "/two/show", "cannot execute /two/show: "
		"execve: Permission denied; it lies on a mount with noexec "
		"(plan item /process/args/0)");
}

/* What a hostile image has as its program: CVE-2019-5736. */
static void link_to_shim(void)
{
	make_folders();
	world_must(symlink("/proc/self/exe", "/one/init"));
}

static void file_of_the_shim_is_no_target(void **state)
{
	struct world *world = *state;

	world->before = link_to_shim;
	assert_not_executable(world, "init", "cannot execute init: /one/init "
		"is the file that the shim runs from "
		"(plan item /process/args/0)");
	assert_not_executable(world, "/proc/self/exe", "cannot execute "
		"/proc/self/exe: /proc/self/exe is the file that the shim "
		"runs from (plan item /process/args/0)");
}

static const struct CMUnitTest tests[] = {
	TEST(args_and_env_are_the_planned_ones),
	TEST(nothing_of_the_parents_env_comes_through),
	TEST(name_is_looked_up_in_the_path_of_env),
	TEST(last_path_of_env_counts),
	TEST(name_without_a_path_is_looked_up_where_it_is_usual),
	TEST(empty_directory_of_path_is_the_working_directory),
	TEST(path_with_a_slash_starts_at_the_working_directory),
	TEST(what_may_not_be_executed_is_passed_over),
	TEST(name_that_is_nowhere_is_not_found),
	TEST(missing_file_is_not_found),
	TEST(overlong_name_is_not_found),
	TEST(directory_is_no_program),
	TEST(file_without_execute_permission_is_no_program),
	TEST(missing_interpreter_is_not_a_missing_file),
	TEST(text_is_no_program),
	TEST(closed_directory_is_told),
	TEST(mount_with_noexec_is_told),
	TEST(file_of_the_shim_is_no_target),
};

int main(void)
{
	return cmocka_run_group_tests_name("process_exec", tests, NULL, NULL);
}
