/* bundle_hooks: whose they are, the parent's or the shim's */

#include <stdint.h>

#include "translation.h"

static void take_hook_path(struct translation *t, const struct place *at,
			   const cJSON *value, cJSON *into)
{
	if (take_path(t, at, value))
		document_copy(into, "path", value);
}

static void take_texts(struct translation *t, const struct place *at,
		       const cJSON *value, cJSON *into)
{
	const cJSON *text;
	size_t i = 0;

	if (!is_type(t, at, value, cJSON_Array))
		return;
	cJSON_ArrayForEach(text, value)
		is_type(t, AT_INDEX(at, i++), text, cJSON_String);
	document_copy(into, at->key, value);
}

static void take_timeout(struct translation *t, const struct place *at,
			 const cJSON *value, cJSON *into)
{
	take_integer(t, at, value, 1, INT32_MAX);
	document_copy(into, "timeout", value);
}

static const struct keys hook_keys = KEYS(
	TAKEN("path", take_hook_path),
	TAKEN("args", take_texts),
	TAKEN("env", take_texts),
	TAKEN("timeout", take_timeout));

/* Each is looked at; what they become is a list like the one that was. */
static cJSON *take_list(struct translation *t, const struct place *at,
			const cJSON *value)
{
	cJSON *list = must(cJSON_CreateArray()), *hook;
	const cJSON *child;
	size_t i = 0;

	if (!is_type(t, at, value, cJSON_Array))
		return list;
	for (child = value->child; child; child = child->next, i++) {
		hook = must(cJSON_CreateObject());
		cJSON_AddItemToArray(list, hook);
		keys_take(t, AT_INDEX(at, i), child, hook_keys, hook);
		if (cJSON_IsObject(child) && !document_member(child, "path"))
			fault(t->faults, AT_INDEX(at, i), "lacks \"path\"");
	}
	return list;
}

static void take_planned(struct translation *t, const struct place *at,
			 const cJSON *value, cJSON *into)
{
	document_add(document_object(into, "hooks"), at->key,
		     take_list(t, at, value));
}

#define TAKE_OURS(name, kind) \
static void take_##name(struct translation *t, const struct place *at, \
			const cJSON *value, cJSON *into) \
{ \
	(void)into; \
	t->launch->hooks[kind] = take_list(t, at, value); \
}

TAKE_OURS(prestart, HOOK_PRESTART)
TAKE_OURS(create_runtime, HOOK_CREATE_RUNTIME)
TAKE_OURS(poststart, HOOK_POSTSTART)
TAKE_OURS(poststop, HOOK_POSTSTOP)

static const struct keys hooks_keys = KEYS(
	TAKEN("prestart", take_prestart),
	TAKEN("createRuntime", take_create_runtime),
	TAKEN("createContainer", take_planned),
	TAKEN("startContainer", take_planned),
	TAKEN("poststart", take_poststart),
	TAKEN("poststop", take_poststop));

void take_hooks(struct translation *t, const struct place *at,
		const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, hooks_keys, into);
}
