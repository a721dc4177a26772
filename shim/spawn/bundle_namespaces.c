/* bundle_namespaces: made or joined, and what goes with new ones */

#include <sched.h>
#include <stdlib.h>

#include "fd.h"
#include "namespaces.h"
#include "translation.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static const struct place linux_at = { .key = "linux" };

/*
 * One that is not the host's counts as the container's own in the plan, and
 * its sysctls and names may be set.  But not a mount namespace: its root is
 * others' too, and must not be switched.
 */
static void join(struct translation *t, const struct place *at,
		 const struct namespace_kind *kind, const char *path)
{
	struct launch *launch = t->launch;
	struct failure why = {0};
	char sentence[1024];
	bool is_own = false;
	autoclose int fd = namespace_open(path, kind, &is_own, &why);

	if (fd < 0) {
		fault(t->faults, at, "%s", failure_sentence(&why, sentence,
							sizeof(sentence)));
		return;
	}
	if (is_own)
		return;
	launch->joined[launch->joined_count++] = (struct joined){
		kind->kind, take(&fd),
	};
	if (kind->kind != CLONE_NEWNS)
		namespace_plan(launch, kind);
}

static const struct keys namespace_keys = KEYS(
	TAKEN("type", take_below),
	TAKEN("path", take_below));

static const struct namespace_kind *kind_of_entry(struct translation *t,
						  const struct place *at,
						  const cJSON *entry)
{
	const cJSON *type = document_member(entry, "type");
	const struct namespace_kind *kind;

	if (!type) {
		if (cJSON_IsObject(entry))
			fault(t->faults, at, "lacks \"type\"");
		return NULL;
	}
	if (!is_type(t, AT(at, "type"), type, cJSON_String))
		return NULL;
	kind = namespace_find(type->valuestring);
	if (!kind)
		fault(t->faults, AT(at, "type"), "must be one of mount, pid, "
		      "network, ipc, uts, user, cgroup, time, is %s",
		      QUOTE(type->valuestring));
	return kind;
}

static void take_namespace(struct translation *t, const struct place *at,
			   const cJSON *entry, unsigned *seen)
{
	const struct namespace_kind *kind;
	const cJSON *path;

	keys_take(t, at, entry, namespace_keys, NULL);
	kind = kind_of_entry(t, at, entry);
	if (!kind)
		return;
	if (*seen & kind->kind) {
		fault(t->faults, at, "must be there once only, its type was "
		      "there before");
		return;
	}
	*seen |= kind->kind;
	path = document_member(entry, "path");
	if (!path) {
		t->launch->created |= kind->kind;
		namespace_plan(t->launch, kind);
	} else if (take_path(t, AT(at, "path"), path)) {
		join(t, AT(at, "path"), kind, path->valuestring);
	}
}

void take_namespaces(struct translation *t, const struct place *at,
		     const cJSON *value, cJSON *into)
{
	const cJSON *entry;
	unsigned seen = 0;
	size_t i = 0;

	(void)into;
	if (!is_type(t, at, value, cJSON_Array))
		return;
	cJSON_ArrayForEach(entry, value)
		take_namespace(t, AT_INDEX(at, i++), entry, &seen);
}

/* What one entry of a map says. */
static int64_t id_of(struct translation *t, const struct place *at,
		     const cJSON *entry, const char *key, int64_t least)
{
	const cJSON *value = document_member(entry, key);

	if (value)
		return take_integer(t, AT(at, key), value, least,
				    UINT32_MAX - 1 + least);
	if (cJSON_IsObject(entry))
		fault(t->faults, at, "lacks \"%s\"", key);
	return 0;
}

static const struct keys map_keys = KEYS(
	TAKEN("containerID", take_below),
	TAKEN("hostID", take_below),
	TAKEN("size", take_below));

static void take_maps(struct translation *t, const struct place *at,
		      const cJSON *value, struct id_maps *maps)
{
	const cJSON *entry;

	if (!is_type(t, at, value, cJSON_Array))
		return;
	maps->items = must(calloc((size_t)cJSON_GetArraySize(value) + 1,
				  sizeof(maps->items[0])));
	cJSON_ArrayForEach(entry, value) {
		const struct place *here = AT_INDEX(at, maps->count);
		struct id_map *map = &maps->items[maps->count++];

		keys_take(t, here, entry, map_keys, NULL);
		map->container_id =
			(uint32_t)id_of(t, here, entry, "containerID", 0);
		map->host_id = (uint32_t)id_of(t, here, entry, "hostID", 0);
		map->size = (uint32_t)id_of(t, here, entry, "size", 1);
	}
}

void take_uid_maps(struct translation *t, const struct place *at,
		   const cJSON *value, cJSON *into)
{
	(void)into;
	take_maps(t, at, value, &t->launch->uid_maps);
}

void take_gid_maps(struct translation *t, const struct place *at,
		   const cJSON *value, cJSON *into)
{
	(void)into;
	take_maps(t, at, value, &t->launch->gid_maps);
}

static const struct keys offset_keys = KEYS(
	TAKEN("secs", take_below),
	TAKEN("nanosecs", take_below));

static void take_offset(struct translation *t, const struct place *at,
			const cJSON *value, struct clock_offset *offset)
{
	const cJSON *seconds, *nanoseconds;

	keys_take(t, at, value, offset_keys, NULL);
	seconds = document_member(value, "secs");
	nanoseconds = document_member(value, "nanosecs");
	offset->given = true;
	if (seconds)
		offset->seconds = take_integer(t, AT(at, "secs"), seconds,
					       -INT64_C(9000000000),
					       INT64_C(9000000000));
	if (nanoseconds)
		offset->nanoseconds = (uint32_t)
			take_integer(t, AT(at, "nanosecs"), nanoseconds, 0,
				     999999999);
}

static void take_monotonic(struct translation *t, const struct place *at,
			   const cJSON *value, cJSON *into)
{
	(void)into;
	take_offset(t, at, value, &t->launch->monotonic);
}

static void take_boottime(struct translation *t, const struct place *at,
			  const cJSON *value, cJSON *into)
{
	(void)into;
	take_offset(t, at, value, &t->launch->boottime);
}

static const struct keys clock_keys = KEYS(
	TAKEN("monotonic", take_monotonic),
	TAKEN("boottime", take_boottime));

void take_time_offsets(struct translation *t, const struct place *at,
		       const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, clock_keys, into);
}

static void maps_check(struct translation *t, const char *key,
		       const struct id_maps *maps)
{
	bool is_new = t->launch->created & CLONE_NEWUSER;

	if (maps->count && !is_new)
		fault(t->faults, AT(&linux_at, key), "needs a new user "
		      "namespace in /linux/namespaces");
	else if (!maps->count && is_new && !t->use->is_rootless)
		fault(t->faults, &linux_at, "lacks \"%s\", which a new user "
		      "namespace needs", key);
}

void namespaces_check(struct translation *t)
{
	const struct launch *launch = t->launch;

	maps_check(t, "uidMappings", &launch->uid_maps);
	maps_check(t, "gidMappings", &launch->gid_maps);
	if ((launch->monotonic.given || launch->boottime.given) &&
	    !(launch->created & CLONE_NEWTIME))
		fault(t->faults, AT(&linux_at, "timeOffsets"), "needs a new "
		      "time namespace in /linux/namespaces");
}
