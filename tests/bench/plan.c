/* plan: the default plan of the OCI runtimes, in both dialects */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

#define JSON(...) #__VA_ARGS__
#define JSON_OF(...) JSON(__VA_ARGS__)	/* with macros in it */

static const char mounts[] = JSON(
	{"destination": "/proc", "type": "proc", "source": "proc",
	 "options": ["nosuid", "noexec", "nodev"]},
	{"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
	 "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
	{"destination": "/dev/pts", "type": "devpts", "source": "devpts",
	 "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666",
		     "mode=0620", "gid=5"]},
	{"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
	 "options": ["nosuid", "noexec", "nodev", "mode=1777",
		     "size=65536k"]},
	{"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
	 "options": ["nosuid", "noexec", "nodev"]},
	{"destination": "/sys", "type": "sysfs", "source": "sysfs",
	 "options": ["nosuid", "noexec", "nodev", "ro"]},
	{"destination": "/sys/fs/cgroup", "type": "cgroup2",
	 "source": "cgroup",
	 "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]});

static const char masked[] = JSON(
	"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys",
	"/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
	"/proc/sched_debug", "/proc/scsi", "/sys/firmware");

static const char readonly[] = JSON(
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
	"/proc/sysrq-trigger");

static const char process[] = JSON(
	"cwd": "/", "user": {"uid": 0, "gid": 0}, "noNewPrivileges": true,
	"rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1024, "hard": 1024}]);

static const char show[] = JSON_OF(SHOW, SHOW_SECTIONS);

static void write_mounts(FILE *to, const struct scenario *scenario)
{
	unsigned i;

	fprintf(to, "\"mounts\": [%s", mounts);
	for (i = 0; i < scenario->binds; i++)
		fprintf(to, ", {\"destination\": \"/binds/%05u\", "
			"\"type\": \"bind\", \"source\": \"%s\", "
			"\"options\": [\"bind\"]}", i, BIND_SOURCE);
	if (scenario->copied)
		fputs(", {\"destination\": \"/copied\", \"type\": \"tmpfs\", "
		      "\"source\": \"tmpfs\", "
		      "\"options\": [\"tmpcopyup\", \"mode=755\"]}", to);
	fputc(']', to);
}

static void write_hidden(FILE *to, const struct scenario *scenario)
{
	unsigned i;

	fprintf(to, "\"maskedPaths\": [%s", masked);
	for (i = 0; i < scenario->masks; i++)
		fprintf(to, ", \"/masks/%05u\"", i);
	fprintf(to, "], \"readonlyPaths\": [%s]", readonly);
}

char *plan_text(const struct scenario *scenario, const char *target,
		bool start)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		die("no memory");
	fprintf(to, "{\"version\": 1, \"rootfs\": {\"path\": \"%s\"}, "
		"\"hostname\": \"bench\", \"namespaces\": [%s\"mount\", "
		"\"pid\", \"ipc\", \"uts\", \"cgroup\"], ", ROOTFS,
		scenario->network ? "\"network\", " : "");
	write_mounts(to, scenario);
	fputs(", ", to);
	write_hidden(to, scenario);
	fprintf(to, ", \"sync\": {\"hooks\": true, \"start\": %s}, "
		"\"process\": {\"args\": [%s], %s}}",
		start ? "true" : "false",
		strcmp(target, SHOW) ? "\"" TARGET "\"" : show, process);
	fclose(to);
	return text;
}

char *plan_oci(const struct scenario *scenario)
{
	char *text;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		die("no memory");
	fprintf(to, "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"%s\"}, "
		"\"hostname\": \"bench\", ", ROOTFS);
	write_mounts(to, scenario);
	fprintf(to, ", \"linux\": {\"namespaces\": [%s{\"type\": \"mount\"}, "
		"{\"type\": \"pid\"}, {\"type\": \"ipc\"}, "
		"{\"type\": \"uts\"}, {\"type\": \"cgroup\"}], ",
		scenario->network ? "{\"type\": \"network\"}, " : "");
	write_hidden(to, scenario);
	fprintf(to, "}, \"process\": {\"args\": [\"%s\"], "
		"\"env\": [\"PATH=/bin\"], %s}}", TARGET, process);
	fclose(to);
	return text;
}
