/*
 * A command below the real shim, which is its PID 1 or a subreaper: started,
 * sent signals, listened to, waited for.
 */

#ifndef REAPED_H
#define REAPED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

struct reaped {
	/* For the test to set. */
	bool is_first;		/* as PID 1, in a pid namespace of its own */
	void (*before)(void);	/* in the child, before it is the shim */

	pid_t pid;		/* the shim's; 0: it has ended */
	int output;		/* the other end of its stdout */
	int errors;		/* a file: its stderr */
	char line[256];		/* of the output, by reaped_line() */
	char said[4096];	/* on stderr, by reaped_end() */
};

/* For cmocka: each test as PID 1 and as a subreaper, or one of them. */
int reaped_open_first(void **state);
int reaped_open_other(void **state);
int reaped_close(void **state);

#define REAPED_FIRST(function) \
	{ #function " (as PID 1)", function, reaped_open_first, \
	  reaped_close, NULL }
#define REAPED_OTHER(function) \
	{ #function " (as a subreaper)", function, reaped_open_other, \
	  reaped_close, NULL }
#define REAPED_BOTH(function) REAPED_FIRST(function), REAPED_OTHER(function)

/* Start the shim with these words; "hears" is the helper. */
#define reaped_start(reaped, ...) \
	reaped_start_words(reaped, (const char *[]){ __VA_ARGS__, NULL })
void reaped_start_words(struct reaped *reaped, const char *const *words);

/* Kill it, and all that is below it. */
void reaped_stop(struct reaped *reaped);

/* The next line of its output; "" at the end of it. */
const char *reaped_line(struct reaped *reaped);

/* Wait for its end.  Returns the exit status; -1: a signal killed it. */
int reaped_end(struct reaped *reaped);

/* Start it and wait: the exit status. */
#define reaped_run(reaped, ...) \
	(reaped_start(reaped, __VA_ARGS__), reaped_end(reaped))

/* Wait until it is in this state, as proc(5) names them: 'T', 'S' ... */
void reaped_wait_state(pid_t pid, char state);

/* The pids of its children; returns how many. */
size_t reaped_children(pid_t pid, pid_t *children, size_t room);

/* Wait until it has so many children, zombies among them. */
void reaped_wait_children(pid_t pid, size_t count);

/* How many descriptors it has open; wait until it has so many. */
size_t reaped_fds(pid_t pid);
void reaped_wait_fds(pid_t pid, size_t count);

/* Wait until it has been at rest for long enough to be small. */
void reaped_wait_settled(pid_t pid);

/* Wait until it has one child, of that name. */
void reaped_wait_child(pid_t pid, const char *name);

/* A file of /proc/PID; "" where it cannot be read. */
const char *reaped_proc(pid_t pid, const char *file);

/* The number behind a key of /proc/PID/status. */
long reaped_status(pid_t pid, const char *key);

#endif
