/*
 * What strings of the plan must be, besides strings.  Each returns NULL, or
 * the requirement that is not met, in words: "must be an absolute path".
 */

#ifndef PLAN_SENSE_H
#define PLAN_SENSE_H

#include <stdbool.h>

#include "lists.h"

const char *some_text(const char *text);	/* not empty */
const char *absolute_path(const char *text);
const char *container_path(const char *text);	/* absolute, not "/" */
const char *short_path(const char *text);	/* within the limits */
const char *environment(const char *text);	/* KEY=value */
const char *host_name(const char *text);	/* sethostname(2) takes it */
const char *no_flag(const char *text);		/* there are none */

/* The same by name; of ANY_TEXT, nothing is required. */
const char *sense_missing(enum sense sense, const char *text);

/* Whether an absolute path, as spelled, is "/": "//", "/./.." */
bool is_root_path(const char *path);

#endif
