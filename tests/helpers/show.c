/*
 * show [SECTION...]: what a process sees of itself and around it.
 *
 * Prints "key value" lines, in an order that does not vary, so that two runs
 * can be compared with diff(1).  Without arguments every section:
 *
 *   ids capabilities limits signals session keys fds env names mounts dev
 *
 * Other calls: show stat PATH..., show read PATH... and show label PATH... say
 * what is there.
 * Asks the kernel by system call where it can; for the rest /proc has to be
 * mounted, and what it would have said is missing where it is not.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>

extern char **environ;

/* The rest of the line that starts with key; "" when there is none. */
static const char *proc_line(const char *path, const char *key)
{
	static char line[4096];
	FILE *file = fopen(path, "re");
	size_t length = strlen(key);

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, length) == 0) {
			fclose(file);
			line[strcspn(line, "\n")] = '\0';
			return line + length + strspn(line + length, "\t ");
		}
	}
	if (file)
		fclose(file);
	return "";
}

static int by_number(const void *left, const void *right)
{
	gid_t a = *(const gid_t *)left, b = *(const gid_t *)right;

	return a < b ? -1 : a > b;
}

static void show_ids(void)
{
	static gid_t groups[65536];
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;
	mode_t mask = umask(0);
	int i, count;

	umask(mask);
	getresuid(&uid, &euid, &suid);
	getresgid(&gid, &egid, &sgid);
	printf("uid %u %u %u\n", uid, euid, suid);
	printf("gid %u %u %u\n", gid, egid, sgid);
	count = getgroups(65536, groups);
	if (count > 0)
		qsort(groups, (size_t)count, sizeof(gid_t), by_number);
	printf("groups");
	for (i = 0; i < count; i++)
		printf(" %u", groups[i]);
	printf("\numask %04o\n", mask);
	/* with the filesystem ids, which no other call tells */
	printf("all_uids %s\n", proc_line("/proc/self/status", "Uid:"));
	printf("all_gids %s\n", proc_line("/proc/self/status", "Gid:"));
}

static void show_capabilities(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = { 0x20080522, 0 };
	struct {
		uint32_t effective, permitted, inheritable;
	} set[2] = { { 0 } };
	uint64_t bounding = 0, ambient = 0;
	unsigned long i;

	syscall(SYS_capget, &header, set);
	for (i = 0; i < 64; i++) {
		if (prctl(PR_CAPBSET_READ, i, 0UL, 0UL, 0UL) == 1)
			bounding |= (uint64_t)1 << i;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0UL,
			  0UL) == 1)
			ambient |= (uint64_t)1 << i;
	}
	printf("cap_bounding %016llx\n", (unsigned long long)bounding);
	printf("cap_effective %08x%08x\n", set[1].effective, set[0].effective);
	printf("cap_permitted %08x%08x\n", set[1].permitted, set[0].permitted);
	printf("cap_inheritable %08x%08x\n", set[1].inheritable,
	       set[0].inheritable);
	printf("cap_ambient %016llx\n", (unsigned long long)ambient);
	printf("securebits %#x\n", (unsigned)prctl(PR_GET_SECUREBITS, 0UL, 0UL,
						   0UL, 0UL));
	printf("no_new_privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL,
					  0UL));
	printf("seccomp %s\n", proc_line("/proc/self/status", "Seccomp:"));
	printf("keepcaps %d\n", prctl(PR_GET_KEEPCAPS, 0UL, 0UL, 0UL, 0UL));
	printf("dumpable %d\n", prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL));
}

static void show_scheduler(void)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} is = { .size = sizeof(is) };

	syscall(SYS_sched_getattr, 0, &is, sizeof(is), 0);
	printf("scheduler %u flags %#llx nice %d priority %u\n", is.policy,
	       (unsigned long long)is.flags, is.nice, is.priority);
	/* of other policies the kernel tells their slice, since 6.12 */
	if (is.policy == 6)
		printf("deadline %llu %llu %llu\n",
		       (unsigned long long)is.runtime,
		       (unsigned long long)is.deadline,
		       (unsigned long long)is.period);
	printf("cpus %s\n", proc_line("/proc/self/status",
				      "Cpus_allowed_list:"));
}

