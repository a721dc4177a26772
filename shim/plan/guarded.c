/* guarded: what may be mounted over in /proc */

#include "plan/guarded.h"

#include <stddef.h>

#include "kernel/path.h"

/* What the OCI runtimes let be covered: runc, checkProcMount. */
static const char allowed[][28] = {
	"proc/cpuinfo", "proc/diskstats", "proc/meminfo", "proc/stat",
	"proc/swaps", "proc/uptime", "proc/loadavg", "proc/slabinfo",
	"proc/net/dev", "proc/sys/kernel/ns_last_pid",
};

enum guarded guarded_place(const char *spelled, const char *resolved)
{
	enum path_relation place = path_compare(resolved, "proc");
	size_t i;

	if (place != PATH_BELOW)
		return place == PATH_SAME ? GUARDED_ROOT : GUARDED_NOT;
	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (path_compare(spelled, allowed[i]) == PATH_SAME)
			return GUARDED_NOT;
	return GUARDED_BELOW;
}
