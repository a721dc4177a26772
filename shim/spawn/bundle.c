/* bundle: config.json by tables, and back from the plan's pointers */

#include "bundle.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "plan/sense.h"
#include "plan/tree.h"
#include "translation.h"

static const struct key *key_find(struct keys keys, const char *name)
{
	size_t i;

	for (i = 0; i < keys.count; i++)
		if (strcmp(keys.items[i].name, name) == 0)
			return &keys.items[i];
	return NULL;
}

static void key_take(struct translation *t, const struct place *at,
		     const struct key *key, const cJSON *value, cJSON *into)
{
	if (!key)
		fault(t->faults, at, "is no key of the OCI runtime-spec 1.3 "
		      "that init-shim knows");
	else if (key->take)
		key->take(t, at, value, into);
	else if (key->refused)
		fault(t->faults, at, "%s", key->refused);
	else
		document_copy(into, key->name, value);
}

void keys_take(struct translation *t, const struct place *at,
	       const cJSON *object, struct keys keys, cJSON *into)
{
	const cJSON *child;

	if (!is_type(t, at, object, cJSON_Object))
		return;
	for (child = object->child; child; child = child->next)
		key_take(t, AT(at, child->string),
			 key_find(keys, child->string), child, into);
}

void take_below(struct translation *t, const struct place *at,
		const cJSON *value, cJSON *into)
{
	(void)t;
	(void)at;
	(void)value;
	(void)into;
}

bool is_type(struct translation *t, const struct place *at,
	     const cJSON *value, int type)
{
	const cJSON wanted = { .type = type };

	if ((value->type & 0xff) == type)
		return true;
	fault(t->faults, at, "must be %s, is %s", kind_of(&wanted),
	      kind_of(value));
	return false;
}

const char *take_path(struct translation *t, const struct place *at,
		      const cJSON *value)
{
	const char *why;

	if (!is_type(t, at, value, cJSON_String))
		return NULL;
	why = absolute_path(value->valuestring);
	if (!why)
		return value->valuestring;
	fault(t->faults, at, "%s, is %s", why, QUOTE(value->valuestring));
	return NULL;
}

int64_t take_integer(struct translation *t, const struct place *at,
		     const cJSON *value, int64_t least, int64_t most)
{
	int64_t number = least;

	if (is_type(t, at, value, cJSON_Number) &&
	    !document_integer(value, least, most, &number))
		fault(t->faults, at, "must be an integer from %lld to %lld, "
		      "is %s", (long long)least, (long long)most,
		      value->valuestring);
	return number;
}

cJSON *path_in_bundle(struct translation *t, const char *path)
{
	char whole[2 * PATH_MAX];

	if (*path == '/')
		return must(cJSON_CreateString(path));
	snprintf(whole, sizeof(whole), "%s/%s", t->launch->bundle, path);
	return must(cJSON_CreateString(whole));
}

/* Minor versions add keys, and unknown keys are refused. */
static void take_version(struct translation *t, const struct place *at,
			 const cJSON *value, cJSON *into)
{
	if (!is_type(t, at, value, cJSON_String))
		return;
	if (strncmp(value->valuestring, "1.", 2) != 0)
		fault(t->faults, at, "must be a version 1 of the OCI "
		      "runtime-spec, is %s", QUOTE(value->valuestring));
	document_copy(document_object(into, "state"), "ociVersion", value);
}

static void take_root_path(struct translation *t, const struct place *at,
			   const cJSON *value, cJSON *into)
{
	if (!is_type(t, at, value, cJSON_String))
		return;
	if (!*value->valuestring)
		fault(t->faults, at, "must not be empty");
	else
		document_add(into, "path",
			     path_in_bundle(t, value->valuestring));
}

static const struct keys root_keys = KEYS(
	TAKEN("path", take_root_path),
	COPIED("readonly"));

static void take_root(struct translation *t, const struct place *at,
		      const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, root_keys, document_object(into, "rootfs"));
}

static void take_annotations(struct translation *t, const struct place *at,
			     const cJSON *value, cJSON *into)
{
	(void)t;
	(void)at;
	document_copy(document_object(into, "state"), "annotations", value);
}

#define OTHER_SYSTEM "is for another system than Linux"

static const struct keys config_keys = KEYS(
	TAKEN("ociVersion", take_version),
	TAKEN("root", take_root),
	TAKEN("mounts", take_mounts),
	TAKEN("process", take_process),
	COPIED("hostname"),
	COPIED("domainname"),
	TAKEN("hooks", take_hooks),
	TAKEN("annotations", take_annotations),
	TAKEN("linux", take_linux),
	REFUSED("solaris", OTHER_SYSTEM),
	REFUSED("windows", OTHER_SYSTEM),
	REFUSED("freebsd", OTHER_SYSTEM),
	REFUSED("zos", OTHER_SYSTEM),
	REFUSED("vm", "is for virtual machines"));

static void required(struct translation *t, const char *key)
{
	if (!document_member(t->launch->document, key))
		fault(t->faults, NULL, "lacks \"%s\"", key);
}

/* The plan's keys in the order of README, whatever config.json's is. */
static cJSON *plan_begin(const struct launch *launch,
			 const struct bundle_use *use)
{
	cJSON *plan = must(cJSON_CreateObject()), *state;

	document_add(plan, "version", document_number(1));
	document_object(plan, "rootfs");
	document_add(plan, "namespaces", cJSON_CreateArray());
	state = document_object(plan, "state");
	document_add(state, "id", cJSON_CreateString(use->id));
	document_add(state, "bundle", cJSON_CreateString(launch->bundle));
	return plan;
}

int bundle_translate(struct launch *launch, const struct bundle_use *use,
		     struct plan_faults *faults)
{
	struct translation t = {
		.launch = launch, .use = use, .faults = faults,
	};
	size_t before = faults->count;

	launch->plan = plan_begin(launch, use);
	keys_take(&t, NULL, launch->document, config_keys, launch->plan);
	required(&t, "ociVersion");
	required(&t, "root");
	namespaces_check(&t);
	resources_check(&t);
	return faults->count == before ? 0 : -1;
}

/* What has another place in the plan; the longest of those that fit first. */
static const struct {
	const char *plan;
	const char *config;
} moved[] = {
	{ "/rootfs/propagation", "/linux/rootfsPropagation" },
	{ "/rootfs", "/root" },
	{ "/namespaces", "/linux/namespaces" },
	{ "/devices", "/linux/devices" },
	{ "/mountLabel", "/linux/mountLabel" },
	{ "/maskedPaths", "/linux/maskedPaths" },
	{ "/readonlyPaths", "/linux/readonlyPaths" },
	{ "/sysctl", "/linux/sysctl" },
	{ "/state/annotations", "/annotations" },
	{ "/state", "" },
	{ "/process/personality", "/linux/personality" },
	{ "/process/seccomp", "/linux/seccomp" },
	{ "/version", "" },
};

const char *bundle_pointer(const char *plan_pointer, char *text, size_t size)
{
	size_t i, length;

	for (i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		length = strlen(moved[i].plan);
		if (strncmp(plan_pointer, moved[i].plan, length) == 0 &&
		    (!plan_pointer[length] || plan_pointer[length] == '/')) {
			snprintf(text, size, "%s%s", moved[i].config,
				 plan_pointer + length);
			return text;
		}
	}
	snprintf(text, size, "%s", plan_pointer);
	return text;
}
