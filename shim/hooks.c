/* hooks: the state's text, and who is run with it */

#include "hooks.h"

#include <unistd.h>

#include "commands.h"
#include "kernel/text.h"
#include "sync/json.h"

/* Where the plan does not say which version its state is of. */
#define OCI_VERSION "1.2.0"

static void write_annotations(struct json *to, const struct state_plan *state)
{
	size_t i;

	if (!state->annotation_count)
		return;
	json_key(to, "annotations");
	json_open(to);
	for (i = 0; i < state->annotation_count; i++)
		json_string(to, state->annotations[i].key,
			    state->annotations[i].value);
	json_close(to);
}

static void write_state(struct json *to, const struct state_plan *state,
			const char *status)
{
	json_open(to);
	json_string(to, "ociVersion",
		    state->oci_version ? state->oci_version : OCI_VERSION);
	json_string(to, "id", state->id);
	json_string(to, "status", status);
	json_number(to, "pid", (size_t)(state->pid ? state->pid : getpid()));
	json_string(to, "bundle", state->bundle);
	write_annotations(to, state);
	json_close(to);
}

/* One list of commands, and the word for how far the container is. */
struct list {
	const char *pointer;
	const struct commands *commands;
	const char *status;
};

static int run_all(const struct list *list, const char *state,
		   const struct sync *parent, int null, struct failure *why)
{
	size_t i;

	for (i = 0; i < list->commands->count; i++) {
		const struct command *command = &list->commands->items[i];

		attempt(why, list->pointer, i, "run", command->path);
		if (command_run(command, state, null, parent->fd, why) < 0)
			return -1;
	}
	return 0;
}

/* The state is as long as its annotations, and gone before execve(2). */
static int run_list(const struct list *list, const struct state_plan *state,
		    const struct sync *parent, int null, struct failure *why)
{
	struct json measured = { .size = 0 };
	struct json to = { .size = 0 };
	__attribute__((cleanup(text_free))) struct text text = {0};

	if (!list->commands->count)
		return 0;
	write_state(&measured, state, list->status);
	/* fresh memory, so a NUL is behind it */
	if (text_reserve(&text, measured.length + 1, why) < 0)
		return -1;
	to.text = text.bytes;
	to.size = measured.length;
	write_state(&to, state, list->status);
	return run_all(list, text.bytes, parent, null, why);
}

int hooks_announce(const struct plan *plan, const struct sync *parent,
		   struct failure *why)
{
	return plan->sync.hooks ? sync_announce_hooks(parent, why) : 0;
}

int hooks_create(const struct plan *plan, struct sync *parent, int null,
		 struct failure *why)
{
	const struct list list = {
		"/hooks/createContainer", &plan->create_container, "creating",
	};

	why->stage = "hooks";
	if (plan->sync.hooks && sync_await_hooks(parent, why) < 0)
		return -1;
	return run_list(&list, &plan->state, parent, null, why);
}

int hooks_start(const struct plan *plan, struct sync *parent, int null,
		struct failure *why)
{
	const struct list list = {
		"/hooks/startContainer", &plan->start_container, "created",
	};

	why->stage = "hooks";
	return run_list(&list, &plan->state, parent, null, why);
}
