/*
 * Plans as text, for the tests of the plan's room: what a plan becomes, and
 * what is told of it, a line a fault: "/mounts/0: lacks \"destination\"".
 */

#ifndef PLAN_TEXT_TEST_H
#define PLAN_TEXT_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

#define JSON(...) #__VA_ARGS__

/*
 * A plan that is right, with these members more, or with these mounts.  What
 * is given must come to # as it is written: true is a macro of <stdbool.h>.
 */
#define PLAN(...) PLAN_BEGINNING #__VA_ARGS__ "}"
#define MOUNTS(...) PLAN_BEGINNING "\"mounts\": [" #__VA_ARGS__ "]}"

#define PLAN_BEGINNING \
	"{\"version\": 1, \"rootfs\": {\"path\": \"/rootfs\"}, " \
	"\"namespaces\": " \
	"[\"mount\", \"pid\", \"network\", \"ipc\", \"uts\"], " \
	"\"process\": {\"args\": [\"/bin/true\"]}, "

/* The same with a process of its own, of which these are the members. */
#define PROCESS(...) \
	"{\"version\": 1, \"rootfs\": {\"path\": \"/rootfs\"}, " \
	"\"namespaces\": " \
	"[\"mount\", \"pid\", \"network\", \"ipc\", \"uts\"], " \
	"\"process\": {" #__VA_ARGS__ "}}"

struct reading {
	struct plan_faults faults;	/* first: tell() knows this */
	struct plan plan;
	char told[16384];		/* "" where all is well */
	size_t length;
	char pointer[1024];		/* of the last fault */
	char message[2048];
};

/*
 * Read a plan that has a parent, or for other uses.  One reading at a time;
 * it lasts until the next.
 */
struct reading *reading_of(const char *text);
struct reading *reading_of_bytes(const char *bytes, size_t length,
				 struct plan_use use);

/* The plan of a text in which there is no fault; one fails the test. */
struct plan *plan_of(const char *text);

/* For cmocka's teardown. */
int reading_free(void **state);

#endif
