/* Words of the plan that come from a list, and what they stand for. */

#ifndef PLAN_WORDS_H
#define PLAN_WORDS_H

#include <stddef.h>
#include <stdint.h>

struct word {
	char text[20];		/* without the prefix of its list */
	uint32_t value;
};

/* Arrays, no pointers: lists.h says why. */
struct words {
	char what[80];		/* for the sentence "must be ..." */
	char prefix[24];	/* of each: "CAP_"; "" for none */
	size_t count;
	struct word items[];
};

#define DEFINE_WORDS(name, start, sentence, ...) \
	const struct words name = { \
		.what = sentence, \
		.prefix = start, \
		.count = sizeof((struct word[]){ __VA_ARGS__ }) / \
			 sizeof(struct word), \
		.items = { __VA_ARGS__ }, \
	}

/* The word, or NULL. */
const struct word *word_find(const struct words *words, const char *text);

/* The other way: the word that stands for the value, or NULL. */
const struct word *word_of_value(const struct words *words, uint32_t value);

extern const struct words capabilities;		/* the number: CAP_* */
extern const struct words namespaces;		/* CLONE_NEW* */
extern const struct words resources;		/* RLIMIT_* */
extern const struct words propagations;		/* MS_*, with MS_REC */
extern const struct words switches;		/* enum switch_root */
extern const struct words device_types;		/* S_IF* */
extern const struct words mountpoints;		/* 0, MOUNT_REQUIRE */

extern const struct words policies;		/* SCHED_* */
extern const struct words scheduler_flags;	/* SCHED_FLAG_* */
extern const struct words io_classes;		/* IOPRIO_CLASS_* */
extern const struct words domains;		/* PER_* */
extern const struct words filter_flags;		/* SECCOMP_FILTER_FLAG_* */

#endif
