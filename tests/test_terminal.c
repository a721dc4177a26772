/* terminal: a pty of the container's own, and which end is whose */

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "console.h"
#include "fd.h"
#include "filter.h"

#define assert_value(said, key, value) \
	assert_string_equal(console_value(said, key), value)

static void keep_master(struct box *box, const char *type, int fd)
{
	assert_string_equal(type, "console");
	*(int *)box->context = fd;
}

static void it_is_what_the_target_talks_to(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, USUAL, "", "");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, 0);
	assert_string_equal(said,
		"fd 0 tty 136 0:5 0620\n"
		"fd 1 tty 136 0:5 0620\n"
		"fd 2 tty 136 0:5 0620\n"
		"name right\n"
		"console ours\n"
		"console_opens yes\n"
		"controlling yes\n"
		"foreground yes\n"
		"size 0 0\n");
}

static void parent_has_it_before_it_is_ready(void **state)
{
	struct box *box = *state;

	console_run(box, USUAL, "", "");

	assert_string_equal(box->error, "");
	assert_string_equal(box->heard, "hooks console ready ");
}

static void it_has_the_planned_size(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, USUAL, JSON(,
		"consoleSize": {"height": 33, "width": 101}), "");

	assert_string_equal(box->error, "");
	assert_value(said, "size", "33 101");
}

static void it_is_the_users(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, USUAL, JSON(,
		"user": {"uid": 1000, "gid": 1000}), "");

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "fd 0", "tty 136 1000:5 0620");
	assert_value(said, "console_opens", "yes");
}

/* Which is in a session with it, and the target in its foreground. */
static void it_is_the_targets_below_a_pid_1(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, USUAL, JSON(, "init": true), "");

	assert_string_equal(box->error, "");
	assert_value(said, "controlling", "yes");
	assert_value(said, "foreground", "yes");
	assert_int_equal(box->status, 0);
}

static void size_without_a_terminal_means_nothing(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("process": {"args": ["/bin/pause"],
		"consoleSize": {"height": 33, "width": 101}}));

	assert_string_equal(box->error, "");
	assert_string_equal(box->heard, "hooks ready ");
	assert_false(box_exists(box, "/dev/console"));
}

static void hooks_do_not_see_it(void **state)
{
	struct box *box = *state;

	console_run(box, USUAL, "", JSON(, "hooks": {"startContainer":
		[{"path": "/bin/tty", "args": ["tty", "fail"]}]}));

	assert_non_null(strstr(box->error, "fd 0 none\nfd 1 none\nfd 2 none\n"));
	assert_null(strstr(box->error, "fd 3"));
	assert_non_null(strstr(box->error, "controlling no\n"));
}

static void child_of_the_shim_has_it_in_the_foreground(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, USUAL, JSON(, "init": true,
		"user": {"uid": 1000, "gid": 1000}), "");

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, 0);
	assert_console(said);
	assert_value(said, "name", "right");
}

/*
 * Where /dev is.
 */

static void read_only_dev_has_it(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, JSON(
		{"type": "proc", "destination": "/proc"},
		{"type": "tmpfs", "destination": "/dev", "options": ["ro"]}, )
		DEVPTS, "", "");

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "name", "right");
	assert_value(said, "console", "ours");
	assert_value(said, "console_opens", "yes");
}

static void read_only_root_has_it(void **state)
{
	struct box *box = *state;
	const char *said;

	box_dir(box, "/dev", 0755);
	said = console_run(box, DEVPTS, "", JSON(,
		"rootfs": {"path": "/tmp/rootfs", "readonly": true}));

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "console", "ours");
	assert_value(said, "console_opens", "yes");
}

static void without_devpts_it_is_at_dev_console_alone(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, PROC_AND_DEV, "", "");

	assert_string_equal(box->error, "");
	assert_console(said);
	/* no path leads to it from where the target is */
	assert_string_not_equal(console_value(said, "name"), "right");
	assert_value(said, "console", "ours");
	assert_value(said, "console_opens", "yes");
}

