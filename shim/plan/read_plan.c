/* read_plan: the plan's own object, and the small ones in it */

#include <stddef.h>
#include <string.h>
#include <sys/mount.h>

#include "sense.h"
#include "shapes.h"

const struct range any_id = { 0, UINT32_MAX - 1 };
const struct range any_fd = { 0, INT32_MAX };
const struct range mode_bits = { 0, 07777 };

static const struct range version_1 = { 1, 1 };
static const struct range any_pid = { 0, INT32_MAX };

/* A list's count is behind its pointer, where keep_list() writes it. */
#define IS_LIST(type, items, number) \
	_Static_assert(offsetof(type, number) == \
		       offsetof(type, items) + sizeof(void *), #number)

IS_LIST(struct plan, devices, device_count);
IS_LIST(struct plan, sysctls, sysctl_count);
IS_LIST(struct commands, items, count);
IS_LIST(struct state_plan, annotations, annotation_count);

#define FIELD(name) .offset = offsetof(struct rootfs_plan, name)

static const struct row rootfs_rows[] = {
	[ROOTFS_PATH] = { "path", read_text, .sense = absolute_path,
		FIELD(path) },
	[ROOTFS_FD] = { "fd", read_number, .range = &any_fd, FIELD(fd) },
	[ROOTFS_READONLY] = { "readonly", read_bool, FIELD(readonly) },
	[ROOTFS_PROPAGATION] = { "propagation", read_word,
		.words = &propagations, FIELD(propagation) },
	[ROOTFS_SWITCH] = { "switch", read_word, .words = &switches,
		FIELD(how) },
};

#undef FIELD

static void rootfs_begin(struct reader *r, void *object)
{
	struct rootfs_plan *rootfs = object;

	(void)r;
	rootfs->fd = -1;
	rootfs->propagation = MS_SLAVE | MS_REC;
}

static void rootfs_finish(struct reader *r, const cJSON *value, void *object,
			  struct seen seen)
{
	const uint32_t both = ROW(ROOTFS_PATH) | ROW(ROOTFS_FD);

	(void)value;
	(void)object;
	r->rootfs = seen;
	if ((seen.given & both) == both)
		own_fault(r, "has both \"path\" and \"fd\"");
	else if (!(seen.given & both))
		own_fault(r, "lacks \"path\" or \"fd\"");
}

static const struct shape rootfs_shape =
	SHAPE(rootfs_rows, struct rootfs_plan,
	      .begin = rootfs_begin, .finish = rootfs_finish);

static const struct row hooks_rows[] = {
	{ "createContainer", read_objects, .shape = &command_shape,
	  .offset = offsetof(struct plan, create_container) },
	{ "startContainer", read_objects, .shape = &command_shape,
	  .offset = offsetof(struct plan, start_container) },
};

static const struct shape hooks_shape = SHAPE(hooks_rows, struct plan);

/* Keys that start with x- are data here, as all others. */
static void read_annotations(struct reader *r, const struct row *row,
			     const cJSON *value, void *field)
{
	struct annotation *items, *annotation;
	struct place at = { .up = r->at };
	const cJSON *child;

	if (!must_be(r, value, cJSON_Object))
		return;
	items = keep_array(r, entries_of(value), sizeof(*items));
	if (!items)
		return;
	annotation = items;
	r->at = &at;
	for (child = value->child; child; child = child->next, annotation++) {
		at.key = child->string;
		annotation->key = keep_text(r, child->string);
		read_text(r, row, child, &annotation->value);
	}
	r->at = at.up;
	keep_list(field, items, (size_t)(annotation - items));
}

#define FIELD(name) .offset = offsetof(struct state_plan, name)

static const struct row state_rows[] = {
	{ "ociVersion", read_text, .sense = some_text, FIELD(oci_version) },
	{ "id", read_text, .sense = some_text, FIELD(id) },
	{ "pid", read_number, .range = &any_pid, FIELD(pid) },
	{ "bundle", read_text, .sense = some_text, FIELD(bundle) },
	{ "annotations", read_annotations, FIELD(annotations) },
};

#undef FIELD

static const struct shape state_shape = SHAPE(state_rows, struct state_plan);

#define FIELD(name) .offset = offsetof(struct sync_plan, name)

static const struct row sync_rows[] = {
	{ "hooks", read_bool, FIELD(hooks) },
	{ "start", read_bool, FIELD(start) },
	{ "progress", read_bool, FIELD(progress) },
};

#undef FIELD

/* To wait for a parent that is not there would be to wait for ever. */
static void sync_finish(struct reader *r, const cJSON *value, void *object,
			struct seen seen)
{
	const cJSON *child;

	(void)object;
	(void)seen;
	if (r->use.has_sync || r->use.check_only)
		return;
	for (child = value->child; child; child = child->next)
		if (cJSON_IsTrue(child) && !is_ignored(child->string))
			member_fault(r, child->string,
				     "needs a parent to talk to: --sync-fd "
				     "or --socket-fd");
}

static const struct shape sync_shape =
	SHAPE(sync_rows, struct sync_plan, .finish = sync_finish);

static void read_version(struct reader *r, const struct row *row,
			 const cJSON *value, void *field)
{
	uint32_t version;

	(void)field;
	read_number(r, row, value, &version);
}

/* A list of them never comes here: read_mounts() */
static void refuse_mounts(struct reader *r, const struct row *row,
			  const cJSON *value, void *field)
{
	(void)row;
	(void)field;
	must_be(r, value, cJSON_Array);
}

#define FIELD(name) .offset = offsetof(struct plan, name)

static const struct row plan_rows[] = {
	[PLAN_VERSION] = { "version", read_version, .range = &version_1,
		.required = true },
	[PLAN_ROOTFS] = { "rootfs", read_object, .shape = &rootfs_shape,
		.required = true, FIELD(rootfs) },
	[PLAN_NAMESPACES] = { "namespaces", read_words, .words = &namespaces,
		FIELD(namespaces) },
	[PLAN_MOUNTS] = { "mounts", refuse_mounts,
		.required = false },
	[PLAN_DEVICES] = { "devices", read_objects, .shape = &device_shape,
		FIELD(devices) },
	[PLAN_MOUNT_LABEL] = { "mountLabel", read_text, .sense = some_text,
		FIELD(mount_label) },
	[PLAN_MASKED_PATHS] = { "maskedPaths", read_texts,
		.sense = container_path, FIELD(masked_paths) },
	[PLAN_READONLY_PATHS] = { "readonlyPaths", read_texts,
		.sense = absolute_path, FIELD(readonly_paths) },
	[PLAN_SYSCTL] = { "sysctl", read_sysctls, FIELD(sysctls) },
	[PLAN_HOSTNAME] = { "hostname", read_text, .sense = host_name,
		FIELD(hostname) },
	[PLAN_DOMAINNAME] = { "domainname", read_text, .sense = host_name,
		FIELD(domainname) },
	[PLAN_HOOKS] = { "hooks", read_object, .shape = &hooks_shape },
	[PLAN_STATE] = { "state", read_object, .shape = &state_shape,
		FIELD(state) },
	[PLAN_PROCESS] = { "process", read_process, FIELD(process) },
	[PLAN_SYNC] = { "sync", read_object, .shape = &sync_shape,
		FIELD(sync) },
};

static void plan_begin(struct reader *r, void *object)
{
	struct plan *plan = object;

	plan->sync.hooks = r->use.has_sync;
}

/* Defaults that take memory, for what was not there. */
static void plan_finish(struct reader *r, const cJSON *value, void *object,
			struct seen seen)
{
	(void)value;
	(void)object;
	if (!(seen.given & ROW(PLAN_DEVICES)))
		default_devices(r);
	if (!(seen.given & ROW(PLAN_PROCESS)) && !r->use.check_only)
		own_fault(r, "lacks \"process\"");
}

const struct shape plan_shape =
	SHAPE(plan_rows, struct plan,
	      .begin = plan_begin, .finish = plan_finish);
