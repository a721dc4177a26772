/* plan: what a plan that is right becomes, and what it is without a key */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sched.h>
#include <sys/mount.h>

#include "plan_text.h"

static const char smallest[] = JSON(
	{"version": 1, "rootfs": {"path": "/rootfs"},
	 "process": {"args": ["/bin/true"]}});

static void a_plan_needs_three_keys(void **state)
{
	const struct plan *plan = plan_of(smallest);

	(void)state;
	assert_string_equal(plan->rootfs.path, "/rootfs");
	assert_int_equal(plan->rootfs.fd, -1);
	assert_false(plan->rootfs.readonly);
	assert_int_equal(plan->rootfs.propagation, MS_SLAVE | MS_REC);
	assert_int_equal(plan->namespaces, 0);
	assert_int_equal(plan->mount_count, 0);
	assert_null(plan->mount_label);
	assert_int_equal(plan->masked_paths.count, 0);
	assert_null(plan->masked_paths.items);
	assert_int_equal(plan->sysctl_count, 0);
	assert_null(plan->hostname);
	assert_int_equal(plan->create_container.count, 0);
	assert_null(plan->state.id);
	assert_string_equal(plan->process.args[0], "/bin/true");
}

static void white_space_around_it_is_allowed(void **state)
{
	(void)state;
	plan_of(" \n\t{\"version\" : 1,\r\n\"rootfs\": { \"path\":\"/r\" } , "
		"\"process\": {\"args\": [ \"a\" ]} } \n");
}

static void keys_for_annotations_are_ignored_everywhere(void **state)
{
	const struct plan *plan = plan_of(PLAN(
		"x-": 1.5e3, "x-a": {"b": [1, {"c": null}]},
		"sysctl": {"x-note": 1, "net.core.somaxconn": "256"},
		"mounts": [{"destination": "/tmp", "type": "tmpfs",
			    "x-owner": {"team": "a"}}],
		"hooks": {"x-": [], "createContainer": [
			{"path": "/bin/true", "x-why": "to see"}]},
		"sync": {"x-hooks": true}));

	(void)state;
	assert_int_equal(plan->mount_count, 1);
	assert_int_equal(plan->sysctl_count, 1);
	assert_string_equal(plan->sysctls[0].name, "net.core.somaxconn");
}

static void strings_are_kept_as_they_are(void **state)
{
	const struct plan *plan;

	(void)state;
	plan = plan_of("{\"version\": 1, \"rootfs\": {\"path\": "
		       "\"/\\u00e9\\ud83d\\ude00 \\\"\\\\\\/\\n\"}, "
		       "\"process\": {\"args\": [\"a\", \"\", \"b\"]}}");

	assert_string_equal(plan->rootfs.path,
			    "/\xc3\xa9\xf0\x9f\x98\x80 \"\\/\n");
	assert_string_equal(plan->process.args[1], "");
	assert_string_equal(plan->process.args[2], "b");
	assert_null(plan->process.args[3]);
}

static void a_key_may_be_spelled_with_escapes(void **state)
{
	const struct plan *plan = plan_of(
		"{\"\\u0076ersion\": 1, \"rootfs\": {\"p\\u0061th\": \"/r\"}, "
		"\"process\": {\"args\": [\"a\"]}}");

	(void)state;
	assert_string_equal(plan->rootfs.path, "/r");
}

static void namespaces_become_clone_flags(void **state)
{
	const struct plan *plan = plan_of(JSON(
		{"version": 1, "rootfs": {"path": "/r"},
		 "process": {"args": ["a"]},
		 "namespaces": ["mount", "pid", "network", "ipc", "uts",
				"user", "cgroup", "time"]}));

	(void)state;
	assert_int_equal(plan->namespaces,
			 CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
			 CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWUSER |
			 CLONE_NEWCGROUP | CLONE_NEWTIME);
}

static void the_root_is_switched_as_the_namespaces_allow(void **state)
{
	(void)state;
	assert_int_equal(plan_of(PLAN("x-": 0))->rootfs.how, SWITCH_PIVOT);
	assert_int_equal(plan_of(smallest)->rootfs.how, SWITCH_CHROOT);
	assert_int_equal(plan_of(JSON(
		{"version": 1, "rootfs": {"path": "/r", "switch": "move"},
		 "namespaces": ["mount"], "process": {"args": ["a"]}})
		)->rootfs.how, SWITCH_MOVE);
	assert_int_equal(plan_of(JSON(
		{"version": 1, "rootfs": {"path": "/r", "switch": "chroot"},
		 "process": {"args": ["a"]}}))->rootfs.how, SWITCH_CHROOT);
}

