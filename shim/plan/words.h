/* Words of the plan that come from a list, and what they stand for. */

#ifndef PLAN_WORDS_H
#define PLAN_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct word {
	char text[20];		/* without the prefix of its list */
	uint32_t value;
};

struct words {
	const char *what;	/* for the sentence "must be ..." */
	const char *prefix;	/* of each: "CAP_"; "" for none */
	const struct word *items;
	size_t count;
};

/* The word, or NULL. */
const struct word *word_find(const struct words *words, const char *text);

extern const struct words capabilities;		/* the number: CAP_* */
extern const struct words namespaces;		/* CLONE_NEW* */
extern const struct words resources;		/* RLIMIT_* */
extern const struct words propagations;		/* MS_*, with MS_REC */
extern const struct words switches;		/* enum switch_root */
extern const struct words device_types;		/* S_IF* */
extern const struct words mountpoints;		/* 0, MOUNT_REQUIRE */

#endif
