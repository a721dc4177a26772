/* read_mount: one entry of mounts, and the thousands of them */

#include <stddef.h>
#include <string.h>

#include "guarded.h"
#include "kernel/path.h"
#include "options.h"
#include "sense.h"
#include "shapes.h"

#define MAP_RANGES 340		/* user_namespaces(7) */

/* A mount while its keys come in, in any order. */
struct draft {
	struct mount mount;
	struct mount_extra extra;
	const cJSON *options;
	uint32_t mountpoint;	/* 0 or MOUNT_REQUIRE */
	bool optional;
};

enum mount_row {
	MOUNT_ROW_DESTINATION,
	MOUNT_ROW_TYPE,
	MOUNT_ROW_SOURCE,
	MOUNT_ROW_OPTIONS,
	MOUNT_ROW_SOURCE_FD,
	MOUNT_ROW_UID_MAP,
	MOUNT_ROW_GID_MAP,
	MOUNT_ROW_OPTIONAL,
	MOUNT_ROW_MOUNTPOINT,
	MOUNT_ROW_PRE,
	MOUNT_ROW_POST,
};

DEFINE_SHAPE(id_map, struct id_map,
	{ "containerID", READ(number), RANGE(any_id), .required = true,
	  .offset = offsetof(struct id_map, container_id) },
	{ "hostID", READ(number), RANGE(any_id), .required = true,
	  .offset = offsetof(struct id_map, host_id) },
	{ "size", READ(number), RANGE(map_size), .required = true,
	  .offset = offsetof(struct id_map, size) });

/* Twenty thousand mounts have a handful of types: one copy each run. */
void read_type(struct reader *r, const struct row *row,
	       const cJSON *value, void *field)
{
	const char *type = text_of(r, value, row->of);

	if (!type)
		return;
	if (!r->type || strcmp(r->type, type) != 0)
		r->type = keep_text(r, type);
	memcpy(field, &r->type, sizeof(r->type));
}

/* One more for the filesystem; left is how many may still come. */
static void data_add(struct reader *r, struct mount *m, size_t *count,
		     size_t left, const char *text)
{
	char *copy;

	if (!m->data)
		m->data = keep_array(r, left + 1, sizeof(m->data[0]));
	copy = keep_text(r, text);
	if (m->data && copy)
		m->data[(*count)++] = copy;
}

void read_options(struct reader *r, const struct row *row,
		  const cJSON *value, void *field)
{
	struct place at = { .up = r->at };
	const struct mount_option *option;
	struct draft *draft = field;
	size_t left, data = 0;
	const cJSON *child;
	const char *text;

	if (!must_be(r, value, cJSON_Array))
		return;
	draft->options = value->child;
	/* of a key that is there twice: it has no room for these */
	draft->mount.data = NULL;
	left = entries_of(value);
	r->at = &at;
	for (child = value->child; child; child = child->next, at.index++) {
		text = text_of(r, child, row->of);
		option = text ? mount_option_find(text) : NULL;
		if (option)
			mount_option_apply(&draft->mount, option);
		else if (text)
			data_add(r, &draft->mount, &data, left, text);
		left--;
	}
	r->at = at.up;
}

/*
 * Blame every option that has one of flags, or, where flags is 0, all that
 * are for the filesystem.
 */
static void options_fault(struct reader *r, const struct draft *draft,
			  uint32_t flags, const char *why)
{
	const struct mount_option *option;
	const cJSON *child;
	size_t i = 0;

	for (child = draft->options; child; child = child->next, i++) {
		option = mount_option_find(child->valuestring);
		if (flags ? option && option->kind == OPTION_FLAG &&
			    (option->set & flags) : !option)
			entry_fault(r, "options", i, "%s %s",
				    QUOTE(child->valuestring), why);
	}
}

static bool is_bind(const struct mount *m)
{
	return (m->flags & MOUNT_BIND) || !m->type ||
	       strcmp(m->type, "bind") == 0 || strcmp(m->type, "none") == 0;
}

static void source_of_bind(struct reader *r, const struct draft *draft,
			   struct seen seen)
{
	const uint32_t both = ROW(MOUNT_ROW_SOURCE) | ROW(MOUNT_ROW_SOURCE_FD);
	const struct mount *m = &draft->mount;
	const char *why;

