/*
 * libinit-shim: spawn init-shim as the first process of a container, talk to
 * it, and wait for what it becomes.  For container daemons; README.md, "Use
 * from a daemon", has a whole one.
 *
 *	shim = init_shim_open(NULL, &error);
 *	container = init_shim_spawn(shim, &how, &error);
 *	while (init_shim_next(container, -1, &message, &error) > 0)
 *		...hooks, start, until it is INIT_SHIM_RUNNING
 *	init_shim_wait(container, -1, &status, &error);
 *	init_shim_free(container);
 *
 * Threads: there is no global state.  A struct init_shim is never written
 * after it was opened and may be used by any number of threads at once; a
 * container by one at a time, different ones at the same time.  The process
 * that calls is left as it is: no signal handler, no SIGCHLD before the shim
 * runs, no change of its credentials, namespaces, descriptors or directory.
 *
 * Time: a timeout is in milliseconds; 0 does not wait, -1 waits forever.
 *
 * Errors: a call that can fail takes a pointer to a struct init_shim_error *
 * last, which is NULL before, and filled when it failed; free it.  That
 * pointer itself may be NULL, where nobody wants to know.
 *
 * What is all zeros in a struct of this header has a sensible meaning, so
 * that members may be added behind those that are there: initialize them by
 * name.
 */

#ifndef INIT_SHIM_H
#define INIT_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/*
 * Errors.
 */

enum init_shim_origin {
	INIT_SHIM_BY_LIBRARY = 1, /* a call of this library: stage "spawn" */
	INIT_SHIM_BY_SHIM,	/* the shim's message "error": README.md */
	INIT_SHIM_DIED,		/* the shim ended and said nothing: status */
};

/* No string is NULL: what is not known is "". */
struct init_shim_error {
	enum init_shim_origin origin;
	const char *message;	/* a whole sentence, for a person */
	const char *stage;	/* "mounts" */
	const char *pointer;	/* the plan item to blame: "/mounts/3" */
	const char *operation;	/* the system call that refused: "mount" */
	const char *path;	/* what it was about, as the plan spells it */
	int number;		/* its errno; 0: no system call refused */
	const char *name;	/* of that errno: "ENOENT" */
	const char *kernel;	/* the kernel's own words */
	const char *hint;	/* what helps, where the cause is a known one */
	int exit_code;		/* INIT_SHIM_DIED: as in init_shim_status */
	int signal;
};

/* NULL is nothing to free. */
void init_shim_error_free(struct init_shim_error *error);

/*
 * The program, opened once.
 */

struct init_shim;

/*
 * Copy the shim into a sealed file in memory: what a container finds as
 * /proc/1/exe cannot be written (CVE-2019-5736), and an upgrade of the file
 * does not change what runs.
 *
 * path  of the program; NULL: where it was installed to
 *
 * Returns NULL with *error.
 */
struct init_shim *init_shim_open(const char *path,
				 struct init_shim_error **error);

/* Containers that it spawned are not touched.  NULL is nothing to close. */
void init_shim_close(struct init_shim *shim);

/*
 * How to spawn.
 */

/* Bits; the kernel's CLONE_NEW* flags have the same values. */
enum init_shim_namespaces {
	INIT_SHIM_TIME = 0x00000080,
	INIT_SHIM_MOUNT = 0x00020000,
	INIT_SHIM_CGROUP = 0x02000000,
	INIT_SHIM_UTS = 0x04000000,
	INIT_SHIM_IPC = 0x08000000,
	INIT_SHIM_USER = 0x10000000,
	INIT_SHIM_PID = 0x20000000,
	INIT_SHIM_NETWORK = 0x40000000,
};

/* A namespace that is there already. */
struct init_shim_join {
	unsigned type;		/* one of the bits */
	const char *path;	/* "/proc/42/ns/net"; NULL: */
	int fd;			/* a descriptor of it, borrowed */
};

