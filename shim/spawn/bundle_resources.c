/*
 * bundle_resources: limits of a cgroup, of which there is none
 *
 * init-shim-run makes no cgroups, so what limits memory, CPU, processes and so
 * on is refused.  Rules for devices are honoured as far as that is possible
 * without a device cgroup: "deny all", which runc writes first into every
 * config.json, is true of a container that is given the planned nodes and
 * cannot make others.  What allows a device allows what nothing forbids.
 */

#include <sched.h>
#include <stdint.h>
#include <string.h>

#include "namespaces.h"
#include "plan/tree.h"
#include "translation.h"

#define NO_CGROUP "cannot be honoured: init-shim-run limits no resources; " \
		  "join a cgroup that does, with --cgroup"

static const struct place linux_at = { .key = "linux" };
static const struct place resources_at = { .up = &linux_at,
					   .key = "resources" };
static const struct place devices_at = { .up = &resources_at,
					 .key = "devices" };

static bool is_word(const cJSON *value, const char *word)
{
	return cJSON_IsString(value) && strcmp(value->valuestring, word) == 0;
}

/* -1 stands for all of them, as nothing does. */
static bool is_any_number(const cJSON *rule, const char *key)
{
	const cJSON *value = document_member(rule, key);
	int64_t number;

	return !value || document_integer(value, -1, -1, &number);
}

static bool is_all(const cJSON *rule)
{
	const cJSON *type = document_member(rule, "type");
	const cJSON *access = document_member(rule, "access");

	if (type && !is_word(type, "a") && !is_word(type, ""))
		return false;
	if (access && !is_word(access, "") &&
	    !(cJSON_IsString(access) && strchr(access->valuestring, 'r') &&
	      strchr(access->valuestring, 'w') &&
	      strchr(access->valuestring, 'm')))
		return false;
	return is_any_number(rule, "major") && is_any_number(rule, "minor");
}

static const struct keys rule_keys = KEYS(
	TAKEN("allow", take_below),
	TAKEN("type", take_below),
	TAKEN("major", take_below),
	TAKEN("minor", take_below),
	TAKEN("access", take_below));

static void deny_all(struct translation *t, size_t rule)
{
	t->denies_devices = true;
	t->denying_rule = rule;
}

static void take_rule(struct translation *t, const struct place *at,
		      const cJSON *rule)
{
	const cJSON *allow;

	keys_take(t, at, rule, rule_keys, NULL);
	if (!cJSON_IsObject(rule))
		return;
	allow = document_member(rule, "allow");
	if (allow && !cJSON_IsBool(allow))
		fault(t->faults, AT(at, "allow"), "must be a boolean, is %s",
		      kind_of(allow));
	else if (cJSON_IsTrue(allow))
		return;
	else if (is_all(rule))
		deny_all(t, at->index);
	else
		fault(t->faults, at, "cannot be honoured: without a device "
		      "cgroup only the rule that denies all devices holds");
}

static void take_rules(struct translation *t, const struct place *at,
		       const cJSON *value, cJSON *into)
{
	const cJSON *rule;
	size_t i = 0;

	(void)into;
	if (!is_type(t, at, value, cJSON_Array))
		return;
	cJSON_ArrayForEach(rule, value)
		take_rule(t, AT_INDEX(at, i++), rule);
}

/* Each limit by itself; an object or a list without members has none. */
static void take_limit(struct translation *t, const struct place *at,
		       const cJSON *value, cJSON *into)
{
	const cJSON *child;
	size_t i = 0;

	(void)into;
	if (!cJSON_IsObject(value) && !cJSON_IsArray(value))
		fault(t->faults, at, NO_CGROUP);
	cJSON_ArrayForEach(child, value) {
		fault(t->faults, child->string ? AT(at, child->string) :
		      AT_INDEX(at, i), NO_CGROUP);
		i++;
	}
}

static const struct keys resources_keys = KEYS(
	TAKEN("devices", take_rules),
	TAKEN("memory", take_limit),
	TAKEN("cpu", take_limit),
	TAKEN("pids", take_limit),
	TAKEN("blockIO", take_limit),
	TAKEN("hugepageLimits", take_limit),
	TAKEN("network", take_limit),
	TAKEN("rdma", take_limit),
	TAKEN("unified", take_limit));

void take_resources(struct translation *t, const struct place *at,
		    const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, resources_keys, into);
}

static bool has_mknod(const cJSON *capabilities)
{
	const cJSON *set, *name;

	cJSON_ArrayForEach(set, capabilities)
		cJSON_ArrayForEach(name, set)
			if (is_word(name, "CAP_MKNOD"))
				return true;
	return false;
}

/* In a user namespace mknod(2) makes no device, whatever the capabilities. */
void resources_check(struct translation *t)
{
	const cJSON *process = document_member(t->launch->plan, "process");

	if (!t->denies_devices || t->use->is_rootless ||
	    has_namespace(t->launch, CLONE_NEWUSER))
		return;
	if (has_mknod(document_member(process, "capabilities")))
		fault(t->faults, AT_INDEX(&devices_at, t->denying_rule),
		      "cannot be honoured: with "
		      "CAP_MKNOD and without a user namespace the container "
		      "could make the nodes that it is denied");
}
