/* run_container: what the shim says, what a person sends, and the end */

#include "run_container.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "document.h"
#include "relay.h"
#include "run_guard.h"
#include "run_hooks.h"
#include "run_listener.h"
#include "run_read.h"
#include "run_spawn.h"

struct life {
	const struct launch *launch;
	const struct run_options *opt;
	const struct run_signals *signals;
	struct init_shim_container *container;
	struct relay relay;
	uint64_t early;		/* bit n - 1: signal n came before the target */
	int ended_by;		/* a signal of ours, or the alarm; 0: none */
};

/* Where nothing can be waited for by a descriptor: look now and then. */
#define LOOK 20

/* The container ends before its target runs, or right then. */
static int give_up(const struct life *life)
{
	init_shim_kill(life->container, SIGKILL, NULL);
	return -1;
}

static void tell_signal(const struct life *life)
{
	char sentence[80];

	if (life->ended_by == RUN_ALARM)
		snprintf(sentence, sizeof(sentence), "cannot start the "
			 "container: it took more than %u s",
			 life->opt->timeout);
	else
		snprintf(sentence, sizeof(sentence), "cannot start the "
			 "container: signal %d came first", life->ended_by);
	run_tell(sentence);
}

/* What would end the target, before it runs, ends us; the rest waits for it. */
static int hear_early_signals(struct life *life)
{
	int signal;

	while ((signal = run_signals_next(life->signals)) != 0) {
		if (!is_fatal(signal)) {
			life->early |= UINT64_C(1) << (signal - 1);
			continue;
		}
		life->ended_by = signal;
		tell_signal(life);
		return give_up(life);
	}
	return 0;
}

static void pass_early_signals(const struct life *life)
{
	uint64_t left;

	for (left = life->early; left; left &= left - 1)
		init_shim_kill(life->container, __builtin_ctzll(left) + 1,
			       NULL);
}

static int hooks(struct life *life, enum hook_kind kind, const char *status)
{
	struct failure why = {0};

	if (run_hooks(life->launch, kind, status,
		      init_shim_pid(life->container), life->signals,
		      &why) == 0)
		return 0;
	/* a signal that cut it short is the reason, where there was one */
	if (hear_early_signals(life) < 0)
		return -1;
	run_tell_failure(life->launch, &why);
	return give_up(life);
}

static int answer(const struct life *life,
		  int (*call)(struct init_shim_container *,
			      struct init_shim_error **))
{
	/* that the shim is gone init_shim_next() tells, with the reason */
	call(life->container, NULL);
	return 0;
}

static int on_hooks(struct life *life)
{
	if (hooks(life, HOOK_PRESTART, "creating") < 0 ||
	    hooks(life, HOOK_CREATE_RUNTIME, "creating") < 0)
		return -1;
	return answer(life, init_shim_resume);
}

static int on_ready(const struct life *life)
{
	const cJSON *sync = document_member(life->launch->plan, "sync");

	if (!cJSON_IsTrue(document_member(sync, "start")))
		return 0;
	return answer(life, init_shim_start);
}

static int unwanted(const struct life *life, int fd, const char *sentence)
{
	close(fd);
	run_tell(sentence);
	return give_up(life);
}

static int on_listener(struct life *life, int listener)
{
	struct failure why = {0};
	int done;

	if (!life->launch->listener)
		return unwanted(life, listener, "cannot serve "
				"process.seccomp.notify: nobody would answer "
				"the target's calls");
	done = run_listener_send(life->launch, listener,
				 init_shim_pid(life->container), &why);
	close(listener);
	if (done == 0)
		return 0;
	run_tell_failure(life->launch, &why);
	return give_up(life);
}

/* 1: the target runs. */
static int on_message(struct life *life,
		      const struct init_shim_message *message)
{
	switch (message->event) {
	case INIT_SHIM_HOOKS:
		return on_hooks(life);
	case INIT_SHIM_READY:
		return on_ready(life);
	case INIT_SHIM_CONSOLE:
		relay_take(&life->relay, message->fd);
		return 0;
	case INIT_SHIM_SECCOMP:
		return on_listener(life, message->fd);
	case INIT_SHIM_PROGRESS:
		return 0;
	case INIT_SHIM_RUNNING:
		return 1;
	}
	return 0;
}

