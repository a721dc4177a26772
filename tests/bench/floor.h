/* The floor's ways to mount: floor_api.c has a row for each. */

#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>

/* stage.c makes it: what the further binds show. */
#define BIND_SOURCE "/tmp/source"

struct filesystem {
	const char *at;		/* from the rootfs, which is the cwd */
	const char *type;
	const char *source;
	unsigned long flags;	/* as for mount(2) */
	const char *data;	/* options with commas, or NULL */
};

/* What covers masked paths: made once, the first place has it as made. */
struct cover {
	bool directory;
	int first;		/* to clone; -1: none was needed yet */
	const char *at;		/* the same by path */
};

#define COVER_NULL { false, -1, NULL }
#define COVER_EMPTY { true, -1, NULL }

struct api {
	const char *name;
	void (*mount)(const struct filesystem *fs);
	void (*bind)(const char *source, const char *at);
	void (*bind_inside)(const char *source, int root, const char *at);
	/* by absolute path, after the switch of the root */
	void (*make_readonly)(const char *at);
	void (*cover)(struct cover *cover, const char *at);
};

const struct api *api_of(const char *name);

#endif