/* "count" ids from "inside" on are those from "outside" on. */
struct init_shim_map {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

/* A descriptor of the caller's and the number that it has in the shim. */
struct init_shim_fd {
	int fd;
	int number;
};

/* What a clock of the new time namespace is ahead (or behind). */
struct init_shim_offset {
	int64_t seconds;
	uint32_t nanoseconds;
};

/* A range of these fields is a pointer and a count; 0 is none. */
struct init_shim_how {
	/*
	 * The plan, in JSON, ended with a NUL.  NULL: the shim waits for
	 * init_shim_give_plan(); until then it has done nothing.
	 */
	const char *plan;

	/*
	 * Bits: the namespaces to make.  0: those that the plan lists, but
	 * for those that are joined (which takes the plan here).
	 */
	unsigned namespaces;
	const struct init_shim_join *joins;
	size_t join_count;

	/*
	 * Of the new user namespace; none: the caller's own user and group
	 * are root in it, and nobody else is there.  Where the caller lacks
	 * the privileges newuidmap(1) and newgidmap(1) write them, as
	 * /etc/subuid and /etc/subgid allow.
	 */
	const struct init_shim_map *uid_maps;
	size_t uid_map_count;
	const struct init_shim_map *gid_maps;
	size_t gid_map_count;

	/* Of the new time namespace. */
	struct init_shim_offset monotonic;
	struct init_shim_offset boottime;

	/*
	 * Directories of cgroup filesystems, v1 or v2, that the shim is born
	 * into: before its cgroup namespace, if it has one.
	 */
	const int *cgroups;
	size_t cgroup_count;

	/*
	 * All that the shim inherits.  0, 1 and 2 are /dev/null where they
	 * are not listed; the numbers are those that a plan names ("sourceFd").
	 */
	const struct init_shim_fd *fds;
	size_t fd_count;

	/*
	 * The shim tells its failure to us only, not to its stderr too.
	 */
	int quiet;