static void show_limits(void)
{
	static const char *const names[] = {
		"CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC",
		"NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING", "MSGQUEUE",
		"NICE", "RTPRIO", "RTTIME",
	};
	struct rlimit limit;
	int i;

	for (i = 0; i < 16; i++) {
		getrlimit(i, &limit);
		printf("rlimit_%s %lld %lld\n", names[i],
		       (long long)limit.rlim_cur, (long long)limit.rlim_max);
	}
	printf("oom_score_adj %s\n", proc_line("/proc/self/oom_score_adj", ""));
	printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
	printf("ioprio %ld\n", syscall(SYS_ioprio_get, 1, 0));
	show_scheduler();
	printf("timer_slack %d\n", prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL,
					 0UL));
	printf("personality %#lx\n", syscall(SYS_personality, 0xffffffffUL));
}

static void show_signals(void)
{
	/* struct sigaction as the kernel has it: the handler is first */
	unsigned long action[8], mask[2] = { 0 };
	int i, sig;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, mask, _NSIG / 8);
	printf("signals_blocked");
	for (i = 0; i < _NSIG - 1; i++)
		if (mask[0] >> i & 1)
			printf(" %d", i + 1);
	printf("\nsignals_ignored");
	for (sig = 1; sig < _NSIG; sig++)
		if (syscall(SYS_rt_sigaction, sig, NULL, action,
			    _NSIG / 8) == 0 && action[0] == 1)
			printf(" %d", sig);
	i = 0;
	prctl(PR_GET_PDEATHSIG, &i, 0UL, 0UL, 0UL);
	printf("\nparent_death_signal %d\n", i);
}

/* What keyctl(1) shows: the session keyring, and of what it may find. */
static void show_keys(void)
{
	char text[256];
	long length = syscall(SYS_keyctl, 6L /* KEYCTL_DESCRIBE */, -3L, text,
			      sizeof(text) - 1);

	text[length < 0 ? 0 : length] = '\0';
	printf("session_keyring %s\n", text);
	length = syscall(SYS_keyctl, 17L /* KEYCTL_GET_SECURITY */, -3L, text,
			 sizeof(text) - 1);
	text[length < 0 ? 0 : length] = '\0';
	printf("session_label %s\n", text);
	printf("session_secret %s\n",
	       syscall(SYS_keyctl, 10L /* KEYCTL_SEARCH */, -3L, "user",
		       "secret", 0L) < 0 ? strerror(errno) : "yes");
}

static void show_session(void)
{
	char cwd[PATH_MAX];
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	printf("pid %d\nppid %d\n", getpid(), getppid());
	printf("leads_session %d\n", getsid(0) == getpid());
	printf("leads_group %d\n", getpgrp() == getpid());
	printf("controlling_tty %s\n", tty < 0 ? strerror(errno) : "yes");
	if (tty >= 0)
		close(tty);
	errno = 0;
	if (syscall(SYS_getcwd, cwd, sizeof(cwd)) < 0)
		strcpy(cwd, strerror(errno));
	printf("cwd %s\n", cwd);
}

static const char *type_of(mode_t mode)
{
	return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "dir" :
	       S_ISLNK(mode) ? "link" : S_ISCHR(mode) ? "char" :
	       S_ISBLK(mode) ? "block" : S_ISFIFO(mode) ? "fifo" :
	       S_ISSOCK(mode) ? "socket" : "other";
}

static void show_fds(void)
{
	struct stat st;
	int fd, flags;

	for (fd = 0; fd < 65536; fd++) {
		if (fstat(fd, &st) < 0)
			continue;
		flags = fcntl(fd, F_GETFL);
		printf("fd %d %s %u:%u access %d\n", fd, type_of(st.st_mode),
		       major(st.st_rdev), minor(st.st_rdev),
		       flags & O_ACCMODE);
	}
}

static void show_env(int argc, char **argv)
{
	char **line;
	int i;

	for (i = 0; i < argc; i++)
		printf("arg %d %s\n", i, argv[i]);
	for (line = environ; *line; line++)
		printf("env %s\n", *line);
}

static void show_names(void)
{
	static const char *const kinds[] = {
		"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts",
	};
	char path[64], name[64];
	struct utsname uts;
	ssize_t length;
	size_t i;

	uname(&uts);
	printf("hostname %s\n", uts.nodename);
	printf("domainname %s\n", uts.domainname);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		length = readlink(path, name, sizeof(name) - 1);
		name[length < 0 ? 0 : length] = '\0';
		printf("namespace %s\n", name);
	}
	printf("exe %s\n", realpath("/proc/self/exe", NULL));
}

