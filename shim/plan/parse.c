/* parse: a plan's text, member by member, into its structs */

#include <string.h>

#include "check.h"
#include "plan.h"
#include "shapes.h"
#include "strict.h"

/* More than any key has: a longer one is unknown anyway. */
#define KEY_ROOM 32

static void mounts_member(struct reader *r, const struct member *member)
{
	size_t faults = r->faults->count;

	read_mounts(r, member);
	r->seen.given |= ROW(PLAN_MOUNTS);
	if (faults != r->faults->count)
		r->seen.faulty |= ROW(PLAN_MOUNTS);
}

static void known_member(struct reader *r, const struct row *row,
			 const struct member *member)
{
	const cJSON *value;

	if (row == &plan_shape.rows[PLAN_MOUNTS] && *member->value == '[') {
		mounts_member(r, member);
		return;
	}
	value = tree_read(&r->tree, member->value, member->length);
	if (value)
		read_member(r, &plan_shape, row, value, r->plan, &r->seen);
	else
		no_memory(r);
}

static void plan_member(struct reader *r, const struct member *member)
{
	struct place at = {
		.key = member->key,
		.key_end = member->key + member->key_length,
	};
	const struct row *row;
	char key[KEY_ROOM] = "";

	memcpy(key, member->key, member->key_length < KEY_ROOM ?
				 member->key_length : KEY_ROOM - 1);
	row = row_find(&plan_shape, key);
	r->at = &at;
	if (row)
		known_member(r, row, member);
	else if (!is_ignored(key))
		unknown_key(r, &plan_shape, key);
	r->at = NULL;
}

static void members_read(struct reader *r, const struct members *members)
{
	size_t i;

	plan_begin(r, r->plan);
	for (i = 0; i < members->count && !r->no_memory; i++)
		plan_member(r, &members->items[i]);
	if (r->no_memory)
		return;
	finish_shape(r, &plan_shape, NULL, r->plan, r->seen);
	plan_check(r);
}

int plan_parse(struct plan *plan, const char *text, size_t length,
	       struct plan_use use, struct plan_faults *faults)
{
	struct reader r = { .plan = plan, .use = use, .faults = faults };
	size_t before = faults->count;
	struct members members = {0};

	if (strict_check(text, length, &plan->arena, &r.scratch, faults,
			 &members) == 0) {
		tree_start(&r.scratch);
		members_read(&r, &members);
		tree_stop();
	}
	arena_free(&r.scratch);
	return faults->count == before ? 0 : -1;
}

void plan_free(struct plan *plan)
{
	arena_free(&plan->arena);
}