	/* For all that spawning takes; 0: half a minute. */
	int timeout;
};

/*
 * A container, from its first process to its exit status.
 */

struct init_shim_container;

/*
 * Spawn the shim.  It returns when the shim is executed, in its namespaces,
 * and reads the plan.
 *
 * Returns NULL with *error: stage "spawn", and nothing is left behind.
 */
struct init_shim_container *
init_shim_spawn(const struct init_shim *shim, const struct init_shim_how *how,
		struct init_shim_error **error);

/*
 * The process: the shim, then the target.  As the caller's pid namespace has
 * it.  Do not wait for it otherwise: init_shim_wait() does.
 */
pid_t init_shim_pid(const struct init_shim_container *container);

/*
 * A pidfd of it, which poll(2) finds readable when it has ended; borrowed.
 * -1 where the kernel has none (before Linux 5.2).
 */
int init_shim_pidfd(const struct init_shim_container *container);

/*
 * The plan, once, where struct init_shim_how had none: length bytes of text;
 * or a file that holds it, read from its start to its end by the shim (pipes
 * will do), borrowed.
 *
 * Returns 0, or -1 with *error.
 */
int init_shim_give_plan(struct init_shim_container *container,
			const char *plan, size_t length,
			struct init_shim_error **error);
int init_shim_give_plan_fd(struct init_shim_container *container, int fd,
			   struct init_shim_error **error);

/*
 * A plan that is built here, for who has no JSON of his own: members one after
 * the other, in objects and lists that are begun and ended.  key is NULL in a
 * list, and only there.  What is wrong is told once, by the text: no string
 * may be other than UTF-8, and what is begun last is ended first.
 *
 *	plan = init_shim_plan_new();
 *	init_shim_plan_number(plan, "version", 1);
 *	init_shim_plan_list(plan, "namespaces");
 *	init_shim_plan_string(plan, NULL, "mount");
 *	init_shim_plan_end(plan);
 *	...
 *	how.plan = init_shim_plan_text(plan, &error);
 */
struct init_shim_plan;

/* NULL: there is no memory. */
struct init_shim_plan *init_shim_plan_new(void);
void init_shim_plan_free(struct init_shim_plan *plan);

void init_shim_plan_object(struct init_shim_plan *plan, const char *key);
void init_shim_plan_list(struct init_shim_plan *plan, const char *key);
void init_shim_plan_end(struct init_shim_plan *plan);

void init_shim_plan_string(struct init_shim_plan *plan, const char *key,
			   const char *text);
void init_shim_plan_number(struct init_shim_plan *plan, const char *key,
			   int64_t number);
void init_shim_plan_bool(struct init_shim_plan *plan, const char *key,
			 int value);

/*
 * End what is begun, and the plan: its text, which is there until it is
 * freed.  NULL with *error.
 */
const char *init_shim_plan_text(struct init_shim_plan *plan,
				struct init_shim_error **error);

enum init_shim_event {
	INIT_SHIM_HOOKS = 1,	/* run prestart and createRuntime hooks, then
				   init_shim_resume() */
	INIT_SHIM_CONSOLE,	/* fd: the master of the terminal */
	INIT_SHIM_SECCOMP,	/* fd: the listener of the filter */
	INIT_SHIM_PROGRESS,	/* stage, done, total */
	INIT_SHIM_READY,	/* only execve(2) is left: init_shim_start() */
	INIT_SHIM_RUNNING,	/* the target runs: there is no more to say.
				   (A seccomp filter of the plan may keep the
				   shim from telling that it does not: the
				   status is 126 or 127 then) */
};

struct init_shim_message {
	enum init_shim_event event;
	int fd;			/* the caller's to close; else -1 */
	char stage[32];
	uint64_t done;
	uint64_t total;
};

/*
 * Readable when init_shim_next() has something to say; borrowed.  For event
 * loops: call init_shim_next() with timeout 0 then.  After INIT_SHIM_RUNNING
 * and after an error there is nothing to wait for any more.
 */
int init_shim_poll_fd(const struct init_shim_container *container);

/*
 * The next message of the shim.
 *
 * Returns 1 with *message, 0 when there was none in time, or -1 with *error:
 * the container failed, by the shim's word (INIT_SHIM_BY_SHIM) or without one
 * (INIT_SHIM_DIED).  The process ends then, init_shim_wait() tells how.
 */
int init_shim_next(struct init_shim_container *container, int timeout,
		   struct init_shim_message *message,
		   struct init_shim_error **error);

/*
 * Answers: go on after INIT_SHIM_HOOKS, go on after INIT_SHIM_READY, give up
 * at any time (the shim fails then, and says so).  They do not wait.
 *
 * To start does nothing where the plan has no "sync.start": the shim does not
 * stop then.  A plan that was given as a file is not looked at, so with that
 * the caller has to know.
 *
 * Return 0, or -1 with *error (EPIPE: the shim is gone; init_shim_next() says
 * why).
 */
int init_shim_resume(struct init_shim_container *container,
		     struct init_shim_error **error);
int init_shim_start(struct init_shim_container *container,
		    struct init_shim_error **error);
int init_shim_abort(struct init_shim_container *container,
		    struct init_shim_error **error);

struct init_shim_status {
	int exit_code;		/* -1: a signal killed it */
	int signal;		/* 0: none did */
};

/*
 * Wait for the end of the process.  Once it has ended every call tells the
 * same.
 *
 * Returns 1 with *status, 0 when it did not end in time, or -1 with *error
 * (ECHILD: somebody else has waited for it).
 */
int init_shim_wait(struct init_shim_container *container, int timeout,
		   struct init_shim_status *status,
		   struct init_shim_error **error);

/*
 * Send it a signal, by its pidfd: never to another process that has its
 * number by now.  Returns 0, or -1 with *error (ESRCH: it has ended).
 */
int init_shim_kill(struct init_shim_container *container, int signal,
		   struct init_shim_error **error);

/*
 * Let go of it.  A shim that has not become the target yet is killed and
 * waited for; a target runs on, the caller's child.  NULL is nothing.
 */
void init_shim_free(struct init_shim_container *container);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
