/*
 * floor: the container of the default plan by raw system calls, no checks.
 *
 *	floor ROOTFS API BINDS WHERE MASKS COPYUP SYNC TARGET
 *
 * What the same work costs where nothing is read, validated or distrusted:
 * the least that init-shim could take.  The container has the mounts, nodes,
 * limits and ids that init-shim makes of the plan in plan.c; "measure --check"
 * compares them.  The descriptor 3 is the parent's end of the protocol.
 *
 *	API	best	mount(2), and open_tree(2) for what is restricted
 *		mount	mount(2) for all
 *		new	fsopen(2), open_tree(2) and move_mount(2) for all
 *	WHERE	plain	by path, where nobody changes the rootfs meanwhile
 *		inside	openat2(2) with RESOLVE_IN_ROOT first
 *	SYNC	ready	goes on after the message "ready"
 *		start	waits for an answer to that, too
 */

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "floor.h"
#include "kernel/abi.h"

#define SYNC 3

static const struct filesystem filesystems[] = {
	{ "proc", "proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL },
	{ "dev", "tmpfs", "tmpfs", MS_NOSUID | MS_STRICTATIME,
	  "mode=755,size=65536k" },
	{ "dev/pts", "devpts", "devpts", MS_NOSUID | MS_NOEXEC,
	  "newinstance,ptmxmode=0666,mode=0620,gid=5" },
	{ "dev/shm", "tmpfs", "shm", MS_NOSUID | MS_NOEXEC | MS_NODEV,
	  "mode=1777,size=65536k" },
	{ "dev/mqueue", "mqueue", "mqueue", MS_NOSUID | MS_NOEXEC | MS_NODEV,
	  NULL },
	{ "sys", "sysfs", "sysfs",
	  MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY, NULL },
	{ "sys/fs/cgroup", "cgroup2", "cgroup",
	  MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RELATIME | MS_RDONLY, NULL },
};

static const struct {
	char path[12];
	unsigned char minor, major;
} nodes[] = {
	{ "dev/null", 3, 1 }, { "dev/zero", 5, 1 }, { "dev/full", 7, 1 },
	{ "dev/random", 8, 1 }, { "dev/urandom", 9, 1 }, { "dev/tty", 0, 5 },
};

static const char *const links[][2] = {
	{ "pts/ptmx", "dev/ptmx" },
	{ "/proc/self/fd", "dev/fd" },
	{ "/proc/self/fd/0", "dev/stdin" },
	{ "/proc/self/fd/1", "dev/stdout" },
	{ "/proc/self/fd/2", "dev/stderr" },
};

static const char *const readonly[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
	"/proc/sysrq-trigger",
};

/* What each one is is known by heart here. */
static const struct {
	char path[24];
	bool directory;
} masks[] = {
	{ "/proc/acpi", true },
	{ "/proc/asound", true },
	{ "/proc/kcore", false },
	{ "/proc/keys", false },
	{ "/proc/latency_stats", false },
	{ "/proc/timer_list", false },
	{ "/proc/timer_stats", false },
	{ "/proc/sched_debug", false },
	{ "/proc/scsi", true },
	{ "/sys/firmware", true },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* PREFIX and a number of five digits, as stage.c and plan.c have them. */
static void name(char *to, const char *prefix, unsigned number)
{
	size_t at = strlen(prefix);
	unsigned digit;

	memcpy(to, prefix, at);
	for (digit = 5; digit-- > 0; number /= 10)
		to[at + digit] = (char)('0' + number % 10);
	to[at + 5] = '\0';
}

/* Small files, of root and with its usual mode, as stage.c makes them. */
static void copy_up(void)
{
	char buffer[65536];
	struct timespec times[2];
	struct dirent *entry;
	struct stat st;
	DIR *from;
	int in, out, to;
	ssize_t length;

	from = opendir("copied");
	fstat(dirfd(from), &st);
	mount("tmpfs", "copied", "tmpfs", 0, "mode=755");
	to = open("copied", O_PATH | O_CLOEXEC);
	while ((entry = readdir(from))) {
		if (entry->d_name[0] == '.')
			continue;
		in = openat(dirfd(from), entry->d_name, O_RDONLY);
		fstat(in, &st);
		out = openat(to, entry->d_name, O_WRONLY | O_CREAT,
			     st.st_mode & 07777);
		while ((length = read(in, buffer, sizeof(buffer))) > 0)
			write(out, buffer, (size_t)length);
		times[0] = st.st_atim;
		times[1] = st.st_mtim;
		futimens(out, times);
		close(out);
		close(in);
	}
	close(to);
	closedir(from);
}

static void make_devices(void)
{
	size_t i;

	for (i = 0; i < COUNT(nodes); i++)
		mknod(nodes[i].path, S_IFCHR | 0666,
		      makedev(nodes[i].major, nodes[i].minor));
	for (i = 0; i < COUNT(links); i++)
		symlink(links[i][0], links[i][1]);
}

static void mount_all(const struct api *api, bool inside, unsigned binds)
{
	int root = inside ? open(".", O_PATH | O_CLOEXEC) : -1;
	char at[16];
	size_t i;

	for (i = 0; i < COUNT(filesystems); i++) {
		/* what the tmpfs on /dev does not have yet */
		if (i >= 2 && i <= 4)
			mkdir(filesystems[i].at, 0755);
		api->mount(&filesystems[i]);
	}
	for (i = 0; i < binds; i++) {
		name(at, "binds/", (unsigned)i);
		if (inside)
			api->bind_inside(BIND_SOURCE, root, at);
		else
			api->bind(BIND_SOURCE, at);
	}
	/* mount(2) has gone into each of them */
	if (inside)
		fchdir(root);
}

static void hide(const struct api *api, unsigned more)
{
	struct cover null = COVER_NULL, empty = COVER_EMPTY;
	char at[16];
	size_t i;

	for (i = 0; i < COUNT(readonly); i++)
		api->make_readonly(readonly[i]);
	for (i = 0; i < COUNT(masks); i++)
		api->cover(masks[i].directory ? &empty : &null, masks[i].path);
	for (i = 0; i < more; i++) {
		name(at, "/masks/", (unsigned)i);
		api->cover(&null, at);
	}
}

static void drop_privileges(void)
{
	static const struct rlimit files = { 1024, 1024 };
	struct {
		unsigned version;
		int pid;
	} header = { 0x20080522, 0 };
	unsigned none[6] = { 0 };
	unsigned long capability = 0;

	setsid();
	syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, NULL);
	while (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
		capability++;
	syscall(SYS_setgroups, 0, NULL);
	syscall(SYS_setresgid, 0, 0, 0);
	syscall(SYS_setresuid, 0, 0, 0);
	syscall(SYS_capset, &header, none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	umask(022);
}

static void say(const char *message)
{
	write(SYNC, message, strlen(message));
}

static void hear(void)
{
	char answer[64];

	/* a parent that is gone ends the bench */
	if (read(SYNC, answer, sizeof(answer)) <= 0)
		_exit(125);
}

int main(int argc, char **argv)
{
	const struct api *api;
	char *env[] = { NULL };

	if (argc < 9)
		return 125;
	api = api_of(argv[2]);
	syscall(NR_CLOSE_RANGE, SYNC, ~0u, CLOSE_RANGE_CLOEXEC);
	umask(0);
	mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL);
	mount(argv[1], argv[1], NULL, MS_BIND | MS_REC, NULL);
	chdir(argv[1]);
	mount_all(api, *argv[4] == 'i', (unsigned)atoi(argv[3]));
	if (atoi(argv[6]))
		copy_up();
	make_devices();
	say("{\"type\":\"hooks\"}");
	hear();
	syscall(SYS_pivot_root, ".", ".");
	umount2(".", MNT_DETACH);
	sethostname("bench", 5);
	hide(api, (unsigned)atoi(argv[5]));
	drop_privileges();
	say("{\"type\":\"ready\"}");
	if (*argv[7] == 's')
		hear();
	execve(argv[8], argv + 8, env);
	return 126;
}