/* But for the moment in which it lies on /dev, to be bound from. */
static void devpts_made_for_it_is_mounted_nowhere(void **state)
{
	autoclose int master = -1;
	struct box *box = *state;

	box->given = keep_master;
	box->context = &master;
	box_run(box, JSON("rootfs": {"path": "/tmp/rootfs",
				     "propagation": "rshared"},
		"mounts": [%s], "process": {"args": ["/bin/pause"],
					    "terminal": true}), PROC_AND_DEV);

	assert_string_equal(box->error, "");
	assert_int_equal(box_count(box, "devpts"), 1);
	assert_string_equal(box_fstype(box, "/dev"), "tmpfs");
	assert_string_equal(box_fstype(box, "/dev/console"), "devpts");
}

static void without_any_dev_in_the_plan_it_is_there_too(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, JSON(
		{"type": "proc", "destination": "/proc"}), JSON(,
		"user": {"uid": 1000, "gid": 1000}), "");

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "fd 0", "tty 136 1000:0 0600");
	assert_value(said, "console", "ours");
	assert_value(said, "console_opens", "yes");
}

#define BOUND_DEV(options) \
	"{\"type\": \"bind\", \"source\": \"/tmp/dev\", " \
	 "\"destination\": \"/dev\", \"options\": [" options "]}"

static void bound_dev_has_it(void **state)
{
	struct box *box = *state;
	const char *said;

	box_dir(box, "/tmp/dev/pts", 0755);
	box_file(box, "/tmp/dev/console", "the daemon's own");
	said = console_run(box, BOUND_DEV("\"ro\"") ", " DEVPTS, "", "");

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "console", "ours");
	assert_value(said, "console_opens", "yes");
	assert_string_equal(box_read(box, "/tmp/dev/console"),
			    "the daemon's own");
}

static void place_that_cannot_be_made_is_told_of(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/dev", 0755);
	console_run(box, BOUND_DEV("\"ro\""), "", "");

	assert_string_equal(box->error, "cannot bind the terminal to "
		"/dev/console: mknodat: Read-only file system; there is none, "
		"and none can be made: mount a tmpfs on /dev "
		"(plan item /process/terminal)");
	assert_string_equal(box->stage, "devices");
	assert_int_equal(box->status, 125);
}

/* A pty of the host's devpts would have a name there, for all to open. */
static void hosts_devpts_is_left_alone(void **state)
{
	struct box *box = *state;
	const char *said;

	if (access("/dev/pts/ptmx", F_OK) < 0)
		box_skip("this machine has no devpts");
	said = console_run(box, JSON(
		{"type": "proc", "destination": "/proc"},
		{"type": "bind", "source": "/dev", "destination": "/dev",
		 "options": ["rbind"]}), "", "");

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_string_not_equal(console_value(said, "name"), "right");
	assert_value(said, "console", "ours");
}

static void without_a_mount_namespace_nothing_is_bound(void **state)
{
	struct box *box = *state;
	const char *said = console_run(box, "", "", JSON(,
		"namespaces": ["pid", "ipc", "uts"]));

	box_need("fsopen", "a devpts that is attached nowhere takes fsmount(2)");
	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "console", "none");
}

/*
 * How it is made.
 */

static void lack_peer(struct box *box)
{
	static const struct filter_instruction program[] = {
		{ 0x20, 0, 0, 0 },			/* the call */
		{ 0x15, 0, 3, SYS_ioctl },
		{ 0x20, 0, 0, 24 },			/* its request */
		{ 0x15, 0, 1, 0x5441 },			/* TIOCGPTPEER */
		{ 0x06, 0, 0, FILTER_ERRNO | 25 },	/* ENOTTY */
		{ 0x06, 0, 0, FILTER_ALLOW },
	};

	(void)box;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	filter_install(program, sizeof(program) / sizeof(program[0]), 0);
}

