/* plan: JSON that a daemon writes member by member, escaped and balanced */

#include "spawn/init-shim.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "spawn/error.h"
#include "sync/json.h"
#include "utf8.h"

/* As deep as a plan may be. */
#define LEVELS 32

struct init_shim_plan {
	struct json json;
	char ends[LEVELS];	/* what closes each level: '}' or ']' */
	size_t level;
	const char *wrong;	/* why it is no plan; NULL: it may be one */
};

/* One step of writing; text may mean nothing to it. */
typedef void writer(struct json *to, const char *text);

static void go_wrong(struct init_shim_plan *plan, const char *why)
{
	if (!plan->wrong)
		plan->wrong = why;
}

/* Measured first: json writes no more than there is room for. */
static void put(struct init_shim_plan *plan, writer *add, const char *text)
{
	struct json probe = plan->json;
	size_t size;
	char *grown;

	probe.size = 0;
	add(&probe, text);
	if (probe.length + 1 > plan->json.size) {
		size = (probe.length + 1) * 2;
		grown = realloc(plan->json.text, size);
		if (!grown) {
			go_wrong(plan, "there is no memory");
			return;
		}
		plan->json.text = grown;
		plan->json.size = size;
	}
	add(&plan->json, text);
}

static bool is_utf8(const char *text)
{
	size_t left = strlen(text), bytes;

	for (; left; text += bytes, left -= bytes) {
		bytes = utf8_length(text, left);
		if (!bytes)
			return false;
	}
	return true;
}

/* What stands before a value in a list. */
static void separate(struct json *to, const char *text)
{
	(void)text;
	if (to->comma)
		json_raw(to, ",");
	to->comma = true;
}

static void put_string(struct init_shim_plan *plan, writer *add,
		       const char *text)
{
	if (!text || !is_utf8(text))
		go_wrong(plan, "a string is no UTF-8");
	else
		put(plan, add, text);
}

/* Before a value: its key in an object, none in a list. */
static void begin(struct init_shim_plan *plan, const char *key)
{
	if (plan->level == 0)
		go_wrong(plan, "something follows its end");
	else if (!key != (plan->ends[plan->level - 1] == ']'))
		go_wrong(plan, key ? "a value of a list has a key"
				   : "a member has no key");
	else if (key)
		put_string(plan, json_key, key);
	else
		put(plan, separate, NULL);
}

static void open_level(struct init_shim_plan *plan, char opening, char closing)
{
	const char text[] = { opening, '\0' };

	if (plan->level == LEVELS) {
		go_wrong(plan, "it is too deep");
		return;
	}
	plan->ends[plan->level++] = closing;
	put(plan, json_raw, text);
	plan->json.comma = false;
}

struct init_shim_plan *init_shim_plan_new(void)
{
	struct init_shim_plan *plan = calloc(1, sizeof(*plan));

	if (plan)
		open_level(plan, '{', '}');
	return plan;
}

void init_shim_plan_object(struct init_shim_plan *plan, const char *key)
{
	begin(plan, key);
	open_level(plan, '{', '}');
}

void init_shim_plan_list(struct init_shim_plan *plan, const char *key)
{
	begin(plan, key);
	open_level(plan, '[', ']');
}

void init_shim_plan_end(struct init_shim_plan *plan)
{
	char text[2] = "";

	if (plan->level == 0) {
		go_wrong(plan, "more ends than begins in it");
		return;
	}
	text[0] = plan->ends[--plan->level];
	put(plan, json_raw, text);
	plan->json.comma = true;
}

void init_shim_plan_string(struct init_shim_plan *plan, const char *key,
			   const char *text)
{
	begin(plan, key);
	/* json_item() would separate it from its key */
	plan->json.comma = false;
	put_string(plan, json_item, text);
}

void init_shim_plan_number(struct init_shim_plan *plan, const char *key,
			   int64_t number)
{
	char digits[24];

	format_text(digits, sizeof(digits), "%lld", (long long)number);
	begin(plan, key);
	put(plan, json_raw, digits);
}

void init_shim_plan_bool(struct init_shim_plan *plan, const char *key,
			 int value)
{
	begin(plan, key);
	put(plan, json_raw, value ? "true" : "false");
}

const char *init_shim_plan_text(struct init_shim_plan *plan,
				struct init_shim_error **error)
{
	struct failure why = { .stage = "spawn" };

	while (!plan->wrong && plan->level)
		init_shim_plan_end(plan);
	if (!plan->wrong) {
		plan->json.text[plan->json.length] = '\0';
		return plan->json.text;
	}
	attempt(&why, NULL, WHOLE, "build the plan", NULL);
	refused(&why, "%s", plan->wrong);
	error_tell(error, &why);
	return NULL;
}

void init_shim_plan_free(struct init_shim_plan *plan)
{
	if (!plan)
		return;
	free(plan->json.text);
	free(plan);
}
