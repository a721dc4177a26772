/*
 * What is to be run: the plan for the shim, and what its parent does.
 *
 * A bundle's config.json says all of it; a plan says little of the parent's
 * part, and options say the rest.
 */

#ifndef LAUNCH_H
#define LAUNCH_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/* Kinds of namespaces; as many as a process is in. */
#define LAUNCH_NAMESPACES 8

/* A namespace that is there already, and that the container enters. */
struct joined {
	unsigned kind;		/* CLONE_NEW* */
	int fd;			/* close-on-exec */
};

struct id_maps {
	struct id_map *items;
	size_t count;
};

/* A clock of a new time namespace, beside the host's: time_namespaces(7). */
struct clock_offset {
	bool given;
	int64_t seconds;
	uint32_t nanoseconds;
};

/* Hooks that are the parent's to run, in the order of a container's life. */
enum hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KINDS,
};

struct launch {
	cJSON *document;	/* what was read: hooks below are parts of it */
	cJSON *plan;		/* for the shim */
	const char *bundle;	/* its directory, absolute; NULL: a plan */
	unsigned created;	/* CLONE_NEW* to make */
	struct joined joined[LAUNCH_NAMESPACES];
	size_t joined_count;
	bool rootless;		/* a user namespace that nobody asked for */
	struct id_maps uid_maps;
	struct id_maps gid_maps;
	struct clock_offset monotonic;
	struct clock_offset boottime;
	const char *listener;	/* socket of who answers seccomp's calls */
	const char *listener_metadata;
	const cJSON *hooks[HOOK_KINDS];	/* lists; NULL: none */
	int *inherited;		/* descriptors for the shim, by our numbers */
	size_t inherited_count;
	bool has_terminal;	/* the plan asks for one */
};

#endif