	if ((seen.given & both) == both)
		own_fault(r, "has both \"source\" and \"sourceFd\"");
	else if (!(seen.given & both) && !(m->flags & MOUNT_REMOUNT))
		own_fault(r, seen.given & ROW(MOUNT_ROW_TYPE) ?
			     "lacks \"source\"" :
			     "lacks \"type\", or \"source\" for a bind");
	why = m->source ? absolute_path(m->source) : NULL;
	if (why)
		member_fault(r, "source", "%s, is %s", why, QUOTE(m->source));
}

static void finish_bind(struct reader *r, struct draft *draft,
			struct seen seen)
{
	struct mount *m = &draft->mount;

	source_of_bind(r, draft, seen);
	if (m->data)
		options_fault(r, draft, 0, "is no option of a bind, which has "
			      "no filesystem of its own");
	if (m->flags & MOUNT_COPY_UP)
		options_fault(r, draft, MOUNT_COPY_UP, "is for a tmpfs only");
	if ((m->flags & MOUNT_IDMAP) && (m->flags & MOUNT_REMOUNT))
		options_fault(r, draft, MOUNT_IDMAP, "is for a new mount only");
	m->type = "bind";
	m->flags |= MOUNT_BIND;
}

#define FOR_BINDS (MOUNT_RELABEL_SHARED | MOUNT_RELABEL_PRIVATE | \
		   MOUNT_SOURCE_NOFOLLOW | MOUNT_DESTINATION_NOFOLLOW | \
		   MOUNT_COPY_SYMLINK | MOUNT_IDMAP)

static void finish_filesystem(struct reader *r, const struct draft *draft,
			      struct seen seen)
{
	const struct mount *m = &draft->mount;

	if (seen.given & ROW(MOUNT_ROW_SOURCE_FD))
		member_fault(r, "sourceFd", "is for a bind only");
	if (m->flags & FOR_BINDS)
		options_fault(r, draft, m->flags & FOR_BINDS,
			      "is for a bind only");
	if ((m->flags & MOUNT_COPY_UP) && strcmp(m->type, "tmpfs") != 0)
		options_fault(r, draft, MOUNT_COPY_UP, "is for a tmpfs only");
}

static bool ranges_meet(uint32_t a, uint32_t a_size, uint32_t b,
			uint32_t b_size)
{
	return a < b ? b - a < a_size : a - b < b_size;
}

/* What the kernel takes as a map: user_namespaces(7). */
static void map_check(struct reader *r, const char *key,
		      const struct id_map *map, size_t count)
{
	const struct id_map *a, *b;

	if (count > MAP_RANGES) {
		member_fault(r, key, "must have at most %d ranges, has %zu",
			     MAP_RANGES, count);
		return;
	}
	for (a = map; a && a < map + count; a++) {
		if (a->size > UINT32_MAX - a->container_id ||
		    a->size > UINT32_MAX - a->host_id)
			entry_fault(r, key, (size_t)(a - map),
				    "ends behind the last id");
		for (b = map; b < a; b++)
			if (ranges_meet(a->container_id, a->size,
					b->container_id, b->size) ||
			    ranges_meet(a->host_id, a->size, b->host_id,
					b->size))
				break;
		if (b < a)
			entry_fault(r, key, (size_t)(a - map),
				    "overlaps with one before it");
	}
}

static void mappings(struct reader *r, const struct draft *draft,
		     struct seen seen)
{
	const struct mount_extra *extra = &draft->extra;
	bool uids = extra->uid_map_count, gids = extra->gid_map_count;

	if (seen.faulty & (ROW(MOUNT_ROW_UID_MAP) | ROW(MOUNT_ROW_GID_MAP)))
		return;
	if (uids != gids)
		own_fault(r, "lacks \"%s\", which goes with \"%s\"",
			  uids ? "gidMappings" : "uidMappings",
			  uids ? "uidMappings" : "gidMappings");
	if ((uids || gids) && !(draft->mount.flags & MOUNT_IDMAP))
		member_fault(r, uids ? "uidMappings" : "gidMappings",
			     "needs the option \"idmap\" or \"ridmap\"");
	map_check(r, "uidMappings", extra->uid_map, extra->uid_map_count);
	map_check(r, "gidMappings", extra->gid_map, extra->gid_map_count);
}

static void keep_extra(struct reader *r, struct draft *draft)
{
	const struct mount_extra *extra = &draft->extra;

	if (!extra->pre.count && !extra->post.count &&
	    !extra->uid_map_count && !extra->gid_map_count)
		return;
	draft->mount.extra = keep_array(r, 1, sizeof(*extra));
	if (draft->mount.extra)
		*draft->mount.extra = *extra;
}

