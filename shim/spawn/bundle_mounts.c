/* bundle_mounts: a mount is the plan's, but for paths within the bundle */

#include <string.h>

#include "translation.h"

static const struct keys mount_keys = KEYS(
	COPIED("destination"),
	COPIED("type"),
	COPIED("source"),
	COPIED("options"),
	COPIED("uidMappings"),
	COPIED("gidMappings"));

static bool has_option(const cJSON *mount, const char *name)
{
	const cJSON *options = document_member(mount, "options"), *option;

	cJSON_ArrayForEach(option, options)
		if (cJSON_IsString(option) &&
		    strcmp(option->valuestring, name) == 0)
			return true;
	return false;
}

static bool is_bind(const cJSON *mount)
{
	const cJSON *type = document_member(mount, "type");

	return !cJSON_IsString(type) ||
	       strcmp(type->valuestring, "bind") == 0 ||
	       strcmp(type->valuestring, "none") == 0 ||
	       has_option(mount, "bind") || has_option(mount, "rbind");
}

static void source_in_bundle(struct translation *t, cJSON *mount)
{
	const cJSON *source = document_member(mount, "source");

	if (cJSON_IsString(source) && *source->valuestring && is_bind(mount))
		cJSON_ReplaceItemInObjectCaseSensitive(mount, "source",
				path_in_bundle(t, source->valuestring));
}

/* With mappings a mount is idmapped, whether an option says so or not. */
static void idmap_by_mappings(cJSON *mount)
{
	cJSON *options = document_member(mount, "options");

	if (!document_member(mount, "uidMappings") &&
	    !document_member(mount, "gidMappings"))
		return;
	if (has_option(mount, "idmap") || has_option(mount, "ridmap"))
		return;
	if (!options) {
		options = must(cJSON_CreateArray());
		document_add(mount, "options", options);
	}
	cJSON_AddItemToArray(options, must(cJSON_CreateString("idmap")));
}

void take_mounts(struct translation *t, const struct place *at,
		 const cJSON *value, cJSON *into)
{
	const cJSON *child;
	cJSON *mounts, *mount;
	size_t i = 0;

	if (!is_type(t, at, value, cJSON_Array))
		return;
	mounts = must(cJSON_CreateArray());
	document_add(into, "mounts", mounts);
	for (child = value->child; child; child = child->next, i++) {
		mount = must(cJSON_CreateObject());
		cJSON_AddItemToArray(mounts, mount);
		keys_take(t, AT_INDEX(at, i), child, mount_keys, mount);
		source_in_bundle(t, mount);
		idmap_by_mappings(mount);
	}
}
