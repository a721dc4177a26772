/* Inside of bundle*.c: tables that say what becomes of each key. */

#ifndef TRANSLATION_H
#define TRANSLATION_H

#include "bundle.h"
#include "document.h"
#include "plan/fault.h"

struct translation {
	struct launch *launch;
	const struct bundle_use *use;
	struct plan_faults *faults;
	/* "deny all devices" was read: what that takes is looked at last */
	bool denies_devices;
	size_t denying_rule;	/* which one that is */
};

/*
 * One key of an object: taken by a function, or refused with a reason, or,
 * with neither, copied to "into" as it is.
 */
struct key {
	const char *name;
	void (*take)(struct translation *t, const struct place *at,
		     const cJSON *value, cJSON *into);
	const char *refused;
};

struct keys {
	const struct key *items;
	size_t count;
};

#define COPIED(key) { .name = key }
#define TAKEN(key, function) { .name = key, .take = function }
#define REFUSED(key, why) { .name = key, .refused = why }

#define KEYS(...) \
	{ (const struct key[]){ __VA_ARGS__ }, \
	  sizeof((struct key[]){ __VA_ARGS__ }) / sizeof(struct key) }

/* Go through an object; what no key of the table has is a fault. */
void keys_take(struct translation *t, const struct place *at,
	       const cJSON *object, struct keys keys, cJSON *into);

/* A key that whoever goes through its object asks for by name. */
void take_below(struct translation *t, const struct place *at,
		const cJSON *value, cJSON *into);

/* Is it of the type (cJSON_Object ...)?  A fault if not. */
bool is_type(struct translation *t, const struct place *at,
	     const cJSON *value, int type);

/* The text of an absolute path, or NULL after a fault. */
const char *take_path(struct translation *t, const struct place *at,
		      const cJSON *value);

/* The integer, or least after a fault. */
int64_t take_integer(struct translation *t, const struct place *at,
		     const cJSON *value, int64_t least, int64_t most);

/* A path of the bundle, absolute; relative ones begin at its directory. */
cJSON *path_in_bundle(struct translation *t, const char *path);

#define AT(above, name) (&(struct place){ .up = (above), .key = (name) })
#define AT_INDEX(above, i) (&(struct place){ .up = (above), .index = (i) })

/* bundle_mounts.c, bundle_process.c, bundle_hooks.c */
void take_mounts(struct translation *t, const struct place *at,
		 const cJSON *value, cJSON *into);
void take_process(struct translation *t, const struct place *at,
		  const cJSON *value, cJSON *into);
void take_hooks(struct translation *t, const struct place *at,
		const cJSON *value, cJSON *into);

/* bundle_linux.c, bundle_namespaces.c, bundle_resources.c */
void take_linux(struct translation *t, const struct place *at,
		const cJSON *value, cJSON *into);
void take_namespaces(struct translation *t, const struct place *at,
		     const cJSON *value, cJSON *into);
void take_time_offsets(struct translation *t, const struct place *at,
		       const cJSON *value, cJSON *into);
void take_uid_maps(struct translation *t, const struct place *at,
		   const cJSON *value, cJSON *into);
void take_gid_maps(struct translation *t, const struct place *at,
		   const cJSON *value, cJSON *into);
void namespaces_check(struct translation *t);
void take_resources(struct translation *t, const struct place *at,
		    const cJSON *value, cJSON *into);
void resources_check(struct translation *t);

/* bundle_seccomp.c, or bundle_no_seccomp.c */
void take_seccomp(struct translation *t, const struct place *at,
		  const cJSON *value, cJSON *into);

#endif
