/* words: as capabilities(7), namespaces(7) and getrlimit(2) spell them */

#include "words.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "plan.h"

#define WORDS(name, sentence) \
	const struct words name = { \
		sentence, name##_list, \
		sizeof(name##_list) / sizeof(name##_list[0]), \
	}

const struct word *word_find(const struct words *words, const char *text)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		if (strcmp(words->items[i].text, text) == 0)
			return &words->items[i];
	return NULL;
}

static const struct word capabilities_list[] = {
	{ "CAP_CHOWN", 0 },
	{ "CAP_DAC_OVERRIDE", 1 },
	{ "CAP_DAC_READ_SEARCH", 2 },
	{ "CAP_FOWNER", 3 },
	{ "CAP_FSETID", 4 },
	{ "CAP_KILL", 5 },
	{ "CAP_SETGID", 6 },
	{ "CAP_SETUID", 7 },
	{ "CAP_SETPCAP", 8 },
	{ "CAP_LINUX_IMMUTABLE", 9 },
	{ "CAP_NET_BIND_SERVICE", 10 },
	{ "CAP_NET_BROADCAST", 11 },
	{ "CAP_NET_ADMIN", 12 },
	{ "CAP_NET_RAW", 13 },
	{ "CAP_IPC_LOCK", 14 },
	{ "CAP_IPC_OWNER", 15 },
	{ "CAP_SYS_MODULE", 16 },
	{ "CAP_SYS_RAWIO", 17 },
	{ "CAP_SYS_CHROOT", 18 },
	{ "CAP_SYS_PTRACE", 19 },
	{ "CAP_SYS_PACCT", 20 },
	{ "CAP_SYS_ADMIN", 21 },
	{ "CAP_SYS_BOOT", 22 },
	{ "CAP_SYS_NICE", 23 },
	{ "CAP_SYS_RESOURCE", 24 },
	{ "CAP_SYS_TIME", 25 },
	{ "CAP_SYS_TTY_CONFIG", 26 },
	{ "CAP_MKNOD", 27 },
	{ "CAP_LEASE", 28 },
	{ "CAP_AUDIT_WRITE", 29 },
	{ "CAP_AUDIT_CONTROL", 30 },
	{ "CAP_SETFCAP", 31 },
	{ "CAP_MAC_OVERRIDE", 32 },
	{ "CAP_MAC_ADMIN", 33 },
	{ "CAP_SYSLOG", 34 },
	{ "CAP_WAKE_ALARM", 35 },
	{ "CAP_BLOCK_SUSPEND", 36 },
	{ "CAP_AUDIT_READ", 37 },
	{ "CAP_PERFMON", 38 },
	{ "CAP_BPF", 39 },
	{ "CAP_CHECKPOINT_RESTORE", 40 },
};
WORDS(capabilities, "the name of a capability");

static const struct word namespaces_list[] = {
	{ "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "network", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },
	{ "uts", CLONE_NEWUTS },
	{ "user", CLONE_NEWUSER },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
};
WORDS(namespaces, "one of mount, pid, network, ipc, uts, user, cgroup, time");

static const struct word resources_list[] = {
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_CORE", RLIMIT_CORE },
	{ "RLIMIT_CPU", RLIMIT_CPU },
	{ "RLIMIT_DATA", RLIMIT_DATA },
	{ "RLIMIT_FSIZE", RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS", RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE", RLIMIT_NICE },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_RSS", RLIMIT_RSS },
	{ "RLIMIT_RTPRIO", RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME", RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK", RLIMIT_STACK },
};
WORDS(resources, "a limit that getrlimit(2) has, as RLIMIT_NOFILE");

static const struct word propagations_list[] = {
	{ "private", MS_PRIVATE },
	{ "rprivate", MS_PRIVATE | MS_REC },
	{ "slave", MS_SLAVE },
	{ "rslave", MS_SLAVE | MS_REC },
	{ "shared", MS_SHARED },
	{ "rshared", MS_SHARED | MS_REC },
	{ "unbindable", MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
};
WORDS(propagations, "one of private, slave, shared, unbindable, or one of "
		    "them with an r before it");

static const struct word switches_list[] = {
	{ "pivot", SWITCH_PIVOT },
	{ "move", SWITCH_MOVE },
	{ "chroot", SWITCH_CHROOT },
};
WORDS(switches, "one of pivot, move, chroot");

static const struct word device_types_list[] = {
	{ "c", S_IFCHR },
	{ "u", S_IFCHR },	/* unbuffered, as mknod(1) has it */
	{ "b", S_IFBLK },
	{ "p", S_IFIFO },
};
WORDS(device_types, "one of c, u, b, p");

static const struct word mountpoints_list[] = {
	{ "create", 0 },
	{ "require", MOUNT_REQUIRE },
};
WORDS(mountpoints, "one of create, require");
