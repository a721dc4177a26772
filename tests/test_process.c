/* process: what the target is given, and nothing that came from the parent */

#include "process/process.h"

#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

#define assert_value(world, key, value) \
	assert_string_equal(world_value(world, key), value)

static void inherit_groups(void)
{
	static const gid_t inherited[] = { 27, 44 };

	world_must(setgroups(COUNT(inherited), inherited));
}

static void user_and_group_are_real_effective_and_saved(void **state)
{
	struct world *world = *state;

	world->process.uid = 1000;
	world->process.gid = 100;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "uid", "1000 1000 1000");
	assert_value(world, "gid", "100 100 100");
	assert_value(world, "all_uids", "1000\t1000\t1000\t1000");
	assert_value(world, "all_gids", "100\t100\t100\t100");
}

static void groups_are_the_planned_ones(void **state)
{
	struct world *world = *state;
	gid_t planned[] = { 5, 2000, 70000 };

	world->before = inherit_groups;
	world->process.groups = planned;
	world->process.group_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "groups", "5 2000 70000");
}

static void inherited_groups_are_dropped(void **state)
{
	struct world *world = *state;

	world->before = inherit_groups;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "groups", "");
}

static void unmapped_user_is_blamed(void **state)
{
	struct world *world = *state;

	world->users = WORLD_MAPPED;
	world->process.uid = 70000;
	world_run(world);

	assert_string_equal(world->error, "cannot become the user: setresuid: "
		"Invalid argument: uid 70000 is not mapped in this user "
		"namespace (plan item /process/user/uid)");
}

static void unmapped_group_is_blamed(void **state)
{
	struct world *world = *state;

	world->users = WORLD_MAPPED;
	world->process.gid = 70000;
	world_run(world);

	assert_string_equal(world->error, "cannot become the group: setresgid: "
		"Invalid argument: gid 70000 is not mapped in this user "
		"namespace (plan item /process/user/gid)");
}

static void unmapped_additional_group_is_blamed(void **state)
{
	struct world *world = *state;
	gid_t planned[] = { 5, 70000 };

	world->users = WORLD_MAPPED;
	world->process.groups = planned;
	world->process.group_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "cannot set the additional groups: "
		"setgroups: Invalid argument; one of them is not mapped in "
		"this user namespace (plan item /process/user/additionalGids)");
}

static void mapped_user_drops_inherited_groups(void **state)
{
	struct world *world = *state;

	world->users = WORLD_MAPPED;
	world->process.uid = 1000;
	world->process.gid = 1000;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "uid", "1000 1000 1000");
	assert_value(world, "groups", "");
}

static void denied_setgroups_with_inherited_groups_is_fatal(void **state)
{
	struct world *world = *state;

	world->users = WORLD_DENIED;
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot set the additional groups: "
		"setgroups: Operation not permitted; this user namespace "
		"denies setgroups(2) (/proc/PID/setgroups; newgidmap(1) does "
		"not), and the inherited groups, 65534 where they have no "
		"number here, are not the planned ones "
		"(plan item /process/user/additionalGids)");
}

static void denied_setgroups_with_fewer_groups_is_fatal(void **state)
{
	struct world *world = *state;
	gid_t planned[] = { 5, 40000, 65534 };

	world->users = WORLD_DENIED;
	world->process.groups = planned;
	world->process.group_count = COUNT(planned);
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_non_null(strstr(world->error, "setgroups: Operation not"));
}

static void denied_setgroups_is_fine_where_groups_are_planned(void **state)
{
	struct world *world = *state;
	gid_t planned[] = { 65534 };

	world->users = WORLD_DENIED;
	world->process.gid = 40000;
	world->process.groups = planned;
	world->process.group_count = COUNT(planned);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "gid", "40000 40000 40000");
	assert_value(world, "groups", "40000 65534");
}

static void target_leads_a_session_of_its_own(void **state)
{
	struct world *world = *state;

	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "leads_session", "1");
}