static void old_kernels_look_the_peer_up_below_the_same_devpts(void **state)
{
	struct box *box = *state;
	const char *said;

	box->before = lack_peer;
	said = console_run(box, USUAL, "", "");

	assert_string_equal(box->error, "");
	assert_console(said);
	assert_value(said, "name", "right");
	assert_value(said, "console", "ours");
}

static void have_a_terminal(struct box *box)
{
	int zero = 0, master = open("/dev/ptmx", O_RDWR | O_NOCTTY), peer;

	(void)box;
	setsid();
	ioctl(master, TIOCSPTLCK, &zero);
	peer = ioctl(master, 0x5441 /* TIOCGPTPEER */, O_RDWR | O_NOCTTY);
	if (ioctl(peer, TIOCSCTTY, 0) < 0)
		_exit(99);
	close(peer);
	/* or it hangs up */
	fcntl(master, F_SETFD, 0);
}

static void session_that_has_one_is_told_of(void **state)
{
	struct box *box = *state;

	box->before = have_a_terminal;
	console_run(box, USUAL, "", "");

	assert_string_equal(box->error, "cannot become the terminal's: "
		"TIOCSCTTY: Operation not permitted; the shim's session has a "
		"terminal already: have it started without one, by setsid(1) "
		"(plan item /process/terminal)");
}

/* All that is last, in one: each while it is still permitted. */
static void user_who_may_nothing_has_it_and_a_filter(void **state)
{
	static const struct filter_rule rules[] = {
		{ SYS_execve, FILTER_ALLOW },
		{ SYS_exit_group, FILTER_ALLOW },
		{ SYS_getppid, FILTER_ERRNO | 5 },
	};
	autoclose int filter = filter_file(rules, 3, FILTER_KILL_PROCESS);
	autoclose int master = -1;
	struct box *box = *state;

	box_program(box, "leave");
	box->given = keep_master;
	box->context = &master;
	/* a user of its own: the limit counts what others run as the same */
	box_run(box, JSON("mounts": [%s], "process": {"args": ["/bin/leave"],
		"user": {"uid": %d, "gid": 100, "additionalGids": [5, 7]},
		"noNewPrivileges": true, "terminal": true,
		"rlimits": [{"type": "RLIMIT_NPROC", "soft": 1, "hard": 1}],
		"seccomp": {"fd": %d}}), USUAL, 20000 + getpid() % 40000,
		filter);
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_int_equal(box->status, -5 & 0xff);
	assert_string_equal(box->heard, "hooks console ready ");
}

static const struct CMUnitTest tests[] = {
	BOX_TEST_BOTH(it_is_what_the_target_talks_to),
	BOX_TEST_BOTH(parent_has_it_before_it_is_ready),
	BOX_TEST_BOTH(it_has_the_planned_size),
	BOX_TEST_BOTH(it_is_the_users),
	BOX_TEST(size_without_a_terminal_means_nothing),
	BOX_TEST(it_is_the_targets_below_a_pid_1),
	BOX_TEST_BOTH(hooks_do_not_see_it),
	BOX_TEST_BOTH(child_of_the_shim_has_it_in_the_foreground),
	BOX_TEST_BOTH(read_only_dev_has_it),
	BOX_TEST_BOTH(read_only_root_has_it),
	BOX_TEST_BOTH(without_devpts_it_is_at_dev_console_alone),
	BOX_TEST_BOTH(devpts_made_for_it_is_mounted_nowhere),
	BOX_TEST_BOTH(without_any_dev_in_the_plan_it_is_there_too),
	BOX_TEST_BOTH(bound_dev_has_it),
	BOX_TEST(place_that_cannot_be_made_is_told_of),
	BOX_TEST_BOTH(hosts_devpts_is_left_alone),
	BOX_TEST(without_a_mount_namespace_nothing_is_bound),
	BOX_TEST_BOTH(old_kernels_look_the_peer_up_below_the_same_devpts),
	BOX_TEST(session_that_has_one_is_told_of),
	BOX_TEST_BOTH(user_who_may_nothing_has_it_and_a_filter),
};

int main(void)
{
	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
