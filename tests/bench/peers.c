/* peers: runc and crun with a bundle, bubblewrap with arguments */

#include "peers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BUNDLE "/tmp/bundle"
#define SETTLE_NS 20000000

static int bwrap_args;		/* --args: with NULs between */

static void add(FILE *to, const char *const *words)
{
	for (; *words; words++)
		fwrite(*words, strlen(*words) + 1, 1, to);
}

#define ADD(to, ...) add(to, (const char *const []){ __VA_ARGS__, NULL })

/* What of the default plan bubblewrap can do, in its words. */
static void write_bwrap(FILE *to, const struct scenario *scenario)
{
	static const char *const readonly[] = {
		"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
	};
	static const char *const files[] = {
		"/proc/kcore", "/proc/keys", "/proc/timer_list",
	};
	char at[32];
	unsigned i;

	ADD(to, "--unshare-pid", "--unshare-ipc", "--unshare-uts",
	    "--unshare-cgroup", "--as-pid-1", "--hostname", "bench",
	    "--cap-drop", "ALL", "--new-session", "--bind", ROOTFS, "/",
	    "--proc", "/proc", "--dev", "/dev", "--mqueue", "/dev/mqueue",
	    "--ro-bind", "/sys", "/sys");
	if (scenario->network)
		ADD(to, "--unshare-net");
	for (i = 0; i < scenario->binds; i++) {
		snprintf(at, sizeof(at), "/binds/%05u", i);
		ADD(to, "--bind", BIND_SOURCE, at);
	}
	for (i = 0; i < sizeof(readonly) / sizeof(readonly[0]); i++)
		ADD(to, "--ro-bind-try", readonly[i], readonly[i]);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (access(files[i], F_OK) == 0)
			ADD(to, "--ro-bind", "/dev/null", files[i]);
	for (i = 0; i < scenario->masks; i++) {
		snprintf(at, sizeof(at), "/masks/%05u", i);
		ADD(to, "--ro-bind", "/dev/null", at);
	}
	if (access("/proc/acpi", F_OK) == 0)
		ADD(to, "--tmpfs", "/proc/acpi");
	if (access("/sys/firmware", F_OK) == 0)
		ADD(to, "--tmpfs", "/sys/firmware");
}

/* As most machines have it: crun refuses those that have v1 besides. */
static void mount_cgroup2(void)
{
	umount2("/sys/fs/cgroup", MNT_DETACH);
	if (mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) < 0)
		die("cgroup2: %s", strerror(errno));
}

void peers_open(const struct scenario *scenario)
{
	char *plan = plan_oci(scenario);
	int fd = memfd_create("args", 0);
	FILE *file;

	if (mkdir(BUNDLE, 0755) < 0 ||
	    !(file = fopen(BUNDLE "/config.json", "we")) ||
	    fputs(plan, file) < 0 || fclose(file) != 0)
		die(BUNDLE ": %s", strerror(errno));
	free(plan);
	mount_cgroup2();
	bwrap_args = fcntl(fd, F_DUPFD, 20);
	file = fdopen(fd, "w");
	if (!file || bwrap_args < 0)
		die("memfd_create: %s", strerror(errno));
	write_bwrap(file, scenario);
	fclose(file);
}

static void become(const char *name)
{
	char number[16];

	dup2(open("/dev/null", O_RDWR), 0);
	dup2(0, 1);
	if (strcmp(name, "bwrap") == 0) {
		lseek(bwrap_args, 0, SEEK_SET);
		snprintf(number, sizeof(number), "%d", bwrap_args);
		execlp(name, name, "--args", number, TARGET, (char *)NULL);
	}
	close(bwrap_args);
	/* nobody else here makes cgroups, and on some hosts crun cannot */
	if (strcmp(name, "crun") == 0)
		execlp(name, name, "--root", "/tmp/state", "--cgroup-manager",
		       "disabled", "run", "--bundle", BUNDLE, "bench",
		       (char *)NULL);
	execlp(name, name, "--root", "/tmp/state", "run", "--bundle", BUNDLE,
	       "bench", (char *)NULL);
	_exit(127);
}

void peer_run(const char *name)
{
	const struct timespec settle = { .tv_nsec = SETTLE_NS };
	pid_t pid = fork();
	int status;

	if (pid == 0)
		become(name);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		die("%s failed", name);
	nanosleep(&settle, NULL);
}
