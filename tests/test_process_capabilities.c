/* process: the five capability sets, each as planned (capabilities(7)) */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include <cmocka.h>

#include "kernel/task.h"
#include "world.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

#define assert_value(world, key, value) \
	assert_string_equal(world_value(world, key), value)

#define BIT(capability) ((uint64_t)1 << (capability))
#define CHOWN 0
#define KILL 5
#define SETPCAP 8
#define NET_RAW 13
#define NONE "0000000000000000"

static void plan_caps(struct world *world, uint64_t bounding,
		      uint64_t permitted, uint64_t inheritable,
		      uint64_t ambient)
{
	uint64_t *sets = world->process.capabilities;

	sets[CAPS_BOUNDING] = bounding;
	sets[CAPS_EFFECTIVE] = permitted;
	sets[CAPS_PERMITTED] = permitted;
	sets[CAPS_INHERITABLE] = inheritable;
	sets[CAPS_AMBIENT] = ambient;
}

static void plan_without_any_leaves_none(void **state)
{
	struct world *world = *state;

	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_bounding", NONE);
	assert_value(world, "cap_permitted", NONE);
	assert_value(world, "cap_effective", NONE);
	assert_value(world, "cap_inheritable", NONE);
	assert_value(world, "cap_ambient", NONE);
}

static void root_has_the_planned_ones(void **state)
{
	struct world *world = *state;
	uint64_t both = BIT(CHOWN) | BIT(NET_RAW);

	plan_caps(world, both, both, BIT(CHOWN), BIT(CHOWN));
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_bounding", "0000000000002001");
	assert_value(world, "cap_permitted", "0000000000002001");
	assert_value(world, "cap_effective", "0000000000002001");
	assert_value(world, "cap_inheritable", "0000000000000001");
	assert_value(world, "cap_ambient", "0000000000000001");
}

static void user_keeps_the_ambient_ones(void **state)
{
	struct world *world = *state;
	uint64_t both = BIT(CHOWN) | BIT(NET_RAW);

	world->process.uid = 1000;
	plan_caps(world, both, both, both, BIT(NET_RAW));
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "uid", "1000 1000 1000");
	assert_value(world, "cap_bounding", "0000000000002001");
	assert_value(world, "cap_permitted", "0000000000002000");
	assert_value(world, "cap_effective", "0000000000002000");
	assert_value(world, "cap_inheritable", "0000000000002001");
	assert_value(world, "cap_ambient", "0000000000002000");
}

static void ask_now(void)
{
	struct task_capabilities held;
	struct failure why;

	world_must(task_get_capabilities(&held, &why));
	printf("now %llx %llx %llx\n", (unsigned long long)held.permitted,
	       (unsigned long long)held.effective,
	       (unsigned long long)held.inheritable);
	fflush(stdout);
}

static void startcontainer_hooks_of_a_user_hold_the_permitted(void **state)
{
	struct world *world = *state;

	world->process.uid = 1000;
	world->instead = ask_now;
	plan_caps(world, BIT(KILL), BIT(KILL), 0, 0);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "now", "20 20 0");
}

/* What a careless parent hands down: CVE-2022-29162 and its kin. */
static void inherit_capabilities(void)
{
	struct task_capabilities held;
	struct failure why;

	world_must(task_get_capabilities(&held, &why));
	held.inheritable = BIT(CHOWN) | BIT(KILL) | BIT(NET_RAW);
	world_must(task_set_capabilities(&held, &why));
	world_must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, KILL, 0, 0));
	world_must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CHOWN, 0, 0));
}

static void inherited_ones_are_gone(void **state)
{
	struct world *world = *state;

	world->before = inherit_capabilities;
	plan_caps(world, BIT(KILL), BIT(KILL), 0, 0);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_permitted", "0000000000000020");
	assert_value(world, "cap_inheritable", NONE);
	assert_value(world, "cap_ambient", NONE);
}

static void inherited_ambient_ones_are_gone_from_a_user(void **state)
{
	struct world *world = *state;
	uint64_t both = BIT(KILL) | BIT(CHOWN);

	world->process.uid = 1000;
	world->before = inherit_capabilities;
	plan_caps(world, both, both, both, BIT(CHOWN));
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_inheritable", "0000000000000021");
	assert_value(world, "cap_ambient", "0000000000000001");
	assert_value(world, "cap_effective", "0000000000000001");
}

static void inherited_ambient_ones_are_gone_from_root_too(void **state)
{
	struct world *world = *state;
	uint64_t both = BIT(KILL) | BIT(CHOWN);

	world->before = inherit_capabilities;
	plan_caps(world, both, both, both, BIT(CHOWN));
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_ambient", "0000000000000001");
}

/* As in the sample that "runc spec" writes, and as in runc. */
static void ambient_ones_that_are_not_inheritable_are_void(void **state)
{
	struct world *world = *state;

	plan_caps(world, BIT(KILL), BIT(KILL), 0, BIT(KILL));
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_ambient", NONE);
}

