/*
 * One mount of a plan, made as mounts.c would make it, in a child with a mount
 * namespace of its own.  The child stays there, so that a test can ask the
 * kernel what came of it.
 */

#ifndef MOUNTING_H
#define MOUNTING_H

#include <stdbool.h>
#include <sys/types.h>

#include "mounts/kind.h"

/* The rootfs, in the child: an empty tmpfs that covers the host's /tmp. */
#define MOUNTING_ROOT "/tmp"

struct mounting {
	struct mount mount;
	unsigned namespaces;	/* what the plan says is new */
	/* in the child, in its mount namespace: what a parent leaves */
	void (*before)(void);

	char error[2048];	/* the failure's sentence; "" where it worked */
	pid_t child;
	int hold;		/* when this is closed, the child ends */
	char table[65536];
};

/* A line of the child's mount table. */
struct seen {
	char root[512];
	char options[256];	/* of the mount */
	char type[64];
	char source[64];
	char super[256];	/* options of the filesystem */
};

/* For cmocka's setup and teardown. */
int mounting_open(void **state);
int mounting_close(void **state);

/* Do it.  Skips aloud without root. */
void mounting_run(struct mounting *mounting, const struct mount_kind *kind);

/* What is mounted at a path of the rootfs; the last one, where more are. */
struct seen *mounting_find(struct mounting *mounting, const char *path);
bool mounting_has(struct mounting *mounting, const char *path);

/* A path of the rootfs as the test itself can use it. */
const char *mounting_path(const struct mounting *mounting, const char *path);

/* In before(), where nothing may fail: stop and say where. */
#define must(call) mounting_check((call) >= 0, #call)
void mounting_check(bool worked, const char *call);

/* In before(): a user namespace where we are root, and nobody else is. */
void mounting_enter_users(void);

/* Say why, and skip the test. */
void mounting_skip(const char *reason);

#endif
