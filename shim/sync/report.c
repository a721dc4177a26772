/* report: the failure, told to the parent in JSON and to people in a line */

#include "sync/sync.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kernel/child.h"
#include "sync/json.h"
#include "sync/message.h"
#include "utf8.h"

/* A sentence with the whole detail, a long path and what is around them. */
#define SENTENCE_ROOM (12u << 10)

/*
 * A string is cut before it passes a quarter of the message, and only path
 * and message can be that long: it always fits.
 */
#define REPORT_ROOM (48u << 10)

static void tell_parent(const struct sync *parent, const struct failure *why,
			const char *sentence)
{
	char text[REPORT_ROOM];
	char pointer[640];
	struct json to = {
		.text = text,
		.size = sizeof(text),
		.longest = sizeof(text) / 4,
	};
	struct failure untold = {0};

	json_open(&to);
	json_string(&to, "type", "error");
	json_string(&to, "stage", why->stage);
	json_string(&to, "pointer",
		    failure_pointer(why, pointer, sizeof(pointer)));
	json_string(&to, "operation", why->operation);
	json_string(&to, "path", why->path);
	json_number(&to, "errno", (size_t)why->error);
	json_string(&to, "name", errno_name(why->error));
	if (why->kernel[0])
		json_string(&to, "kernel", why->kernel);
	if (why->hint)
		json_string(&to, "hint", why->hint);
	json_string(&to, "message", sentence);
	json_close(&to);
	json_raw(&to, "\n");
	/* a parent that is gone is not told, nor is anybody of that */
	message_send(parent, text, to.length, SOCKET_WAIT, &untold);
}

/* One write(2), so that lines of several shims do not mix. */
static void tell_people(const char *sentence)
{
	static const char name[] = "init-shim: ";
	char line[sizeof(name) + SENTENCE_ROOM * 4];
	size_t length = sizeof(name) - 1;

	memcpy(line, name, length);
	length += utf8_visible(line + length, sizeof(line) - length - 1,
			       sentence, strlen(sentence));
	line[length++] = '\n';
	/* a reader that is gone must not become our exit status */
	signals_block_pipe();
	while (length && write(2, line, length) < 0 && errno == EINTR)
		;
}

int sync_report(const struct sync *parent, const struct failure *why)
{
	char sentence[SENTENCE_ROOM];

	failure_sentence(why, sentence, sizeof(sentence));
	if (parent->fd >= 0)
		tell_parent(parent, why, sentence);
	if (parent->fd < 0 || !parent->quiet)
		tell_people(sentence);
	return why->status ? (int)why->status : EXIT_SHIM;
}