/*
 * What is on /proc or below it by its very spelling is refused here, before
 * anything is touched; what a symlink of the image leads to, when it is met.
 * A bind on /proc may be one of a procfs.
 */
static void guard(struct reader *r, const struct mount *m)
{
	enum guarded place = guarded_place(m->destination, m->destination);

	if (place == GUARDED_NOT || (m->flags & MOUNT_REMOUNT) ||
	    path_climbs(m->destination))
		return;
	if (place == GUARDED_BELOW ||
	    (strcmp(m->type, "proc") != 0 && !(m->flags & MOUNT_BIND)))
		member_fault(r, "destination", "is %s /proc: only a proc "
			     "filesystem on /proc itself, and a few files of "
			     "it, may be mounted over",
			     place == GUARDED_ROOT ? "on" : "below");
}

void mount_begin(struct reader *r, void *object)
{
	struct draft *draft = object;

	(void)r;
	draft->mount.source_fd = -1;
}

void mount_finish(struct reader *r, const cJSON *value, void *object,
		  struct seen seen)
{
	const uint32_t kind = ROW(MOUNT_ROW_TYPE) | ROW(MOUNT_ROW_OPTIONS);
	struct draft *draft = object;
	struct mount *m = &draft->mount;

	(void)value;
	m->flags |= draft->mountpoint;
	m->flags |= draft->optional ? MOUNT_OPTIONAL : 0;
	keep_extra(r, draft);
	mappings(r, draft, seen);
	if (seen.faulty & kind)
		return;		/* which kind it is nobody knows */
	if (is_bind(m))
		finish_bind(r, draft, seen);
	else
		finish_filesystem(r, draft, seen);
	if (m->destination)
		guard(r, m);
}

#define FIELD(name) .offset = offsetof(struct draft, name)

DEFINE_SHAPE(mount, struct draft,
	[MOUNT_ROW_DESTINATION] = { "destination", READ(text),
		SENSE(container_path), .required = true,
		FIELD(mount.destination) },
	[MOUNT_ROW_TYPE] = { "type", READ(type), SENSE(some_text),
		FIELD(mount.type) },
	[MOUNT_ROW_SOURCE] = { "source", READ(text), SENSE(short_path),
		FIELD(mount.source) },
	[MOUNT_ROW_OPTIONS] = { "options", READ(options),
		SENSE(some_text) },
	[MOUNT_ROW_SOURCE_FD] = { "sourceFd", READ(number), RANGE(any_fd),
		FIELD(mount.source_fd) },
	[MOUNT_ROW_UID_MAP] = { "uidMappings", READ(objects),
		SHAPE(id_map),
		FIELD(extra.uid_map) },
	[MOUNT_ROW_GID_MAP] = { "gidMappings", READ(objects),
		SHAPE(id_map),
		FIELD(extra.gid_map) },
	[MOUNT_ROW_OPTIONAL] = { "optional", READ(bool), FIELD(optional) },
	[MOUNT_ROW_MOUNTPOINT] = { "mountpoint", READ(word),
		WORDS(mountpoints), FIELD(mountpoint) },
	[MOUNT_ROW_PRE] = { "preCommands", READ(objects),
		SHAPE(command), FIELD(extra.pre) },
	[MOUNT_ROW_POST] = { "postCommands", READ(objects),
		SHAPE(command), FIELD(extra.post) });

static void read_mount(struct reader *r, const cJSON *value, struct mount *m)
{
	struct draft draft = {0};

	read_shape(r, &mount_shape, value, &draft);
	*m = draft.mount;
}

void read_mounts(struct reader *r, const struct member *member)
{
	struct place at = { .up = r->at };
	struct plan *plan = r->plan;
	const cJSON *value;

	plan->mounts = keep_array(r, member->entries, sizeof(struct mount));
	if (!plan->mounts)
		return;
	plan->mount_count = member->entries;
	tree_list(&r->tree, member->value, member->length);
	r->at = &at;
	for (; at.index < plan->mount_count; at.index++) {
		value = tree_element(&r->tree);
		if (value)
			read_mount(r, value, &plan->mounts[at.index]);
		else
			no_memory(r);
		if (r->no_memory)
			break;
	}
	r->at = at.up;
}
