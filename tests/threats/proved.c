/* proved: rows that a test of a room replays as well as the whole could */

#include "threats.h"

const struct threat proved_threats[] = {
	{ "P16", "relabelling; the labels are attributes of a filesystem, for "
	  "want of a security module", NULL,
	  "test_relabel:symlinks_are_labelled_and_not_followed;"
	  "test_relabel:system_directory_is_known_by_its_inode;"
	  "test_relabel:directory_swapped_with_a_link_leads_nowhere" },
	{ "D05", "hostile pts and ptmx", NULL,
	  "test_terminal_hostile:ptmx_of_the_image_is_not_opened;"
	  "test_terminal_hostile:link_at_pts_is_no_devpts" },
	{ "D08", "EBUSY where it becomes read-only", NULL,
	  "test_finalize:root_that_is_written_to_cannot_become_read_only;"
	  "test_finalize:root_written_to_for_a_moment_becomes_read_only" },
	{ "D09", "lists of masked paths with gaps", NULL,
	  "test_masks:path_that_is_listed_twice_is_masked;"
	  "test_masks:path_below_a_masked_one_is_gone" },
	{ "D10", "a cgroup that can be written to", NULL,
	  "test_cgroup2:readonly_holds_for_all_below_the_bound_one;"
	  "test_cgroup2:refused_one_is_readonly_where_the_plan_says_rw;"
	  "test_cgroup:readonly_holds_for_binds_and_all_below" },
	{ "D11", "a chroot where a pivot was due", NULL,
	  "test_switch:move_leaves_no_other_proc_or_sysfs;"
	  "test_mounts:proc_of_another_pid_namespace_is_refused" },
	{ "W02", "sysctls of the host", NULL,
	  "test_plan_faults:a_bad_plan_is_blamed" },
	{ "W04", "labels that applied to nothing; a file stands in for the "
	  "security module", NULL,
	  "test_process_labels:label_that_reads_otherwise_is_refused;"
	  "test_process_labels:label_is_an_error_without_a_module" },
	{ "I04", "descriptors that leak into commands", NULL,
	  "test_commands:it_gets_what_is_planned_and_nothing_else" },
	{ "I05", "capabilities that were not planned", NULL,
	  "test_process_capabilities:inherited_ones_are_gone;"
	  "test_process_capabilities:"
	  "inherited_ambient_ones_are_gone_from_root_too" },
	{ "I06", "groups that were not planned", NULL,
	  "test_process:inherited_groups_are_dropped;"
	  "test_process:groups_are_the_planned_ones" },
	{ "I07", "somebody else's terminal", NULL,
	  "test_process:target_leads_a_session_of_its_own" },
	{ "I08", "a parent that dies", NULL,
	  "test_liveness:a_parent_that_dies_takes_the_shim_along;"
	  "test_commands:it_is_killed_when_the_parent_goes" },
	{ "I11", "messages that are forged or too long", NULL,
	  "test_sync:a_message_is_bounded;"
	  "test_sync:an_unexpected_message_is_quoted" },
	{ "I12", "env, umask and keyring that were inherited", NULL,
	  "test_process_exec:nothing_of_the_parents_env_comes_through;"
	  "test_process:umask_is_the_planned_one;"
	  "test_process_labels:session_keyring_is_new_and_without_a_name" },
	{ "I13", "setgroups(2), where it is denied", NULL,
	  "test_process:denied_setgroups_with_inherited_groups_is_fatal" },
	{ "I14", "users by name", NULL,
	  "test_plan_process:a_bad_process_is_blamed" },
	{ "J01", "memory faults of the reader", NULL,
	  "test_strict:every_beginning_of_a_text_is_refused" },
	{ "J02", "what another reader would read otherwise", NULL,
	  "test_strict:what_is_wrong_is_told_with_its_place;"
	  "test_strict_keys:a_key_twice_is_told_wherever_it_is" },
	{ "J03", "plans that exhaust", NULL,
	  "test_strict_keys:there_are_at_most_32_levels;"
	  "test_strict_keys:there_are_at_most_64_mib" },
	{ "J04", "options inside of options", NULL,
	  "test_tmpfs:comma_in_an_option_splits_nothing" },
	{ .row = NULL },
};