static void the_rootfs_may_be_a_descriptor(void **state)
{
	const struct plan *plan = plan_of(JSON(
		{"version": 1, "rootfs": {"fd": 0, "readonly": true,
					  "propagation": "unbindable",
					  "switch": "pivot"},
		 "namespaces": ["mount"], "process": {"args": ["a"]}}));

	(void)state;
	assert_null(plan->rootfs.path);
	assert_int_equal(plan->rootfs.fd, 0);
	assert_true(plan->rootfs.readonly);
	assert_int_equal(plan->rootfs.propagation, MS_UNBINDABLE);
	assert_int_equal(plan->rootfs.how, SWITCH_PIVOT);
}

static void all_eight_propagations_are_known(void **state)
{
	static const struct {
		const char *text;
		uint32_t flags;
	} words[] = {
#define WORD(word) \
	JSON({"version": 1, "process": {"args": ["a"]}, \
	      "namespaces": ["mount"], \
	      "rootfs": {"path": "/r", "propagation": word}})
		{ WORD("private"), MS_PRIVATE },
		{ WORD("rprivate"), MS_PRIVATE | MS_REC },
		{ WORD("slave"), MS_SLAVE },
		{ WORD("rslave"), MS_SLAVE | MS_REC },
		{ WORD("shared"), MS_SHARED },
		{ WORD("rshared"), MS_SHARED | MS_REC },
		{ WORD("unbindable"), MS_UNBINDABLE },
		{ WORD("runbindable"), MS_UNBINDABLE | MS_REC },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_equal(plan_of(words[i].text)->rootfs.propagation,
				 words[i].flags);
}

static struct reading *reading_for(const char *text, bool has_sync,
				   bool check_only)
{
	return reading_of_bytes(text, strlen(text),
				(struct plan_use){ .has_sync = has_sync,
						   .check_only = check_only });
}

static void with_a_parent_its_hooks_are_waited_for(void **state)
{
	struct plan *plan;

	(void)state;
	assert_true(plan_of(smallest)->sync.hooks);
	assert_false(reading_for(smallest, false, false)->plan.sync.hooks);

	plan = plan_of(PLAN("sync": {"hooks": false, "start": true}));
	assert_false(plan->sync.hooks);
	assert_true(plan->sync.start);
	assert_false(plan->sync.progress);
}

static void without_a_parent_nothing_waits_for_it(void **state)
{
	static const char all[] =
		PLAN("sync": {"hooks": true, "start": true, "progress": true});
	struct reading *reading = reading_for(all, false, false);

	(void)state;
	assert_string_equal(reading->told,
		"/sync/hooks: needs a parent to talk to: --sync-fd or "
		"--socket-fd\n"
		"/sync/start: needs a parent to talk to: --sync-fd or "
		"--socket-fd\n"
		"/sync/progress: needs a parent to talk to: --sync-fd or "
		"--socket-fd\n");
	assert_string_equal(reading_for(PLAN("sync": {"hooks": false}), false,
					false)->told, "");
	assert_string_equal(reading_for(all, false, true)->told, "");
}

static void for_a_check_the_process_may_be_missing(void **state)
{
	static const char text[] =
		JSON({"version": 1, "rootfs": {"path": "/r"}});

	(void)state;
	assert_string_equal(reading_for(text, false, true)->told, "");
	assert_string_equal(reading_for(text, true, false)->told,
			    ": lacks \"process\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_needs_three_keys),
		cmocka_unit_test(white_space_around_it_is_allowed),
		cmocka_unit_test(keys_for_annotations_are_ignored_everywhere),
		cmocka_unit_test(strings_are_kept_as_they_are),
		cmocka_unit_test(a_key_may_be_spelled_with_escapes),
		cmocka_unit_test(namespaces_become_clone_flags),
		cmocka_unit_test(the_root_is_switched_as_the_namespaces_allow),
		cmocka_unit_test(the_rootfs_may_be_a_descriptor),
		cmocka_unit_test(all_eight_propagations_are_known),
		cmocka_unit_test(with_a_parent_its_hooks_are_waited_for),
		cmocka_unit_test(without_a_parent_nothing_waits_for_it),
		cmocka_unit_test(for_a_check_the_process_may_be_missing),
	};

	return cmocka_run_group_tests(tests, NULL, reading_free);
}