static void give_up_net_raw(void)
{
	struct task_capabilities held;
	struct failure why;

	world_must(task_get_capabilities(&held, &why));
	held.permitted &= ~BIT(NET_RAW);
	held.effective &= ~BIT(NET_RAW);
	world_must(task_set_capabilities(&held, &why));
}

static void permitted_one_that_is_not_held_is_named(void **state)
{
	struct world *world = *state;

	world->before = give_up_net_raw;
	plan_caps(world, BIT(NET_RAW), BIT(KILL) | BIT(NET_RAW), 0, 0);
	world_run(world);

	assert_int_equal(world->status, EXIT_SHIM);
	assert_string_equal(world->error, "cannot grant CAP_NET_RAW: the shim "
		"does not hold it "
		"(plan item /process/capabilities/permitted)");
}

static void bounding_one_need_not_be_held(void **state)
{
	struct world *world = *state;

	world->process.uid = 1000;
	world->before = give_up_net_raw;
	plan_caps(world, BIT(NET_RAW), 0, 0, 0);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_bounding", "0000000000002000");
}

static void unbind_net_raw(void)
{
	give_up_net_raw();
	world_must(prctl(PR_CAPBSET_DROP, NET_RAW, 0, 0, 0));
}

static void bounding_one_that_the_parent_dropped_is_named(void **state)
{
	struct world *world = *state;

	world->before = unbind_net_raw;
	plan_caps(world, BIT(NET_RAW), 0, 0, 0);
	world_run(world);

	assert_string_equal(world->error, "cannot grant CAP_NET_RAW: the "
		"shim's own bounding set lacks it "
		"(plan item /process/capabilities/bounding)");
}

static void unknown_one_is_told_apart(void **state)
{
	struct world *world = *state;

	plan_caps(world, BIT(62), 0, 0, 0);
	world_run(world);

	assert_string_equal(world->error, "cannot grant: this kernel does not "
		"know it (plan item /process/capabilities/bounding)");
}

static void effective_one_must_be_permitted(void **state)
{
	struct world *world = *state;

	plan_caps(world, BIT(KILL), BIT(KILL), 0, 0);
	world->process.capabilities[CAPS_EFFECTIVE] |= BIT(CHOWN);
	world_run(world);

	assert_string_equal(world->error, "cannot grant CAP_CHOWN: it is not "
		"among the permitted ones "
		"(plan item /process/capabilities/effective)");
}

static void inheritable_one_must_be_bounding(void **state)
{
	struct world *world = *state;

	plan_caps(world, BIT(KILL), BIT(KILL), BIT(CHOWN), 0);
	world_run(world);

	assert_string_equal(world->error, "cannot grant CAP_CHOWN: it is not "
		"among the bounding ones "
		"(plan item /process/capabilities/inheritable)");
}

static void give_up_setpcap(void)
{
	struct task_capabilities held;
	struct failure why;

	world_must(task_get_capabilities(&held, &why));
	held.effective &= ~BIT(SETPCAP);
	world_must(task_set_capabilities(&held, &why));
}

static void bounding_set_takes_setpcap(void **state)
{
	struct world *world = *state;

	world->before = give_up_setpcap;
	plan_caps(world, BIT(CHOWN), BIT(CHOWN), 0, 0);
	world_run(world);

	assert_string_equal(world->error, "cannot drop CAP_DAC_OVERRIDE: "
		"prctl: Operation not permitted; it takes CAP_SETPCAP "
		"(plan item /process/capabilities/bounding)");
}

static void root_of_a_user_namespace_has_the_planned_ones(void **state)
{
	struct world *world = *state;
	uint64_t both = BIT(CHOWN) | BIT(NET_RAW);

	world->users = WORLD_MAPPED;
	plan_caps(world, both, both, 0, 0);
	world_run(world);

	assert_string_equal(world->error, "");
	assert_value(world, "cap_bounding", "0000000000002001");
	assert_value(world, "cap_permitted", "0000000000002001");
	assert_value(world, "cap_effective", "0000000000002001");
	assert_value(world, "cap_inheritable", NONE);
}

static const struct CMUnitTest tests[] = {
	TEST(plan_without_any_leaves_none),
	TEST(root_has_the_planned_ones),
	TEST(user_keeps_the_ambient_ones),
	TEST(startcontainer_hooks_of_a_user_hold_the_permitted),
	TEST(inherited_ones_are_gone),
	TEST(inherited_ambient_ones_are_gone_from_a_user),
	TEST(inherited_ambient_ones_are_gone_from_root_too),
	TEST(ambient_ones_that_are_not_inheritable_are_void),
	TEST(permitted_one_that_is_not_held_is_named),
	TEST(bounding_one_need_not_be_held),
	TEST(bounding_one_that_the_parent_dropped_is_named),
	TEST(unknown_one_is_told_apart),
	TEST(effective_one_must_be_permitted),
	TEST(inheritable_one_must_be_bounding),
	TEST(bounding_set_takes_setpcap),
	TEST(root_of_a_user_namespace_has_the_planned_ones),
};

int main(void)
{
	return cmocka_run_group_tests_name("process_capabilities", tests, NULL,
					   NULL);
}
