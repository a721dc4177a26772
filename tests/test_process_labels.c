/*
 * process_labels: the session keyring, and labels as far as a machine without
 * a security module can tell; with one: scripts/test-vm.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

#define assert_value(world, key, value) \
	assert_string_equal(world_value(world, key), value)

#define PLAN_ARGS(world, ...) \
	((world)->process.args = (char *[]){ __VA_ARGS__, NULL })

#define LABEL "system_u:system_r:container_t:s0:c1,c2"

/* A parent with a session of its own, and a secret in it. */
static void have_a_secret(void)
{
	world_must(syscall(SYS_keyctl, 1L, NULL));
	world_must(syscall(SYS_add_key, "user", "secret", "x", 1UL, -3L));
}

static void need_keys(void)
{
	if (syscall(SYS_keyctl, 6L, -3L, NULL, 0UL) >= 0 || errno == ENOKEY)
		return;
	print_message("skipped: keyctl(2): %s\n", strerror(errno));
	skip();
}

static void session_keyring_is_inherited_where_none_is_planned(void **state)
{
	struct world *world = *state;

	need_keys();
	world->before = have_a_secret;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "session_secret", "yes");
}

static void session_keyring_is_new_and_without_a_name(void **state)
{
	struct world *world = *state;

	need_keys();
	world->before = have_a_secret;
	world->process.session_keyring = true;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "session_secret", "Required key not available");
	assert_value(world, "session_keyring", "keyring;0;0;3f030000;_ses");
}

static void session_keyring_is_for_every_user(void **state)
{
	struct world *world = *state;

	need_keys();
	world->before = have_a_secret;
	world->users = WORLD_MAPPED;
	world->process.uid = 1000;
	world->process.gid = 1000;
	world->process.session_keyring = true;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "session_secret", "Required key not available");
	assert_value(world, "session_keyring", "keyring;0;0;3f030000;_ses");
}

/* Files in the place of a procfs: what is written stays, and is no label. */
static void make_attributes(const char *before)
{
	world_must(mkdir("/fake", 0755));
	world_must(mkdir("/fake/7", 0755));
	world_must(mkdir("/fake/7/attr", 0755));
	world_must(symlink("7", "/fake/self"));
	world_file("/fake/7/attr/exec", before, 0644);
	world_file("/fake/7/attr/keycreate", "", 0644);
}

static void make_empty_attributes(void)
{
	make_attributes("");
}

static void make_other_attributes(void)
{
	make_attributes(LABEL ",and:more");
}

static void make_categories_in_order(void)
{
	make_attributes("system_u:system_r:other_t:s0:c1.c3");
}

static void label_is_written_for_the_next_exec(void **state)
{
	struct world *world = *state;

	PLAN_ARGS(world, "/bin/show", "read", "/fake/7/attr/exec",
		  "/fake/7/attr/keycreate");
	world->before = make_empty_attributes;
	world->proc = "/fake";
	world->process.selinux_label = LABEL;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "read /fake/7/attr/exec", LABEL);
	assert_value(world, "read /fake/7/attr/keycreate", "");
}

static void keyring_has_the_label_of_the_process(void **state)
{
	struct world *world = *state;

	need_keys();
	PLAN_ARGS(world, "/bin/show", "read", "/fake/7/attr/keycreate");
	world->before = make_empty_attributes;
	world->proc = "/fake";
	world->process.selinux_label = LABEL;
	world->process.session_keyring = true;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "read /fake/7/attr/keycreate", LABEL);
}

static void levels_may_read_otherwise(void **state)
{
	struct world *world = *state;

	world->before = make_other_attributes;
	world->proc = "/fake";
	world->process.selinux_label = LABEL;
	world_run(world);

	assert_string_equal(world->error, "");
}

static void label_that_reads_otherwise_is_refused(void **state)
{
	struct world *world = *state;

	world->before = make_categories_in_order;
	world->proc = "/fake";
	world->process.selinux_label = "system_u:system_r";
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot set the label "
		"system_u:system_r: the kernel took it, and says "
		"\"system_u:system_r:other_t:s0:c1.c3\" "
		"(plan item /process/selinuxLabel)");
}

static void profile_that_reads_otherwise_is_refused(void **state)
{
	struct world *world = *state;

	world->before = make_empty_attributes;
	world->proc = "/fake";
	world->process.apparmor_profile = "box";
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot set the profile box: the "
		"kernel took it, and says \"exec box\" "
		"(plan item /process/apparmorProfile)");
}

static void profile_without_a_name_is_refused(void **state)
{
	struct world *world = *state;

	world->before = make_empty_attributes;
	world->proc = "/fake";
	world->process.apparmor_profile = "&";
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot set the profile &: the "
		"kernel took it, and says \"exec &\" "
		"(plan item /process/apparmorProfile)");
}

static void need_no_module(void)
{
	char text[256];
	FILE *file = fopen("/proc/self/attr/exec", "re");
	size_t length = file ? fread(text, 1, sizeof(text), file) : 0;
	int error = file && ferror(file);

	if (file)
		fclose(file);
	if (error && !length)
		return;
	print_message("skipped: this kernel runs a security module\n");
	skip();
}

static void label_is_an_error_without_a_module(void **state)
{
	struct world *world = *state;

	need_no_module();
	world->process.selinux_label = LABEL;
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot set the label " LABEL
		": write: Invalid argument; the SELinux policy has no such "
		"label, or the kernel runs without SELinux "
		"(plan item /process/selinuxLabel)");
}

static void profile_is_an_error_without_a_module(void **state)
{
	struct world *world = *state;

	need_no_module();
	world->process.apparmor_profile = "box";
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot set the profile box: write: "
		"Invalid argument; the kernel runs without AppArmor "
		"(plan item /process/apparmorProfile)");
}

static const struct CMUnitTest tests[] = {
	TEST(session_keyring_is_inherited_where_none_is_planned),
	TEST(session_keyring_is_new_and_without_a_name),
	TEST(session_keyring_is_for_every_user),
	TEST(label_is_written_for_the_next_exec),
	TEST(keyring_has_the_label_of_the_process),
	TEST(levels_may_read_otherwise),
	TEST(label_that_reads_otherwise_is_refused),
	TEST(profile_that_reads_otherwise_is_refused),
	TEST(profile_without_a_name_is_refused),
	TEST(label_is_an_error_without_a_module),
	TEST(profile_is_an_error_without_a_module),
};

int main(void)
{
	return cmocka_run_group_tests_name("process_labels", tests, NULL, NULL);
}
