/*
 * A small world for tests of the process room: a child whose "/" is a tmpfs
 * with /proc, /bin/show (helpers/show.c) and nothing else.  It does what main
 * does at the end, so a test hands it a plan's structs and what a parent may
 * have left behind, and reads what the target says of itself.
 */

#ifndef WORLD_H
#define WORLD_H

#include "failure.h"
#include "plan/plan.h"
#include "process/process.h"

enum world_users {
	WORLD_HOST,		/* the host's user namespace */
	WORLD_MAPPED,		/* a new one: ids 0 to 65533 are mapped */
	WORLD_DENIED,		/* the same, and setgroups(2) denied */
};

struct world {
	struct process_plan process;	/* root, "/", show, no more */
	enum world_users users;
	/* in the child, root still, "/" the world: what a parent leaves */
	void (*before)(void);
	/* in the child, after process_prepare(): not the target, but */
	void (*instead)(void);
	const char *proc;	/* a path of the world that is no procfs, but
				   shall serve as one; or NULL */
	bool outside;		/* cwd in the host's root: it leaks */

	char output[65536];	/* what the target printed */
	char error[2048];	/* the failure's sentence; "" where it ran */
	int status;		/* exit status; 128 and more: the signal */
};

/* For cmocka's setup and teardown. */
int world_open(void **state);
int world_close(void **state);

/* Run it to its end; skips the test, aloud, without root. */
void world_run(struct world *world);

/* The rest of the first line that starts with the key, or NULL. */
const char *world_value(struct world *world, const char *key);

/* A file of the world with its text and mode: in before(). */
void world_file(const char *path, const char *text, mode_t mode);

/* In before(), where nothing may fail: stop the test and say where. */
#define world_must(call) world_check((call) >= 0, #call)
void world_check(bool worked, const char *call);

#endif
