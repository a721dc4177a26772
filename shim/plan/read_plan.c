/* read_plan: the plan's own object, and the small ones in it */

#include <stddef.h>
#include <string.h>
#include <sys/mount.h>

#include "sense.h"
#include "shapes.h"

/* A list's count is behind its pointer, where keep_list() writes it. */
#define IS_LIST(type, items, number) \
	_Static_assert(offsetof(type, number) == \
		       offsetof(type, items) + sizeof(void *), #number)

IS_LIST(struct plan, devices, device_count);
IS_LIST(struct plan, sysctls, sysctl_count);
IS_LIST(struct commands, items, count);
IS_LIST(struct state_plan, annotations, annotation_count);

#define FIELD(name) .offset = offsetof(struct rootfs_plan, name)

DEFINE_SHAPE(rootfs, struct rootfs_plan,
	[ROOTFS_PATH] = { "path", READ(text), SENSE(absolute_path),
		FIELD(path) },
	[ROOTFS_FD] = { "fd", READ(number), RANGE(any_fd), FIELD(fd) },
	[ROOTFS_READONLY] = { "readonly", READ(bool), FIELD(readonly) },
	[ROOTFS_PROPAGATION] = { "propagation", READ(word),
		WORDS(propagations), FIELD(propagation) },
	[ROOTFS_SWITCH] = { "switch", READ(word), WORDS(switches),
		FIELD(how) });

#undef FIELD

void rootfs_begin(struct reader *r, void *object)
{
	struct rootfs_plan *rootfs = object;

	(void)r;
	rootfs->fd = -1;
	rootfs->propagation = MS_SLAVE | MS_REC;
}

void rootfs_finish(struct reader *r, const cJSON *value, void *object,
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

DEFINE_SHAPE(hooks, struct plan,
	{ "createContainer", READ(objects), SHAPE(command),
	  .offset = offsetof(struct plan, create_container) },
	{ "startContainer", READ(objects), SHAPE(command),
	  .offset = offsetof(struct plan, start_container) });

/* Keys that start with x- are data here, as all others. */
void read_annotations(struct reader *r, const struct row *row,
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

DEFINE_SHAPE(state, struct state_plan,
	{ "ociVersion", READ(text), SENSE(some_text), FIELD(oci_version) },
	{ "id", READ(text), SENSE(some_text), FIELD(id) },
	{ "pid", READ(number), RANGE(any_pid), FIELD(pid) },
	{ "bundle", READ(text), SENSE(some_text), FIELD(bundle) },
	{ "annotations", READ(annotations), FIELD(annotations) });

#undef FIELD

#define FIELD(name) .offset = offsetof(struct sync_plan, name)

DEFINE_SHAPE(sync, struct sync_plan,
	{ "hooks", READ(bool), FIELD(hooks) },
	{ "start", READ(bool), FIELD(start) },
	{ "progress", READ(bool), FIELD(progress) });

#undef FIELD

void needs_parent(struct reader *r, const char *key)
{
	if (!r->use.has_sync && !r->use.check_only)
		member_fault(r, key, "needs a parent to talk to: --sync-fd "
			     "or --socket-fd");
}

/* To wait for a parent that is not there would be to wait for ever. */
void sync_finish(struct reader *r, const cJSON *value, void *object,
		 struct seen seen)
{
	const cJSON *child;

	(void)object;
	(void)seen;
	for (child = value->child; child; child = child->next)
		if (cJSON_IsTrue(child) && !is_ignored(child->string))
			needs_parent(r, child->string);
}

void read_version(struct reader *r, const struct row *row,
		  const cJSON *value, void *field)
{
	uint32_t version;

	(void)field;
	read_number(r, row, value, &version);
}

/* A list of them never comes here: read_mounts() */
void read_no_mounts(struct reader *r, const struct row *row,
		    const cJSON *value, void *field)
{
	(void)row;
	(void)field;
	must_be(r, value, cJSON_Array);
}

#define FIELD(name) .offset = offsetof(struct plan, name)

DEFINE_SHAPE(plan, struct plan,
	[PLAN_VERSION] = { "version", READ(version), RANGE(version_1),
		.required = true },
	[PLAN_ROOTFS] = { "rootfs", READ(object), SHAPE(rootfs),
		.required = true, FIELD(rootfs) },
	[PLAN_NAMESPACES] = { "namespaces", READ(words), WORDS(namespaces),
		FIELD(namespaces) },
	[PLAN_MOUNTS] = { "mounts", READ(no_mounts),
		.required = false },
	[PLAN_DEVICES] = { "devices", READ(objects), SHAPE(device),
		FIELD(devices) },
	[PLAN_MOUNT_LABEL] = { "mountLabel", READ(text), SENSE(some_text),
		FIELD(mount_label) },
	[PLAN_MASKED_PATHS] = { "maskedPaths", READ(texts),
		SENSE(container_path), FIELD(masked_paths) },
	[PLAN_READONLY_PATHS] = { "readonlyPaths", READ(texts),
		SENSE(absolute_path), FIELD(readonly_paths) },
	[PLAN_SYSCTL] = { "sysctl", READ(sysctls), FIELD(sysctls) },
	[PLAN_HOSTNAME] = { "hostname", READ(text), SENSE(host_name),
		FIELD(hostname) },
	[PLAN_DOMAINNAME] = { "domainname", READ(text), SENSE(host_name),
		FIELD(domainname) },
	[PLAN_HOOKS] = { "hooks", READ(object), SHAPE(hooks) },
	[PLAN_STATE] = { "state", READ(object), SHAPE(state),
		FIELD(state) },
	[PLAN_PROCESS] = { "process", READ(process), FIELD(process) },
	[PLAN_SYNC] = { "sync", READ(object), SHAPE(sync),
		FIELD(sync) });

void plan_begin(struct reader *r, void *object)
{
	struct plan *plan = object;

	plan->sync.hooks = r->use.has_sync;
}

/* Defaults that take memory, for what was not there. */
void plan_finish(struct reader *r, const cJSON *value, void *object,
		 struct seen seen)
{
	(void)value;
	(void)object;
	if (!(seen.given & ROW(PLAN_DEVICES)))
		default_devices(r);
	if (!(seen.given & ROW(PLAN_PROCESS)) && !r->use.check_only)
		own_fault(r, "lacks \"process\"");
}

