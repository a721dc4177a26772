/* read_command: programs that the plan has run outside of the target */

#include <stddef.h>

#include "sense.h"
#include "shapes.h"

enum command_row {
	COMMAND_PATH,
	COMMAND_ARGS,
	COMMAND_ENV,
	COMMAND_DIR,
	COMMAND_TIMEOUT,
};

#define FIELD(name) .offset = offsetof(struct command, name)

DEFINE_SHAPE(command, struct command,
	[COMMAND_PATH] = { "path", READ(text), SENSE(absolute_path),
		.required = true, FIELD(path) },
	[COMMAND_ARGS] = { "args", READ(argv), FIELD(args) },
	[COMMAND_ENV] = { "env", READ(argv), SENSE(environment),
		FIELD(env) },
	[COMMAND_DIR] = { "dir", READ(text), SENSE(absolute_path),
		FIELD(dir) },
	[COMMAND_TIMEOUT] = { "timeout", READ(number), RANGE(seconds),
		FIELD(timeout) });

void command_begin(struct reader *r, void *object)
{
	struct command *command = object;

	command->dir = "/";
	command->env = keep_array(r, 1, sizeof(char *));
}

void command_finish(struct reader *r, const cJSON *value, void *object,
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