/* mountinfo(5) without its numbers, which vary from run to run. */
static void show_mounts(void)
{
	static char line[65536];
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char root[PATH_MAX], at[PATH_MAX], options[4096];
	char *rest, *tags;
	int end;

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*d %*d %*s %4095s %4095s %4095s%n", root, at,
			   options, &end) != 3)
			continue;
		tags = line + end;
		rest = strstr(tags, " - ");
		if (!rest)
			continue;
		printf("mount %s root %s options %s%s%s%s%s\n", at, root,
		       options, strstr(tags, " shared:") ? " shared" : "",
		       strstr(tags, " master:") ? " slave" : "",
		       strstr(tags, " unbindable") ? " unbindable" : "", rest);
	}
	if (file)
		fclose(file);
}

static void show_stat(const char *path)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t length;

	if (lstat(path, &st) < 0) {
		printf("stat %s %s\n", path, strerror(errno));
		return;
	}
	printf("stat %s %s %04o %u:%u", path, type_of(st.st_mode),
	       st.st_mode & 07777, st.st_uid, st.st_gid);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		printf(" rdev %u:%u", major(st.st_rdev), minor(st.st_rdev));
	if (S_ISLNK(st.st_mode)) {
		length = readlink(path, target, sizeof(target) - 1);
		target[length < 0 ? 0 : length] = '\0';
		printf(" -> %s", target);
	}
	printf("\n");
}

static void show_tree(const char *path)
{
	struct dirent **entries;
	char below[PATH_MAX];
	struct stat st;
	int i, count = scandir(path, &entries, NULL, alphasort);

	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, name);
		show_stat(below);
		if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
			show_tree(below);
	}
}

/* What a mask or a read-only path leaves: content, entries, writability. */
static void show_read(const char *path)
{
	char text[256];
	struct statvfs fs;
	ssize_t length;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : opendir(path);
	int entries = 0;

	if (fd < 0) {
		printf("read %s %s\n", path, strerror(errno));
		return;
	}
	while (dir && readdir(dir))
		entries++;
	length = dir ? entries - 2 : read(fd, text, sizeof(text) - 1);
	if (length < 0)
		printf("read %s %s", path, strerror(errno));
	else if (dir)
		printf("read %s %zd entries", path, length);
	else
		printf("read %s %.*s", path, (int)length, text);
	/* a file's text ends its line, or has none */
	if (dir || length <= 0 || text[length - 1] != '\n')
		printf("\n");
	if (fstatvfs(fd, &fs) == 0)
		printf("flags %s %#lx\n", path, fs.f_flag);
	printf("writable %s %s\n", path,
	       faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 ? "yes" :
	       strerror(errno));
	if (dir)
		closedir(dir);
	close(fd);
}

/* Of a security module, on the file itself. */
static void show_label(const char *path)
{
	char text[256];
	ssize_t length = lgetxattr(path, "security.selinux", text,
				   sizeof(text) - 1);

	text[length < 0 ? 0 : length] = '\0';
	printf("label %s %s\n", path, length < 0 ? strerror(errno) : text);
}

static void show_dev(void)
{
	show_stat("/dev");
	show_tree("/dev");
}

static const struct {
	const char *name;
	void (*show)(void);
} sections[] = {
	/* first, for the others open files */
	{ "fds", show_fds },
	{ "ids", show_ids },
	{ "capabilities", show_capabilities },
	{ "limits", show_limits },
	{ "signals", show_signals },
	{ "session", show_session },
	{ "keys", show_keys },
	{ "names", show_names },
	{ "mounts", show_mounts },
	{ "dev", show_dev },
};

static int is_asked(int argc, char **argv, const char *name)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return 1;
	return argc < 2;
}

int main(int argc, char **argv)
{
	size_t i;
	int arg;

	for (arg = 2; arg < argc && strcmp(argv[1], "stat") == 0; arg++)
		show_stat(argv[arg]);
	for (arg = 2; arg < argc && strcmp(argv[1], "read") == 0; arg++)
		show_read(argv[arg]);
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (is_asked(argc, argv, sections[i].name))
			sections[i].show();
	for (arg = 2; arg < argc && strcmp(argv[1], "label") == 0; arg++)
		show_label(argv[arg]);
	if (is_asked(argc, argv, "env"))
		show_env(argc, argv);
	fflush(stdout);
	return 0;
}
