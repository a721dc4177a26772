/* error: one block of memory each, with the strings behind the struct */

#include "spawn/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The strings of an error, one after the other. */
#define STRINGS(STRING) \
	STRING(message) STRING(stage) STRING(pointer) STRING(operation) \
	STRING(path) STRING(name) STRING(kernel) STRING(hint)

/* What there is to give when there is no memory to give it in. */
static const struct init_shim_error no_memory = {
	.origin = INIT_SHIM_BY_LIBRARY,
	.message = "cannot tell what failed: malloc: Out of memory",
	.stage = "spawn",
	.pointer = "",
	.operation = "malloc",
	.path = "",
	.number = ENOMEM,
	.name = "ENOMEM",
	.kernel = "",
	.hint = "",
};

static size_t room_for(const char *text)
{
	return (text ? strlen(text) : 0) + 1;
}

/* Copy to *room, and move it past the copy. */
static const char *copy(char **room, const char *text)
{
	char *to = *room;
	size_t size = room_for(text);

	memcpy(to, text ? text : "", size);
	*room += size;
	return to;
}

void error_give(struct init_shim_error **error,
		const struct init_shim_error *what)
{
	struct init_shim_error *given;
	size_t size = sizeof(*given);
	char *room;

	if (!error)
		return;
#define STRING(member) size += room_for(what->member);
	STRINGS(STRING)
#undef STRING
	given = malloc(size);
	if (!given) {
		*error = (struct init_shim_error *)&no_memory;
		return;
	}
	*given = *what;
	room = (char *)(given + 1);
#define STRING(member) given->member = copy(&room, what->member);
	STRINGS(STRING)
#undef STRING
	*error = given;
}

int error_tell(struct init_shim_error **error, const struct failure *why)
{
	char sentence[SENTENCE_ROOM], pointer[640];

	error_give(error, &(struct init_shim_error){
		.origin = INIT_SHIM_BY_LIBRARY,
		.message = failure_sentence(why, sentence, sizeof(sentence)),
		.stage = why->stage ? why->stage : "spawn",
		.pointer = failure_pointer(why, pointer, sizeof(pointer)),
		.operation = why->operation,
		.path = why->path,
		.number = why->error,
		.name = errno_name(why->error),
		.kernel = why->kernel,
		.hint = why->hint,
	});
	return -1;
}

void init_shim_error_free(struct init_shim_error *error)
{
	if (error != &no_memory)
		free(error);
}
