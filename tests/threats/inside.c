/* inside: what the target could be, have, or reach by what it was left */

#include "threats.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"

/* As who executes it by path, in the new mount namespace, has it. */
static void run_by_path(struct box *box)
{
	box->shim = open("/tmp/init-shim", O_PATH | O_CLOEXEC);
}

static void copy_shim(struct box *box)
{
	char path[64];
	autoclose int from = -1, to = -1;

	box_file(box, "/tmp/init-shim", "");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", box->shim);
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open("/tmp/init-shim", O_WRONLY | O_CLOEXEC);
	assert_true(from >= 0 && to >= 0);
	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	box_chmod(box, "/tmp/init-shim", 0755);
}

/* I01: the shim's own file as the target, by a link and by a script. */
static void shim_as_the_target(struct scene *scene)
{
	static const char *const targets[] = {
		"/proc/self/exe", "/to-exe", "exe", "/script", "script",
	};
	struct box *box = scene->box;
	size_t i;

	copy_shim(box);
	box->before = run_by_path;
	box_symlink(box, "/to-exe", "/proc/self/exe");
	box_symlink(box, "/bin/exe", "/proc/self/exe");
	box_file(box, "/script", "#!/proc/self/exe\n");
	box_chmod(box, "/script", 0755);
	box_file(box, "/bin/script", "#!/bin/exe --help\n");
	box_chmod(box, "/bin/script", 0755);
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		scene_run(scene, JSON(
			"mounts": [{"type": "proc", "destination": "/proc"}],
			"process": {"args": ["%s"], "env": ["PATH=/bin"]}),
			targets[i]);
		scene_must_refuse(scene, "cannot execute");
		assert_int_equal(box->status, 126);
	}
	box->before = NULL;
}

/* I03: looked into by a process of the same user, up to execve(2). */
static void shim_that_is_looked_into(struct scene *scene)
{
	static const char *const users[] = {
		"\"uid\": 0, \"gid\": 0", "\"uid\": 7, \"gid\": 8",
	};
	size_t i;

	box_program(scene->box, "peek");
	for (i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		scene_run(scene, JSON(
			"mounts": [{"type": "proc", "destination": "/proc"}],
			"hooks": {"startContainer": [{"path": "/bin/peek"}]},
			"process": {"args": ["/bin/pause"], "user": {%s}}),
			users[i]);
		if (strstr(scene->box->error, "can be"))
			scene_escaped(scene, scene->box->error);
		scene_must_work(scene);
	}
}

/* Descriptors of the host that the parent forgot to close. */
static void leak(struct box *box)
{
	int fd;

	(void)box;
	for (fd = 70; fd < 80; fd++)
		dup2(open(BOX_OUTSIDE, O_RDONLY | O_DIRECTORY), fd);
}

/* I02: a working directory, and all else, on a descriptor that leaked. */
static void leaked_descriptors(struct scene *scene)
{
	static const char *const cwds[] = {
		"/proc/self/fd/70", "/proc/self/fd/75/dir", "/to-fd",
		"/proc/thread-self/fd/79/..", "/proc/1/fd/70",
	};
	struct box *box = scene->box;
	size_t i;

	box_symlink(box, "/to-fd", "/proc/self/fd/71");
	box->before = leak;
	scene_run(scene, JSON("devices": []));
	scene_must_work(scene);
	for (i = 0; i < sizeof(cwds) / sizeof(cwds[0]); i++) {
		scene_run(scene, JSON(
			"mounts": [{"type": "proc", "destination": "/proc"}],
			"process": {"args": ["/bin/pause"], "cwd": "%s"}),
			cwds[i]);
		/* closed by then, or a magic link: never entered */
		scene_must_refuse(scene, cwds[i]);
	}
	box->before = NULL;
}

static void close_streams(struct box *box)
{
	(void)box;
	close(0);
	close(1);
	close(2);
}

