/* Kinds of namespaces, by their names here, there and in numbers. */

#ifndef NAMESPACES_H
#define NAMESPACES_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "launch.h"

struct namespace_kind {
	char name[8];		/* in plans and config.json: "network" */
	char file[8];		/* in /proc/PID/ns: "net" */
	unsigned kind;		/* CLONE_NEWNET */
};

extern const struct namespace_kind namespace_kinds[LAUNCH_NAMESPACES];

/* The kind with that name, or NULL. */
const struct namespace_kind *namespace_find(const char *name);

/* The plan's list has one more. */
void namespace_plan(struct launch *launch, const struct namespace_kind *kind);

/* What a plan lists becomes what is to be made. */
void namespaces_of_plan(struct launch *launch);

/* Does the container have one of its own, made or joined? */
bool has_namespace(const struct launch *launch, unsigned kind);

/*
 * The namespace at a path: a descriptor, the caller's.
 *
 * Returns -1 with *why where it cannot be opened or is of another kind.
 * *is_own: we are in it already.
 */
int namespace_open(const char *path, const struct namespace_kind *kind,
		   bool *is_own, struct failure *why);

#endif
