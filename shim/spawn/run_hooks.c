/* run_hooks: the shim's own way to run a command, with the state from here */

#include "run_hooks.h"

#include <fcntl.h>
#include <stdlib.h>

#include "commands.h"
#include "document.h"
#include "fd.h"
#include "kernel/file.h"
#include "run_read.h"
#include "run_state.h"

static const char *const pointers[HOOK_KINDS] = {
	[HOOK_PRESTART] = "/hooks/prestart",
	[HOOK_CREATE_RUNTIME] = "/hooks/createRuntime",
	[HOOK_POSTSTART] = "/hooks/poststart",
	[HOOK_POSTSTOP] = "/hooks/poststop",
};

/* Strings as execve(2) takes them; alone: the one where there is no list. */
static char **texts_of(const cJSON *list, const char *alone)
{
	size_t count = list ? (size_t)cJSON_GetArraySize(list) : 1;
	char **texts = must(calloc(count + 1, sizeof(texts[0])));
	const cJSON *text;
	size_t i = 0;

	cJSON_ArrayForEach(text, list)
		texts[i++] = text->valuestring;
	if (!list)
		texts[0] = (char *)alone;
	return texts;
}

static int run_one(const struct launch *launch, const cJSON *hook,
		   const char *state, const struct run_signals *signals,
		   struct failure *why)
{
	const char *path = document_member(hook, "path")->valuestring;
	struct command command = {
		.path = path,
		.args = texts_of(document_member(hook, "args"), path),
		.env = texts_of(document_member(hook, "env"), NULL),
		.dir = launch->bundle,
	};
	int64_t timeout;
	int done;

	if (document_integer(document_member(hook, "timeout"), 1, INT32_MAX,
			     &timeout))
		command.timeout = (unsigned)timeout;
	done = command_run(&command, state, -1, signals->cancelled, why);
	free(command.args);
	free(command.env);
	return done;
}

static char *state_text(const struct launch *launch, const char *status,
			pid_t pid)
{
	cJSON *state = run_state(launch, status, pid);
	char *text = document_print(state, false);

	cJSON_Delete(state);
	return text;
}

int run_hooks(const struct launch *launch, enum hook_kind kind,
	      const char *status, pid_t pid,
	      const struct run_signals *signals, struct failure *why)
{
	const struct run_signals nobody = { -1, -1 };
	const cJSON *hook;
	size_t i = 0;
	char *state;
	int done = 0;

	if (!launch->hooks[kind] || !launch->hooks[kind]->child)
		return 0;
	why->stage = "hooks";
	state = state_text(launch, status, pid);
	cJSON_ArrayForEach(hook, launch->hooks[kind]) {
		attempt(why, pointers[kind], i++, "run",
			document_member(hook, "path")->valuestring);
		/* cleaning up is not cut short by what ended the container */
		done = run_one(launch, hook, state, kind == HOOK_POSTSTOP ?
			       &nobody : signals, why);
		if (done < 0 && kind != HOOK_POSTSTOP)
			break;
		if (done < 0)
			run_tell_failure(launch, why);
	}
	free(state);
	return kind == HOOK_POSTSTOP ? 0 : done;
}