/* All that are there: 1 the target runs, 0 it does not yet. */
static int next_messages(struct life *life)
{
	struct init_shim_message message;
	struct init_shim_error *error = NULL;
	int got, done = 0;

	while (done == 0) {
		got = init_shim_next(life->container, 0, &message, &error);
		if (got == 0)
			return 0;
		if (got < 0) {
			run_tell_error(life->launch, error);
			return -1;
		}
		done = on_message(life, &message);
	}
	return done;
}

/* Until there may be news of the shim's, the process's or the person's. */
static void await(struct life *life, int news)
{
	struct pollfd fds[RELAY_FDS + 2] = {
		[RELAY_FDS] = { .fd = news, .events = POLLIN },
		{ .fd = life->signals->arrived, .events = POLLIN },
	};

	relay_await(&life->relay, fds);
	if (poll(fds, RELAY_FDS + 2, news < 0 ? LOOK : -1) > 0)
		relay_move(&life->relay, fds);
}

/*
 * Until the target runs (0), or never will (-1).  What the shim has said comes
 * first: a signal may be an answer to what the target does already.
 */
static int start(struct life *life)
{
	int done;

	while ((done = next_messages(life)) == 0) {
		if (hear_early_signals(life) < 0)
			return -1;
		await(life, init_shim_poll_fd(life->container));
	}
	if (done > 0)
		pass_early_signals(life);
	return done < 0 ? -1 : 0;
}

static void on_signal(struct life *life, int signal)
{
	char sentence[64];

	if (relay_hears(&life->relay, signal))
		return;
	init_shim_kill(life->container, signal == RUN_ALARM ? SIGKILL : signal,
		       NULL);
	if (signal != RUN_ALARM)
		return;
	relay_end(&life->relay);
	snprintf(sentence, sizeof(sentence), "the container ran for %u s, "
		 "and is killed", life->opt->timeout);
	run_tell(sentence);
}

static int exit_status(const struct init_shim_status *status)
{
	return status->signal ? 128 + status->signal : status->exit_code;
}

/* To the end of it, with signals and bytes passed on.  Returns its exit status. */
static int wait_for(struct life *life)
{
	struct init_shim_error *error = NULL;
	struct init_shim_status status;
	int signal, ended;

	for (;;) {
		ended = init_shim_wait(life->container, 0, &status, &error);
		if (ended > 0)
			return exit_status(&status);
		if (ended < 0) {
			relay_end(&life->relay);
			run_tell_error(life->launch, error);
			return EXIT_SHIM;
		}
		await(life, init_shim_pidfd(life->container));
		while ((signal = run_signals_next(life->signals)) != 0)
			on_signal(life, signal);
	}
}

static int watch_over(const struct life *life, struct run_guard *guard)
{
	struct failure why = {0};

	if (run_guard_start(guard, init_shim_pidfd(life->container), &why) == 0)
		return 0;
	run_tell_failure(life->launch, &why);
	return give_up(life);
}

/* 125 to 127 are the shim's own words; a kill is ours, and no end of its. */
static int status_of_failure(const struct life *life, int status)
{
	if (life->ended_by && life->ended_by != RUN_ALARM)
		return 128 + life->ended_by;
	return status > 128 ? EXIT_SHIM : status;
}

int run_container(const struct launch *launch, const struct run_options *opt,
		  const struct run_signals *signals)
{
	struct life life = {
		.launch = launch,
		.opt = opt,
		.signals = signals,
		.relay = { .master = -1, .peer = -1 },
	};
	struct failure why = {0};
	struct run_guard guard;
	bool has_run;
	int status;

	life.container = run_spawn(launch, opt);
	if (!life.container)
		return EXIT_SHIM;
	has_run = watch_over(&life, &guard) == 0 && start(&life) == 0 &&
		  hooks(&life, HOOK_POSTSTART, "running") == 0;
	if (has_run)
		relay_begin(&life.relay);
	status = wait_for(&life);
	relay_end(&life.relay);
	if (!has_run)
		status = status_of_failure(&life, status);
	init_shim_free(life.container);
	run_guard_stop(&guard);
	run_hooks(launch, HOOK_POSTSTOP, "stopped", 0, signals, &why);
	return status;
}
