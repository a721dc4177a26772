/*
 * racer: who renames, in a process of its own and on a processor of its own,
 * while the shim is at work; one at a time.
 *
 * What it turns about is in the rootfs: /race/dir, whose place a link takes,
 * or which is moved away.  Held, it has put all back, so that the judge finds
 * what it knows.
 */

#ifndef RACER_H
#define RACER_H

#include <stdbool.h>

#define SHAPES 8
#define SHAPE_NULL SHAPES	/* /dev/null and /race/evil */

struct shape {
	const char *name;
	const char *path;	/* of the plan, where what is raced for is */
	bool fair;		/* a target is there, whoever is faster */
	void (*turn)(void);	/* there */
	void (*back)(void);	/* and back */
};

extern const struct shape shapes[SHAPES + 1];

/* Once, before any scene. */
void racer_prepare(void);

/* Held at first. */
void racer_start(const struct shape *shape, unsigned microseconds);
void racer_stop(void);

/* Where nothing is raced they do nothing.  racer_go() may be a child's. */
void racer_hold(void);
void racer_go(void);

/* Turns since it was started. */
unsigned long racer_turns(void);

#endif
