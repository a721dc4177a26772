/* seccomp: a filter, then execve(2), and somebody who tells how it went */

#include "process/seccomp.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "format.h"
#include "kernel/abi.h"
#include "kernel/filter.h"
#include "process/process.h"
#include "sync/sync.h"

/* Between two looks of the watcher, in milliseconds. */
#define LOOK 1

/* Turns of a thread that may make no call to wait: ten seconds and more. */
#define PATIENCE ((uint64_t)1 << 35)

int process_read_filter(struct plan *plan, struct failure *why)
{
	struct seccomp_plan *seccomp = &plan->process.seccomp;
	const size_t one = sizeof(struct filter_instruction);

	if (seccomp->fd < 0)
		return 0;
	attempt(why, "/process/seccomp/fd", WHOLE, "read",
		"the seccomp filter");
	if (text_read(&seccomp->program, seccomp->fd, why) < 0)
		return -1;
	if (seccomp->program.length % one || !seccomp->program.length ||
	    seccomp->program.length > FILTER_MOST * one)
		return refused(why, "it must be 1 to %u instructions of %zu "
			       "bytes, and has %zu bytes", FILTER_MOST, one,
			       seccomp->program.length);
	return 0;
}

/*
 * What the two threads say to one another.  Not on a stack, and no failure of
 * others': where the target is a child of ours ("init") it starts on our stack,
 * and we go on with both as soon as the filter has ended it.
 */
static struct watch {
	struct last_call *call;
	struct failure why;
	const struct sync *parent;
	char path[PATH_MAX];
	int alive;		/* 0: the filter has ended who called */
	int listener;		/* of the filter; -1: none yet */
	bool handed_over;
	int error;		/* of execve(2); 0: none yet */
} watch;

#define hear(what) __atomic_load_n(&(what), __ATOMIC_ACQUIRE)
#define say(what, value) __atomic_store_n(&(what), (value), __ATOMIC_RELEASE)

/*
 * Ours is closed then: with the parent's the last one goes, and the kernel
 * lets no filtered call wait for an answer that nobody will give.
 */
static int hand_over(int listener)
{
	attempt(&watch.why, "/process/seccomp/notify", WHOLE, "hand over",
		"the listener");
	if (sync_hand_over(watch.parent, "seccomp", listener, &watch.why) < 0)
		return -1;
	close(listener);
	return 0;
}

static void blame_execve(void)
{
	watch.call->why = &watch.why;
	watch.call->blame(watch.call, watch.error);
	if (!watch.why.hint)
		watch.why.hint = "the seccomp filter may refuse it";
}

static void blame_filter(void)
{
	attempt(&watch.why, "/process/seccomp", WHOLE, "execute", watch.path);
	watch.why.status = EXIT_NOT_EXECUTABLE;
	refused(&watch.why, "the filter ends who calls execve(2)");
}

/*
 * In a thread that is not filtered.  While the other one's execve(2) may
 * fail, it makes no call that may: errno is one for both.
 */
static int tell_how_it_went(void *nothing)
{
	int listener;

	(void)nothing;
	while (hear(watch.alive) && !hear(watch.error)) {
		listener = hear(watch.listener);
		if (listener >= 0 && !watch.handed_over) {
			if (hand_over(listener) < 0)
				filter_exit(sync_report(watch.parent,
							&watch.why));
			say(watch.handed_over, true);
		}
		poll(NULL, 0, LOOK);
	}
	if (watch.error)
		blame_execve();
	else
		blame_filter();
	filter_exit(sync_report(watch.parent, &watch.why));
}

/* Without a system call: which of them the filter allows nobody knows. */
static void stay(const bool *until)
{
	uint64_t turn = 0;

	while (!hear(*until) && turn < PATIENCE)
		turn++;
}

static int install(const struct seccomp_plan *seccomp, struct failure *why)
{
	/* to bind all threads is to bind this one: the other ends with it */
	uint32_t flags = seccomp->flags & ~(uint32_t)FILTER_TSYNC;
	int listener;

	if (seccomp->notify)
		flags |= FILTER_NEW_LISTENER;
	listener = filter_install((const void *)seccomp->program.bytes,
				  seccomp->program.length /
				  sizeof(struct filter_instruction), flags);
	if (listener >= 0)
		return listener;
	failed(why, "seccomp");
	if (why->error == EINVAL)
		why->hint = "the kernel wants no such program, or does not "
			    "know one of the flags";
	return -1;
}

int seccomp_exec(struct last_call *call)
{
	const struct seccomp_plan *seccomp = call->seccomp;
	const bool never = false;
	bool is_watched;
	int listener;

	attempt(call->why, "/process/seccomp", WHOLE, "install",
		"the seccomp filter");
	call->why->status = EXIT_SHIM;
	watch.call = call;
	watch.why = *call->why;
	watch.parent = call->parent;
	watch.listener = -1;
	format_text(watch.path, sizeof(watch.path), "%s", call->path);
	/* there is none for SCHED_DEADLINE, or past RLIMIT_NPROC */
	is_watched = filter_watch(tell_how_it_went, &watch.alive) == 0;
	if (!is_watched && seccomp->notify)
		return failed(call->why, "clone");
	listener = install(seccomp, call->why);
	if (listener < 0)
		return -1;

	/* from here on execve(2) and exit_group(2) alone: README.md */
	if (seccomp->notify) {
		say(watch.listener, listener);
		stay(&watch.handed_over);
		if (!watch.handed_over)
			filter_exit(EXIT_SHIM);
	}
	execve(call->path, call->args, call->env);
	say(watch.error, errno);
	if (is_watched)
		stay(&never);
	filter_exit(EXIT_NOT_EXECUTABLE);
}
