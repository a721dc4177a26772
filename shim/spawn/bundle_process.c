/* bundle_process: the process is the plan's, but for what is not Linux */

#include "translation.h"

/* Without a terminal the container has plain descriptors: bundle.h. */
static void take_terminal(struct translation *t, const struct place *at,
			  const cJSON *value, cJSON *into)
{
	if (cJSON_IsFalse(value))
		return;
	if (!is_type(t, at, value, cJSON_True) || !t->use->has_terminal)
		return;
	t->launch->has_terminal = true;
	document_copy(into, "terminal", value);
}

static void take_console_size(struct translation *t, const struct place *at,
			      const cJSON *value, cJSON *into)
{
	(void)at;
	if (t->use->has_terminal)
		document_copy(into, "consoleSize", value);
}

#define WINDOWS "is for Windows"

static const struct keys user_keys = KEYS(
	COPIED("uid"),
	COPIED("gid"),
	COPIED("umask"),
	COPIED("additionalGids"),
	REFUSED("username", WINDOWS));

static void take_user(struct translation *t, const struct place *at,
		      const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, user_keys, document_object(into, "user"));
}

static const struct keys process_keys = KEYS(
	TAKEN("terminal", take_terminal),
	TAKEN("consoleSize", take_console_size),
	TAKEN("user", take_user),
	COPIED("args"),
	COPIED("env"),
	COPIED("cwd"),
	COPIED("capabilities"),
	COPIED("rlimits"),
	COPIED("noNewPrivileges"),
	COPIED("oomScoreAdj"),
	COPIED("scheduler"),
	COPIED("ioPriority"),
	COPIED("execCPUAffinity"),
	COPIED("selinuxLabel"),
	COPIED("apparmorProfile"),
	REFUSED("commandLine", WINDOWS));

void take_process(struct translation *t, const struct place *at,
		  const cJSON *value, cJSON *into)
{
	keys_take(t, at, value, process_keys,
		  document_object(into, "process"));
}
