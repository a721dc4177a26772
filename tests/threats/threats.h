/*
 * Threats: the holes that container runtimes had, replayed on this one.
 *
 * A row is a class of hole.  Where a replay of it needs the whole shim, it is
 * a function here, and runs in each scene: a box (box.h) whose /tmp is a
 * tmpfs, an ext4 or an overlay, as root and in a user namespace.  Where a test
 * of a room proves the row, the row names it.
 *
 * What a replay runs is judged each time, by scene_run(): nothing outside of
 * the rootfs has changed, no mount is where the plan has none, nothing is left
 * behind, and the target has descriptors 0-2, or there is one sentence.
 */

#ifndef THREATS_H
#define THREATS_H

#include <stdbool.h>
#include <stdio.h>

#include "box.h"

#define THREATS_YARD "/tmp/yard"	/* where a racer takes a directory to */
#define THREATS_VOLUME "/tmp/volume"	/* what two containers share */

enum length {
	LENGTH_SHORT,		/* in scripts/test: seconds */
	LENGTH_MIDDLE,		/* scripts/threats */
	LENGTH_LONG,		/* scripts/threats --long */
};

/* What came of a row: a line of the table. */
struct tally {
	long runs;		/* of the shim */
	long escapes;		/* that it must not have */
	long refused;		/* ended with a sentence */
	long control;		/* escapes of the way by path, in races */
	long races;
	long lost;		/* by the way by path, at least once */
	long fair;		/* runs with a target on both sides */
	long fair_refused;	/* of these */
	double slowest;		/* run, in seconds */
};

struct scene {
	struct box *box;
	const char *ground;	/* "tmpfs", "ext4", "overlay" */
	enum length length;
	const char *row;	/* "P01" */
	struct tally *tally;	/* of the row */
	unsigned serial;	/* for names that are new */
	size_t mounts;		/* the host's, and so at "hooks" */
	const char *escape;	/* of the last run, in words; or NULL */
};

struct threat {
	const char *row;	/* "P01" */
	const char *what;	/* the class of hole */
	void (*replay)(struct scene *scene);
	const char *proof;	/* "test_path:function", with more behind ";" */
};

/* The rows of each file, which a row without an id ends. */
extern const struct threat path_threats[];
extern const struct threat race_threats[];
extern const struct threat mask_threats[];
extern const struct threat inside_threats[];
extern const struct threat proved_threats[];

/*
 * scene: where it happens.
 */

#define SCENES 6

/* Once, before any: what ext4 needs.  Says aloud what this machine lacks. */
void scenes_prepare(void);

/* False where the machine has no such filesystem. */
bool scene_open(struct scene *scene, size_t which);
void scene_close(struct scene *scene);

/* "ext4, in a user namespace", for what is told. */
const char *scene_name(const struct scene *scene);

/*
 * Run a plan, as box_run(), and judge.  An escape is counted, told, and named
 * in scene->escape; a test function fails at its end, where there were any.
 */
void scene_run(struct scene *scene, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Of the last run. */
bool scene_worked(const struct scene *scene);
void scene_must_work(struct scene *scene);
void scene_must_refuse(struct scene *scene, const char *words);

/* Something came about that must not: counted as an escape and told. */
void scene_escaped(struct scene *scene, const char *how);

/* Lines of a mountinfo(5). */
size_t scene_count_mounts(struct scene *scene, pid_t pid);

#endif
