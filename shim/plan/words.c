/* words: as capabilities(7), namespaces(7) and getrlimit(2) spell them */

#include "words.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "plan.h"

const struct word *word_find(const struct words *words, const char *text)
{
	size_t prefix = strlen(words->prefix), i;

	if (strncmp(text, words->prefix, prefix) != 0)
		return NULL;
	text += prefix;
	for (i = 0; i < words->count; i++)
		if (strcmp(words->items[i].text, text) == 0)
			return &words->items[i];
	return NULL;
}

const struct word *word_of_value(const struct words *words, uint32_t value)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		if (words->items[i].value == value)
			return &words->items[i];
	return NULL;
}

DEFINE_WORDS(capabilities, "CAP_", "the name of a capability",
	{ "CHOWN", 0 },
	{ "DAC_OVERRIDE", 1 },
	{ "DAC_READ_SEARCH", 2 },
	{ "FOWNER", 3 },
	{ "FSETID", 4 },
	{ "KILL", 5 },
	{ "SETGID", 6 },
	{ "SETUID", 7 },
	{ "SETPCAP", 8 },
	{ "LINUX_IMMUTABLE", 9 },
	{ "NET_BIND_SERVICE", 10 },
	{ "NET_BROADCAST", 11 },
	{ "NET_ADMIN", 12 },
	{ "NET_RAW", 13 },
	{ "IPC_LOCK", 14 },
	{ "IPC_OWNER", 15 },
	{ "SYS_MODULE", 16 },
	{ "SYS_RAWIO", 17 },
	{ "SYS_CHROOT", 18 },
	{ "SYS_PTRACE", 19 },
	{ "SYS_PACCT", 20 },
	{ "SYS_ADMIN", 21 },
	{ "SYS_BOOT", 22 },
	{ "SYS_NICE", 23 },
	{ "SYS_RESOURCE", 24 },
	{ "SYS_TIME", 25 },
	{ "SYS_TTY_CONFIG", 26 },
	{ "MKNOD", 27 },
	{ "LEASE", 28 },
	{ "AUDIT_WRITE", 29 },
	{ "AUDIT_CONTROL", 30 },
	{ "SETFCAP", 31 },
	{ "MAC_OVERRIDE", 32 },
	{ "MAC_ADMIN", 33 },
	{ "SYSLOG", 34 },
	{ "WAKE_ALARM", 35 },
	{ "BLOCK_SUSPEND", 36 },
	{ "AUDIT_READ", 37 },
	{ "PERFMON", 38 },
	{ "BPF", 39 },
	{ "CHECKPOINT_RESTORE", 40 });

DEFINE_WORDS(namespaces, "",
	"one of mount, pid, network, ipc, uts, user, cgroup, time",
	{ "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "network", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },
	{ "uts", CLONE_NEWUTS },
	{ "user", CLONE_NEWUSER },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME });

DEFINE_WORDS(resources, "RLIMIT_",
	"a limit that getrlimit(2) has, as RLIMIT_NOFILE",
	{ "AS", RLIMIT_AS },
	{ "CORE", RLIMIT_CORE },
	{ "CPU", RLIMIT_CPU },
	{ "DATA", RLIMIT_DATA },
	{ "FSIZE", RLIMIT_FSIZE },
	{ "LOCKS", RLIMIT_LOCKS },
	{ "MEMLOCK", RLIMIT_MEMLOCK },
	{ "MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "NICE", RLIMIT_NICE },
	{ "NOFILE", RLIMIT_NOFILE },
	{ "NPROC", RLIMIT_NPROC },
	{ "RSS", RLIMIT_RSS },
	{ "RTPRIO", RLIMIT_RTPRIO },
	{ "RTTIME", RLIMIT_RTTIME },
	{ "SIGPENDING", RLIMIT_SIGPENDING },
	{ "STACK", RLIMIT_STACK });

DEFINE_WORDS(propagations, "",
	"one of private, slave, shared, unbindable, or one of them with an r "
	"before it",
	{ "private", MS_PRIVATE },
	{ "rprivate", MS_PRIVATE | MS_REC },
	{ "slave", MS_SLAVE },
	{ "rslave", MS_SLAVE | MS_REC },
	{ "shared", MS_SHARED },
	{ "rshared", MS_SHARED | MS_REC },
	{ "unbindable", MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE | MS_REC });

DEFINE_WORDS(switches, "", "one of pivot, move, chroot",
	{ "pivot", SWITCH_PIVOT },
	{ "move", SWITCH_MOVE },
	{ "chroot", SWITCH_CHROOT });

DEFINE_WORDS(device_types, "", "one of c, u, b, p",
	{ "c", S_IFCHR },
	{ "u", S_IFCHR },	/* unbuffered, as mknod(1) has it */
	{ "b", S_IFBLK },
	{ "p", S_IFIFO });

DEFINE_WORDS(mountpoints, "", "one of create, require",
	{ "create", 0 },
	{ "require", MOUNT_REQUIRE });
