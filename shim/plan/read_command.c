/* read_command: programs that the plan has run outside of the target */

#include <stddef.h>

#include "sense.h"
#include "shapes.h"

static const struct range seconds = { 1, INT32_MAX };

enum command_row {
	COMMAND_PATH,
	COMMAND_ARGS,
	COMMAND_ENV,
	COMMAND_DIR,
	COMMAND_TIMEOUT,
};

#define FIELD(name) .offset = offsetof(struct command, name)

static const struct row command_rows[] = {
	[COMMAND_PATH] = { "path", read_text, .sense = absolute_path,
		.required = true, FIELD(path) },
	[COMMAND_ARGS] = { "args", read_argv, FIELD(args) },
	[COMMAND_ENV] = { "env", read_argv, .sense = environment,
		FIELD(env) },
	[COMMAND_DIR] = { "dir", read_text, .sense = absolute_path,
		FIELD(dir) },
	[COMMAND_TIMEOUT] = { "timeout", read_number, .range = &seconds,
		FIELD(timeout) },
};

static void command_begin(struct reader *r, void *object)
{
	struct command *command = object;

	command->dir = "/";
	command->env = keep_array(r, 1, sizeof(char *));
}

static void command_finish(struct reader *r, const cJSON *value, void *object,
			   struct seen seen)
{
	struct command *command = object;

	(void)value;
	if (!(seen.given & ROW(COMMAND_ARGS))) {
		command->args = keep_array(r, 2, sizeof(char *));
		if (command->args)
			command->args[0] = (char *)command->path;
	} else if (!(seen.faulty & ROW(COMMAND_ARGS)) && !command->args[0]) {
		member_fault(r, "args", "must not be empty");
	}
}

const struct shape command_shape =
	SHAPE(command_rows, struct command,
	      .begin = command_begin, .finish = command_finish);