static void lead_a_group(void)
{
	world_must(setpgid(0, 0));
}

static void leader_of_a_group_is_told_to_fork(void **state)
{
	struct world *world = *state;

	world->before = lead_a_group;
	world_run(world);

	assert_string_equal(world->error, "cannot start a session: setsid: "
		"Operation not permitted; the shim leads the process group of "
		"an interactive shell's job: have it forked, by unshare "
		"--fork or setsid(1)");
}

static void lead_a_session(void)
{
	world_must(setsid());
}

static void leader_of_a_session_keeps_it(void **state)
{
	struct world *world = *state;

	world->before = lead_a_session;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "leads_session", "1");
}

/* With the others, that a parent may have blocked, and libc's own. */
static const int ignored[] = { SIGHUP, SIGPIPE, SIGCHLD, 32, 33, 34, 64 };

static void ignore_signals(void)
{
	static const unsigned long ignore[8] = { (unsigned long)SIG_IGN };
	static const unsigned long all[2] = { ~0UL, ~0UL };
	size_t i;

	for (i = 0; i < COUNT(ignored); i++)
		world_must(syscall(SYS_rt_sigaction, ignored[i], ignore, NULL,
				   _NSIG / 8));
	world_must(syscall(SYS_rt_sigprocmask, SIG_SETMASK, all, NULL,
			   _NSIG / 8));
}

static void signals_are_default_and_unblocked(void **state)
{
	struct world *world = *state;

	world->before = ignore_signals;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "signals_ignored", "");
	assert_value(world, "signals_blocked", "");
}

static void hide_proc_and_ignore_signals(void)
{
	ignore_signals();
	world_must(umount2("/proc", MNT_DETACH));
}

static void signals_are_default_without_a_procfs(void **state)
{
	struct world *world = *state;

	world->before = hide_proc_and_ignore_signals;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "signals_ignored", "");
	assert_value(world, "signals_blocked", "");
}

static void new_privileges_are_forbidden_when_planned(void **state)
{
	struct world *world = *state;

	world->process.no_new_privileges = true;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "no_new_privs", "1");
}

static void new_privileges_are_left_when_not_planned(void **state)
{
	struct world *world = *state;

	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "no_new_privs", "0");
}

static void umask_is_the_planned_one(void **state)
{
	struct world *world = *state;

	world->process.umask = 0137;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "umask", "0137");
}

static void be_undumpable(void)
{
	world_must(prctl(PR_SET_DUMPABLE, 0));
}

static void say_dumpable(void)
{
	printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
	fflush(stdout);
}

static void shim_stays_undumpable(void **state)
{
	struct world *world = *state;

	world->before = be_undumpable;
	world->instead = say_dumpable;
	world->process.uid = 1000;
	world->process.gid = 1000;
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "dumpable", "0");
}

static const struct CMUnitTest tests[] = {
	TEST(user_and_group_are_real_effective_and_saved),
	TEST(groups_are_the_planned_ones),
	TEST(inherited_groups_are_dropped),
	TEST(unmapped_user_is_blamed),
	TEST(unmapped_group_is_blamed),
	TEST(unmapped_additional_group_is_blamed),
	TEST(mapped_user_drops_inherited_groups),
	TEST(denied_setgroups_with_inherited_groups_is_fatal),
	TEST(denied_setgroups_with_fewer_groups_is_fatal),
	TEST(denied_setgroups_is_fine_where_groups_are_planned),
	TEST(target_leads_a_session_of_its_own),
	TEST(leader_of_a_group_is_told_to_fork),
	TEST(leader_of_a_session_keeps_it),
	TEST(signals_are_default_and_unblocked),
	TEST(signals_are_default_without_a_procfs),
	TEST(new_privileges_are_forbidden_when_planned),
	TEST(new_privileges_are_left_when_not_planned),
	TEST(umask_is_the_planned_one),
	TEST(shim_stays_undumpable),
};

int main(void)
{
	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
