/* mounts: the commands before and after one, which run outside */

#include <stdio.h>
#include <stdlib.h>

#include "box.h"

/* Where commands leave what they say. */
#define LOG "/tmp/log"

static const char *read_log(struct box *box)
{
	FILE *file = fopen(LOG, "re");
	char *text = calloc(1, 4096);

	if (file) {
		text[fread(text, 1, 4095, file)] = '\0';
		fclose(file);
	}
	return box_keep(box, text);
}

static void commands_run_before_and_after_the_mount(void **state)
{
	static const char count_it[] = "grep -c ' /tmp/rootfs/data ' "
		"/proc/self/mountinfo >>/tmp/log || :";
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/first"},
		{"type": "tmpfs", "destination": "/data",
		 "preCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c", "%s"]},
			{"path": "/bin/sh", "args": ["sh", "-c",
				"echo second >>/tmp/log"]}],
		 "postCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c", "%s"]}]}]),
		count_it, count_it);

	assert_string_equal(box->error, "");
	assert_string_equal(read_log(box), "0\nsecond\n1\n");
}

/* What they are for: a source that is not there before. */
static void command_prepares_the_source(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/made", "destination": "/data",
		 "options": ["rbind", "ro"],
		 "preCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c", "%s"],
			 "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]}]}]),
		"mkdir /tmp/made && mount -t tmpfs made /tmp/made && "
		"echo ready >/tmp/made/file");

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/data/file"), "ready\n");
}

static void failed_command_is_quoted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/first"},
		{"type": "tmpfs", "destination": "/data",
		 "preCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c",
				"echo the volume is gone >&2; exit 3"]}]}]));

	assert_string_equal(box->error, "cannot run /bin/sh: exited with 3: "
		"the volume is gone (plan item /mounts/1)");
	assert_string_equal(box->stage, "mounts");
	assert_string_equal(box->pointer, "/mounts/1");
	assert_false(box_exists(box, "/data"));
}

static void failed_command_after_the_mount_is_quoted(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data",
		 "postCommands": [
			{"path": "/bin/sh",
			 "args": ["sh", "-c", "kill -9 $$"]}]}]));

	assert_string_equal(box->error, "cannot run /bin/sh: killed by SIGKILL "
			    "(9) (plan item /mounts/0)");
}

static void missing_command_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data",
		 "preCommands": [{"path": "/nonexistent/prepare"}]}]));

	assert_string_equal(box->error, "cannot run /nonexistent/prepare: "
		"execve: No such file or directory (plan item /mounts/0)");
}

static void command_that_takes_too_long_is_ended(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data",
		 "preCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c",
				"echo waiting; sleep 100"],
			 "env": ["PATH=/usr/bin:/bin"], "timeout": 1}]}]));

	assert_string_equal(box->error, "cannot run /bin/sh: timed out after "
			    "1 s: waiting (plan item /mounts/0)");
}

static void command_gets_its_environment_and_stdio_only(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data",
		 "preCommands": [
			{"path": "/bin/sh",
			 "args": ["sh", "-c", "exec >/tmp/log; %s"],
			 "env": ["NAME=value", "PATH=/usr/bin:/bin"],
			 "dir": "/tmp/outside"}]}]),
		"pwd; echo $NAME; cat; ls /proc/self/fd");

	assert_string_equal(box->error, "");
	/* 3 is the directory that ls reads */
	assert_string_equal(read_log(box),
			    "/tmp/outside\nvalue\n0\n1\n2\n3\n");
}

static void optional_mount_runs_its_commands_all_the_same(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"source": "/tmp/none", "destination": "/data",
		 "optional": true,
		 "preCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c",
				"echo before >>/tmp/log"]}],
		 "postCommands": [
			{"path": "/bin/sh", "args": ["sh", "-c",
				"echo after >>/tmp/log"]}]}]));

	assert_string_equal(box->error, "");
	assert_false(box_exists(box, "/data"));
	assert_string_equal(read_log(box), "before\nafter\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(commands_run_before_and_after_the_mount),
		BOX_TEST(command_prepares_the_source),
		BOX_TEST(failed_command_is_quoted),
		BOX_TEST(failed_command_after_the_mount_is_quoted),
		BOX_TEST(missing_command_is_blamed),
		BOX_TEST(command_that_takes_too_long_is_ended),
		BOX_TEST(command_gets_its_environment_and_stdio_only),
		BOX_TEST(optional_mount_runs_its_commands_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
