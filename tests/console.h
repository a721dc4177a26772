/* A container with a terminal, of which the test has the other end. */

#ifndef CONSOLE_TEST_H
#define CONSOLE_TEST_H

#include "box.h"

/* Mounts as of a usual plan, without the brackets around. */
#define PROC_AND_DEV \
	"{\"type\": \"proc\", \"destination\": \"/proc\"}, " \
	"{\"type\": \"tmpfs\", \"destination\": \"/dev\", " \
	 "\"options\": [\"nosuid\", \"mode=755\"]}"
#define DEVPTS \
	"{\"type\": \"devpts\", \"destination\": \"/dev/pts\", \"options\": " \
	 "[\"nosuid\", \"noexec\", \"newinstance\", \"ptmxmode=0666\", " \
	  "\"mode=0620\", \"gid=5\"]}"
#define USUAL PROC_AND_DEV ", " DEVPTS

/*
 * Run helpers/tty.c with a terminal: these mounts, these members more of the
 * process and of the plan.  Returns what it says there, "\n" at the ends of
 * lines; it has ended then.  Lives until the next one.
 */
const char *console_run(struct box *box, const char *mounts,
			const char *process, const char *plan);

/* The rest of the line that starts with the key, or NULL. */
const char *console_value(const char *said, const char *key);

/* Nothing is wrong with it, however it was made; and its device. */
void assert_console(const char *said);

#endif
