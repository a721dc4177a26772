/*
 * Why the shim gave up: one value, filled where things are known, told once.
 *
 * The walker says what is about to be tried (attempt), the leaf says who
 * refused (failed, refused), main tells the parent and the person.  The
 * sentence reads verb and object first:
 *
 *   cannot mount /tmp: fsconfig: Invalid argument: tmpfs: Bad value for
 *   'size' (plan item /mounts/3)
 */

#ifndef FAILURE_H
#define FAILURE_H

#include <stddef.h>

enum exit_status {
	EXIT_SHIM = 125,	/* the shim failed: plan, step or parent */
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
};

/* In attempt(): the item is not one of a list. */
#define WHOLE ((size_t)-1)

struct failure {
	const char *stage;	/* as in the protocol: "mounts" */
	const char *item;	/* JSON pointer of the item, or of its list */
	size_t index;		/* which of the list; WHOLE: item is itself */
	const char *step;	/* the verb: "mount" */
	const char *path;	/* its object, as the plan spells it: "/tmp" */
	const char *operation;	/* syscall that refused; NULL: nobody did */
	int error;		/* errno of that syscall; 0: none */
	enum exit_status status;	/* 0 stands for EXIT_SHIM */
	const char *hint;	/* what helps, where the cause is a known one */
	char kernel[256];	/* the kernel's own words, from a mount log */
	char detail[4608];	/* more: a reason in words, a command's output */
	char blamed[512];	/* room for an item that no string of the plan is */
	char object[32];	/* and for such a path: "CAP_KILL" */
};

/*
 * Say what is about to be tried.  Cheap: nothing is formatted or copied, so
 * the strings must live until the next attempt.
 *
 * list, index   "/mounts", 3: the item /mounts/3; WHOLE: list is the item
 * step, path    verb and object of the sentence; path may be NULL
 */
void attempt(struct failure *why, const char *list, size_t index,
	     const char *step, const char *path);

/* The system call "operation" refused, errno says how.  Returns -1. */
int failed(struct failure *why, const char *operation);

/* As failed(), for calls that return the error instead of setting errno. */
int failed_as(struct failure *why, const char *operation, int error);

/* No system call refused: the reason in words.  Returns -1. */
int refused(struct failure *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A system call refused, and there is more to say of it.  Returns -1. */
int failed_because(struct failure *why, const char *operation,
		   const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What failed() has recorded, with more to say of it.  Returns -1. */
int explained(struct failure *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The JSON pointer of the item to blame, written to text; "" for none. */
const char *failure_pointer(const struct failure *why, char *text, size_t size);

/* The whole sentence, cut at size, never past a character's middle. */
const char *failure_sentence(const struct failure *why, char *text,
			     size_t size);

/* "ENOENT" for 2; "" for 0 and numbers without a name. */
const char *errno_name(int error);

#endif