/* I10: what is opened first must not become standard output. */
static void closed_streams(struct scene *scene)
{
	scene->box->before = close_streams;
	scene_run(scene, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data"}],
		"maskedPaths": ["/bin/pause"], "process": {"args": ["/bin/x"]}));
	scene_must_refuse(scene, "/bin/x");
	scene_run(scene, JSON("mounts": [
		{"type": "tmpfs", "destination": "/data"}]));
	scene_must_work(scene);
	scene->box->before = NULL;
}

static void spoil_signals(struct box *box)
{
	sigset_t all;
	int number;

	(void)box;
	for (number = 1; number < 32; number++)
		signal(number, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

/* I09: all blocked and ignored by who started it. */
static void inherited_signals(struct scene *scene)
{
	struct box *box = scene->box;

	box->before = spoil_signals;
	scene_run(scene, JSON("devices": []));
	box->before = NULL;
	scene_must_work(scene);
	if (!strstr(box_proc(box, "status"), "SigBlk:\t0000000000000000") ||
	    !strstr(box_proc(box, "status"), "SigIgn:\t0000000000000000"))
		scene_escaped(scene, "signals are blocked or ignored");
}

/* P13: a source by descriptor, whose name leads outside by now. */
static void source_that_was_swapped(struct scene *scene)
{
	struct box *box = scene->box;
	int fd;

	box_file(box, "/tmp/source/file", "the source");
	fd = (int)syscall(NR_OPEN_TREE, AT_FDCWD, "/tmp/source",
			  OPEN_TREE_CLONE);
	assert_true(fd >= 0);
	assert_int_equal(rename("/tmp/source", "/tmp/moved"), 0);
	box_symlink(box, "/tmp/source", "outside");
	scene_run(scene, JSON("mounts": [
		{"sourceFd": %d, "destination": "/data"}]), fd);
	close(fd);
	scene_must_work(scene);
	if (strcmp(box_read(box, "/data/file"), "the source") != 0)
		scene_escaped(scene, "another source was bound");
}

/* W01, W03: a /proc of the image, of files and links to the outside. */
static void sysctls_of_the_image(struct scene *scene)
{
	struct box *box = scene->box;

	box_symlink(box, "/proc/sys/kernel", BOX_OUTSIDE);
	box_file(box, "/proc/sys/fs/mqueue/msg_max", "of the image");
	box_symlink(box, "/proc/self", BOX_OUTSIDE);
	scene_run(scene, JSON(
		"sysctl": {"kernel.msgmax": "4321",
			   "fs.mqueue.msg_max": "11"},
		"process": {"args": ["/bin/pause"], "oomScoreAdj": 500}));
	scene_must_work(scene);
	if (strcmp(box_read(box, "/proc/sys/fs/mqueue/msg_max"),
		   "of the image") != 0)
		scene_escaped(scene, "a file of the image was written");
	if (atoi(box_proc(box, "oom_score_adj")) != 500)
		fail_msg("the score was not set");
}

const struct threat inside_threats[] = {
	{ "P13", "a source that was swapped", source_that_was_swapped,
	  "test_bind_fd:directory_by_descriptor_is_bound" },
	{ "W01", "writes to a /proc of the image", sysctls_of_the_image,
	  "test_sysctl:what_covers_the_hosts_file_is_not_written" },
	{ "W03", "sysctls through the rootfs's own /proc",
	  sysctls_of_the_image,
	  "test_sysctl:files_of_the_image_are_not_written" },
	{ "I01", "the shim's file as the target", shim_as_the_target,
	  "test_process_exec:file_of_the_shim_is_no_target" },
	{ "I02", "descriptors that leaked", leaked_descriptors,
	  "test_process_limits:magic_cwd_is_refused" },
	{ "I03", "a shim that is looked into", shim_that_is_looked_into,
	  "test_process:shim_stays_undumpable" },
	{ "I09", "signals that were ignored and blocked", inherited_signals,
	  "test_process:signals_are_default_and_unblocked" },
	{ "I10", "standard streams that were closed", closed_streams,
	  "test_sync_open:standard_streams_that_are_closed_become_null" },
	{ .row = NULL },
};
