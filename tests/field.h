/*
 * A field for tests of what walks over hostile trees: in a mount namespace of
 * the test's own, a tmpfs with from/ (the tree), to/ (where a copy of it is
 * shown) and secret/ (sentinels that nobody may reach); or on an overlay.
 */

#ifndef FIELD_H
#define FIELD_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "failure.h"

#define SECRET "the host's own\n"

struct field {
	char path[64];		/* of the tmpfs */
	int outside;		/* "/" */
	int from;		/* from/, O_PATH */
	const char *option;	/* of the new tmpfs; NULL: none more */
	struct failure why;
	char error[1024];	/* its sentence; "" where all went well */
};

/* For cmocka's setup and teardown. */
int field_open(void **state);
int field_open_on_overlay(void **state);
int field_close(void **state);

/* The field, or the test is skipped, aloud, where we are not root. */
struct field *field_of(void **state);

/* An absolute path of it; good for eight more calls. */
const char *field_path(const struct field *field, const char *name);

/* Things to begin with. */
void field_file(const struct field *field, const char *name, const char *text,
		mode_t mode);
void field_dir(const struct field *field, const char *name, mode_t mode);
/* A chain of directories, all named "d", each with a file "f" in it. */
void field_deep(const struct field *field, const char *name, int levels);
/* The last of them: a descriptor, the caller's. */
int field_deepest(const struct field *field, const char *name, int *levels);
/* A hundred files and a hundred directories in the last of them. */
void field_wide(const struct field *field, const char *name);

/* What the kernel says of it; a test fails where there is nothing. */
struct stat field_stat(const struct field *field, const char *name);
bool field_has(const struct field *field, const char *name);
const char *field_text(const struct field *field, const char *name);
const char *field_xattr(const struct field *field, const char *name,
			const char *key);

/* A copy_up() of from/ to a new tmpfs, which to/ shows afterwards. */
void field_copy(struct field *field);
/* The same as root of a user namespace that knows uid and gid 0 alone. */
void field_copy_in_user_namespace(struct field *field);
/* A relabel() of something in it. */
void field_relabel(struct field *field, const char *name, const char *label,
		   bool shared);

/*
 * Exchange two entries again and again, in a process of its own, with so many
 * microseconds in between.
 */
pid_t field_race(const struct field *field, const char *one,
		 const char *other, unsigned pause);
void field_race_over(pid_t racer);

/* A call of the test itself that must not fail. */
#define must(call) field_must((long)(call), #call, __LINE__)
long field_must(long answer, const char *call, int line);

#endif
