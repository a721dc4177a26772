/* bundle_linux: what the plan has at its top, or elsewhere */

#include <string.h>

#include "translation.h"

static void take_propagation(struct translation *t, const struct place *at,
			     const cJSON *value, cJSON *into)
{
	(void)t;
	(void)at;
	document_copy(document_object(into, "rootfs"), "propagation", value);
}

static void take_personality(struct translation *t, const struct place *at,
			     const cJSON *value, cJSON *into)
{
	(void)t;
	(void)at;
	document_copy(document_object(into, "process"), "personality", value);
}

/* What every container has: config-linux.md, Default Devices. */
static const struct {
	const char *path;
	int major;
	int minor;
} default_devices[] = {
	{ "/dev/null", 1, 3 },
	{ "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 },
	{ "/dev/tty", 5, 0 },
};

static bool has_device(const cJSON *devices, const char *path)
{
	const cJSON *device, *name;

	cJSON_ArrayForEach(device, devices) {
		name = document_member(device, "path");
		if (cJSON_IsString(name) && strcmp(name->valuestring, path) == 0)
			return true;
	}
	return false;
}

static void default_add(cJSON *devices, size_t i)
{
	cJSON *device = must(cJSON_CreateObject());

	document_add(device, "path",
		     cJSON_CreateString(default_devices[i].path));
	document_add(device, "type", cJSON_CreateString("c"));
	document_add(device, "major",
		     document_number(default_devices[i].major));
	document_add(device, "minor",
		     document_number(default_devices[i].minor));
	cJSON_AddItemToArray(devices, device);
}

/* The plan's list replaces the defaults, config.json's comes on top of them. */
static void take_devices(struct translation *t, const struct place *at,
			 const cJSON *value, cJSON *into)
{
	cJSON *devices;
	size_t i;

	if (!is_type(t, at, value, cJSON_Array))
		return;
	devices = must(cJSON_Duplicate(value, true));
	for (i = 0; i < sizeof(default_devices) / sizeof(default_devices[0]);
	     i++)
		if (!has_device(value, default_devices[i].path))
			default_add(devices, i);
	document_add(into, "devices", devices);
}

static void take_cgroups_path(struct translation *t, const struct place *at,
			      const cJSON *value, cJSON *into)
{
	(void)value;
	(void)into;
	if (!t->use->has_cgroup)
		fault(t->faults, at, "cannot be honoured: init-shim-run makes "
		      "no cgroups; make one and join it with --cgroup");
}

static const struct keys linux_keys = KEYS(
	TAKEN("namespaces", take_namespaces),
	TAKEN("uidMappings", take_uid_maps),
	TAKEN("gidMappings", take_gid_maps),
	TAKEN("timeOffsets", take_time_offsets),
	TAKEN("devices", take_devices),
	TAKEN("cgroupsPath", take_cgroups_path),
	TAKEN("resources", take_resources),
	TAKEN("rootfsPropagation", take_propagation),
	COPIED("sysctl"),
	COPIED("maskedPaths"),
	COPIED("readonlyPaths"),
	COPIED("mountLabel"),
	TAKEN("personality", take_personality),
	TAKEN("seccomp", take_seccomp),
	REFUSED("intelRdt", "cannot be honoured: init-shim-run assigns "
		"no classes of service"),
	REFUSED("memoryPolicy", "cannot be honoured: init-shim-run sets "
		"no memory policy"),
	REFUSED("netDevices", "cannot be honoured: init-shim-run moves "
		"no network devices"));

void take_linux(struct translation *t, const struct place *at,
		const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, linux_keys, into);
}
