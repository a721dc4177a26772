/* What is said of a plan, and the parts of it that say it. */

#ifndef EXPLAIN_SHEET_H
#define EXPLAIN_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "failure.h"
#include "plan/plan.h"
#include "plan/words.h"

/* What is said and not written yet, and how many steps were begun. */
struct sheet {
	unsigned steps;
	size_t length;
	struct failure *why;	/* written to once stdout has refused */
	char text[4096];
};

/* The last line is whole; to->why has the reason where stdout refused. */
void sheet_end(struct sheet *to);

/*
 * Words with %s of any length, %u, %d and %o.  "\n" begins the next step, on
 * a line of its own.
 */
void say(struct sheet *to, const char *words, ...)
	__attribute__((format(printf, 2, 3)));

/* Each with a space ahead: a list, and the word that stands for a value. */
void say_all(struct sheet *to, char **words);
void say_word(struct sheet *to, const struct words *words, uint32_t value);

/* A step for each command. */
void say_commands(struct sheet *to, const char *when,
		  const struct commands *list);

/* What becomes of the shim behind the switch, up to execve(2): process.c. */
void explain_process(struct sheet *to, const struct process_plan *process);
void explain_target(struct sheet *to, const struct plan *plan);

#endif
