/* explain: a plan in words, from a program that can do nothing but talk */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "plan_text.h"

static char said[65536];	/* to stdout, and then to stderr */

/* Nobody, in a directory where nothing is: there is nothing to touch. */
static _Noreturn void explain(int shim, int plan, int to)
{
	char name[] = "init-shim", task[] = "--explain", from[] = "--plan-fd=0";
	char *args[] = { name, task, from, NULL }, *env[] = { NULL };
	char empty[] = "/tmp/explainXXXXXX";

	if (dup2(plan, 0) == 0 && dup2(to, 1) == 1 && dup2(to, 2) == 2 &&
	    mkdtemp(empty) && chdir(empty) == 0 && rmdir(empty) == 0 &&
	    chroot(".") == 0 && setgroups(0, NULL) == 0 &&
	    setresgid(65534, 65534, 65534) == 0 &&
	    setresuid(65534, 65534, 65534) == 0)
		syscall(SYS_execveat, shim, "", args, env, 0x1000);
	dprintf(to, "test: %s", strerror(errno));
	_exit(99);
}

/* Returns the exit status, with what was said in "said". */
static int explained_as(const char *plan)
{
	autoclose int text = memfd_create("plan", MFD_CLOEXEC);
	autoclose int to = memfd_create("said", MFD_CLOEXEC);
	const char *path = getenv("INIT_SHIM");
	autoclose int shim = open(path ? path : "init-shim",
				  O_PATH | O_CLOEXEC);
	ssize_t length;
	int status;
	pid_t pid;

	assert_int_equal(write(text, plan, strlen(plan)), strlen(plan));
	assert_int_equal(lseek(text, 0, SEEK_SET), 0);
	pid = fork();
	if (pid == 0)
		explain(shim, text, to);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	length = pread(to, said, sizeof(said) - 1, 0);
	assert_true(length >= 0);
	said[length] = '\0';
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void assert_explained(const char *plan, const char *words)
{
	assert_int_equal(explained_as(plan), 0);
	assert_string_equal(said, words);
}

static void the_smallest_plan_has_all_that_is_always_done(void **state)
{
	(void)state;
	assert_explained(PLAN("x-nothing": 0, "devices": []),
		"1. refuse the host's own mount namespace\n"
		"2. open / outside, and what is needed from there\n"
		"3. set the propagation of / to rslave\n"
		"4. make the mount around the rootfs private\n"
		"5. bind on itself the rootfs /rootfs\n"
		"6. link /dev/ptmx to pts/ptmx; fd, stdin, stdout, stderr to "
		"/proc/self/fd; core to /proc/kcore where that is\n"
		"7. tell a parent \"hooks\", wait for its \"resume\"\n"
		"8. pivot_root into the rootfs, let go of the old root\n"
		"9. make the directory /, where it is missing\n"
		"10. open the container's /dev/null where stdio is the "
		"host's\n"
		"11. look up HOME, where env has none\n"
		"12. go to /, which must be inside\n"
		"13. begin a session\n"
		"14. set the bounding capabilities: none\n"
		"15. become user 0, group 0, additional groups: none\n"
		"16. set the effective capabilities: none\n"
		"17. set the permitted capabilities: none\n"
		"18. set the inheritable capabilities: none\n"
		"19. set the ambient capabilities: none\n"
		"20. set the umask 022\n"
		"21. tell a parent \"ready\"\n"
		"22. close all but descriptors 0-2\n"
		"23. execute /bin/true\n");
}

/* The lines that are between the one and the other. */
static const char *part(const char *after, const char *before)
{
	char *from = strstr(said, after), *to;

	assert_non_null(from);
	from = strchr(from, '\n') + 1;
	to = strstr(from, before);
	assert_non_null(to);
	while (to > from && to[-1] != '\n')
		to--;
	*to = '\0';
	return from;
}

static void mounts_are_named_in_order_with_all_that_they_are(void **state)
{
	static const char plan[] = PLAN("devices": [], "mounts": [
		{"destination": "/proc", "type": "proc", "source": "proc",
		 "options": ["nosuid", "ro", "rw"]},
		{"destination": "/dev", "type": "tmpfs",
		 "options": ["ro", "mode=755", "size=64k"]},
		{"destination": "/data", "source": "/srv/a", "optional": true,
		 "options": ["rbind", "rro", "noatime", "rslave"]},
		{"destination": "/fd", "sourceFd": 5, "type": "bind",
		 "mountpoint": "require", "options": ["idmap"],
		 "uidMappings": [{"containerID": 0, "hostID": 1, "size": 9}],
		 "gidMappings": [{"containerID": 0, "hostID": 2, "size": 8}]},
		{"destination": "/data", "type": "bind",
		 "options": ["remount", "bind", "nodev", "sync"],
		 "preCommands": [{"path": "/a", "args": ["a", "b"]}],
		 "postCommands": [{"path": "/c"}]}]);

	(void)state;
	assert_int_equal(explained_as(plan), 0);
	assert_string_equal(part("5. bind on", "link /dev/ptmx"),
		"6. mount proc on /proc, source proc: nosuid,rw\n"
		"7. mount tmpfs on /dev, writable until the end: "
		"ro,mode=755,size=64k\n"
		"8. bind on /data, source /srv/a, where there is a source: "
		"noatime,rbind,rro,rslave\n"
		"9. bind on /fd, source descriptor 5, which must be there, "
		"uid 0 as 1 (9), gid 0 as 2 (8): bind,idmap\n"
		"10. before it is mounted: run /a as a b\n"
		"11. remount /data: bind,nodev,remount,sync\n"
		"12. once it is mounted: run /c as /c\n");
}

static void devices_hooks_and_the_switch_follow(void **state)
{
	static const char plan[] = PLAN("devices": [
		{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229,
		 "fileMode": 432, "uid": 1, "gid": 2}],
		"hooks": {"createContainer": [{"path": "/h"}]});

	(void)state;
	assert_int_equal(explained_as(plan), 0);
	assert_string_equal(part("5. bind on", "make the directory"),
		"6. make the device /dev/fuse: c 10:229, mode 0660, owner "
		"1:2\n"
		"7. link /dev/ptmx to pts/ptmx; fd, stdin, stdout, stderr to "
		"/proc/self/fd; core to /proc/kcore where that is\n"
		"8. tell a parent \"hooks\", wait for its \"resume\"\n"
		"9. hook createContainer: run /h as /h\n"
		"10. pivot_root into the rootfs, let go of the old root\n");
}

static void bound_dev_is_left_as_it_is(void **state)
{
	static const char plan[] = PLAN("mounts": [
		{"destination": "/dev", "source": "/srv/dev",
		 "options": ["bind", "ro"]}]);

	(void)state;
	assert_int_equal(explained_as(plan), 0);
	assert_null(strstr(said, "device"));
	assert_null(strstr(said, "ptmx"));
	assert_null(strstr(said, "until the end"));
}

static void the_container_is_finished_in_order(void **state)
{
	static const char plan[] =
		"{\"version\": 1, \"rootfs\": {\"fd\": 4, \"readonly\": true,"
		" \"switch\": \"move\", \"propagation\": \"rshared\"}, "
		"\"namespaces\": [\"mount\", \"uts\", \"network\", \"user\"],"
		JSON("devices": [], "hostname": "a", "domainname": "b",
		     "sysctl": {"net.ipv4.ip_forward": "1"},
		     "readonlyPaths": ["/r"], "maskedPaths": ["/m", "/n"],
		     "mounts": [{"destination": "/dev", "type": "tmpfs",
				 "options": ["ro"]}],
		     "process": {"args": ["sh"], "cwd": "/w"},
		     "sync": {"hooks": false}) "}";

	(void)state;
	assert_int_equal(explained_as(plan), 0);
	assert_string_equal(part("link /dev/ptmx", "look up HOME"),
		"8. move the rootfs to /, hide all other proc and sysfs, "
		"chroot\n"
		"9. make the directory /w, where it is missing\n"
		"10. open the container's /dev/null where stdio is the "
		"host's\n"
		"11. set the hostname a\n"
		"12. set the domainname b\n"
		"13. set the sysctl net.ipv4.ip_forward to 1\n"
		"14. make read-only: /dev\n"
		"15. make read-only: /r, where it exists\n"
		"16. mask /m, where it exists\n"
		"17. mask /n, where it exists\n"
		"18. set the propagation of / to rshared\n"
		"19. make read-only: /\n");
	assert_string_equal(part("1. ", "6. "),
		"2. become root in the user namespace\n"
		"3. open / outside, and what is needed from there\n"
		"4. make the mount around the rootfs private\n"
		"5. bind on itself the rootfs, descriptor 4 (on / where it is "
		"a detached mount)\n");
}

static void the_process_is_told_whole(void **state)
{
	static const char plan[] =
		"{\"version\": 1, \"rootfs\": {\"path\": \"/rootfs\"}, "
		JSON("devices": [],
		     "hooks": {"startContainer": [{"path": "/h"}]},
		     "sync": {"start": true},
		     "process": {"args": ["sh", "-c", "id"], "cwd": "/w",
			"user": {"uid": 1, "gid": 2, "umask": 63,
				 "additionalGids": [3, 4]},
			"oomScoreAdj": -5, "noNewPrivileges": true,
			"init": true,
			"capabilities": {
				"bounding": ["CAP_CHOWN", "CAP_KILL"],
				"permitted": ["CAP_KILL"],
				"effective": ["CAP_KILL"]},
			"rlimits": [{"type": "RLIMIT_CORE", "soft": 1,
				     "hard": 18446744073709551615}]}) "}";

	(void)state;
	assert_int_equal(explained_as(plan), 0);
	assert_non_null(strstr(said, "chroot into the rootfs\n"));
	assert_non_null(strstr(said, ". open the rootfs /rootfs\n"));
	assert_string_equal(strstr(said, "9. look up HOME"),
		"9. look up HOME, where env has none\n"
		"10. go to /w, which must be inside\n"
		"11. begin a session\n"
		"12. set oom_score_adj to -5\n"
		"13. limit RLIMIT_CORE to 1, at most 18446744073709551615\n"
		"14. set the bounding capabilities: CAP_CHOWN CAP_KILL\n"
		"15. become user 1, group 2, additional groups: 3 4\n"
		"16. set the effective capabilities: CAP_KILL\n"
		"17. set the permitted capabilities: CAP_KILL\n"
		"18. set the inheritable capabilities: none\n"
		"19. set the ambient capabilities: none\n"
		"20. forbid new privileges\n"
		"21. set the umask 077\n"
		"22. tell a parent \"ready\", wait for its \"start\"\n"
		"23. hook startContainer: run /h as /h\n"
		"24. stay as PID 1, with what follows in a child\n"
		"25. close all but descriptors 0-2\n"
		"26. execute sh -c id\n");
}

static void what_few_plans_have_is_told_in_its_place(void **state)
{
	static const char plan[] =
		"{\"version\": 1, \"rootfs\": {\"path\": \"/rootfs\"}, "
		JSON("devices": [],
		     "process": {"args": ["sh"], "init": true,
			"terminal": true, "preserveFds": 2,
			"consoleSize": {"height": 25, "width": 80},
			"seccomp": {"fd": 9, "notify": true},
			"sessionKeyring": true, "selinuxLabel": "s",
			"apparmorProfile": "a",
			"execCPUAffinity": {"initial": "0", "final": "0"},
			"personality": {"domain": "LINUX32"},
			"ioPriority": {"class": "IOPRIO_CLASS_BE",
				       "priority": 4},
			"scheduler": {"policy": "SCHED_BATCH",
				      "nice": -3}}) "}";

	(void)state;
	assert_int_equal(explained_as(plan), 0);
	assert_string_equal(strstr(said, "28. set the umask"),
		"28. set the umask 022\n"
		"29. give the terminal to 0-2, its master to a parent\n"
		"30. tell a parent \"ready\"\n"
		"31. stay as PID 1, with what follows in a child\n"
		"32. close all but descriptors 0-4\n"
		"33. install the seccomp filter, its listener to a parent\n"
		"34. execute sh\n");
	assert_non_null(strstr(said, "\n7. make a terminal: 80x25\n"));
	assert_non_null(strstr(said, "1. read the seccomp filter of "
			       "descriptor 9\n2. refuse the host's own mount "
			       "namespace\n3. run on the initial CPUs\n"));
	assert_string_equal(part("13. go to", "set the bounding"),
		"14. begin a session\n"
		"15. set the SELinux label s\n"
		"16. set the AppArmor profile a\n"
		"17. begin a session keyring\n"
		"18. run on the final CPUs\n"
		"19. set the scheduler SCHED_BATCH, nice -3, priority 0\n"
		"20. set the I/O priority IOPRIO_CLASS_BE 4\n"
		"21. set the personality 8\n");
}

/* A name may be longer than all that is kept before it is written. */
static void names_come_whole_and_steer_no_terminal(void **state)
{
	static char plan[32768], wanted[20000];
	char name[9001];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(plan, sizeof(plan), "{\"version\": 1, \"rootfs\": {\"path\": "
		 "\"/rootfs\"}, \"process\": {\"args\": [\"/b\", \"%s\", "
		 "\"\\u001b[2J\\n\", \"\u00fc\"]}}", name);

	assert_int_equal(explained_as(plan), 0);

	snprintf(wanted, sizeof(wanted), "execute /b %s ?[2J? \u00fc\n", name);
	assert_non_null(strstr(said, wanted));
}

static void a_wrong_plan_is_told_as_check_does(void **state)
{
	(void)state;
	assert_int_equal(explained_as(PLAN("hostnam": "a", "devices": 1)), 1);

	assert_string_equal(said, "init-shim: cannot accept the plan: "
		"unknown key, did you mean \"hostname\"? (plan item "
		"/hostnam)\n"
		"init-shim: cannot accept the plan: must be a list, is a "
		"number (plan item /devices)\n");
}

static void output_that_is_refused_is_an_error(void **state)
{
	char text[] = "printf '%s' \"$PLAN\" | \"${INIT_SHIM:-init-shim}\" "
		      "--explain --plan-fd 0 2>&1 >/dev/full";
	FILE *from;

	(void)state;
	setenv("PLAN", PLAN("devices": []), 1);
	from = popen(text, "r");
	assert_non_null(from);
	said[fread(said, 1, sizeof(said) - 1, from)] = '\0';
	assert_int_equal(WEXITSTATUS(pclose(from)), 125);

	assert_string_equal(said, "init-shim: cannot explain the plan: write: "
			    "No space left on device\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_plan_has_all_that_is_always_done),
		cmocka_unit_test(
			mounts_are_named_in_order_with_all_that_they_are),
		cmocka_unit_test(devices_hooks_and_the_switch_follow),
		cmocka_unit_test(bound_dev_is_left_as_it_is),
		cmocka_unit_test(the_container_is_finished_in_order),
		cmocka_unit_test(the_process_is_told_whole),
		cmocka_unit_test(what_few_plans_have_is_told_in_its_place),
		cmocka_unit_test(names_come_whole_and_steer_no_terminal),
		cmocka_unit_test(a_wrong_plan_is_told_as_check_does),
		cmocka_unit_test(output_that_is_refused_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
