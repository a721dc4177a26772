/* daemon: what a daemon does with libinit-shim, and what it must not leave */

#include "daemon.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PATIENCE 30000		/* milliseconds, until something hangs */

static unsigned long count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned long count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static int open_in(void **state, int (*open_box)(void **box))
{
	struct daemon *daemon = calloc(1, sizeof(*daemon));
	void *box = NULL;

	if (!daemon || open_box(&box) < 0)
		return -1;
	daemon->box = box;
	*state = daemon;
	if (daemon->box->skip)
		return 0;
	box_program(daemon->box, "show");
	daemon->descriptors = count_descriptors();
	daemon_open_shim(daemon, NULL);
	return 0;
}

int daemon_open(void **state)
{
	return open_in(state, box_open);
}

int daemon_open_in_userns(void **state)
{
	static const struct init_shim_map map = { 0, BOX_USERS, 65536 };
	struct daemon *daemon;

	if (open_in(state, box_open_in_userns) < 0)
		return -1;
	daemon = *state;
	daemon->how.uid_maps = daemon->how.gid_maps = &map;
	daemon->how.uid_map_count = daemon->how.gid_map_count = 1;
	return 0;
}

int daemon_close(void **state)
{
	struct daemon *daemon = *state;
	void *box = daemon->box;
	bool good;

	if (daemon->container) {
		init_shim_kill(daemon->container, SIGKILL, NULL);
		init_shim_wait(daemon->container, PATIENCE, NULL, NULL);
	}
	init_shim_free(daemon->container);
	init_shim_close(daemon->shim);
	init_shim_error_free(daemon->error);
	free(daemon->plan);
	good = daemon->box->skip ||
	       (count_descriptors() == daemon->descriptors &&
		waitpid(-1, NULL, WNOHANG | __WALL) == -1 && errno == ECHILD);
	if (!good)
		print_error("daemon: descriptors or children are left\n");
	free(daemon);
	return box_close(&box) < 0 || !good ? -1 : 0;
}

static void forget_error(struct daemon *daemon)
{
	init_shim_error_free(daemon->error);
	daemon->error = NULL;
}

const char *daemon_error(const struct daemon *daemon)
{
	return daemon->error ? daemon->error->message : "";
}

void daemon_open_shim(struct daemon *daemon, const char *helper)
{
	char path[64];

	if (daemon->box->skip)
		box_skip(daemon->box->skip);
	init_shim_close(daemon->shim);
	if (helper)
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s",
			 daemon->box->helpers, helper);
	else
		snprintf(path, sizeof(path), "/proc/self/fd/%d",
			 daemon->box->shim);
	daemon->shim = init_shim_open(path, &daemon->error);
	assert_string_equal(daemon_error(daemon), "");
}

bool daemon_spawn(struct daemon *daemon, const char *fragment)
{
	char *plan = box_plan(daemon->box, fragment);
	bool spawned = daemon_spawn_text(daemon, plan);

	free(plan);
	return spawned;
}

bool daemon_spawn_text(struct daemon *daemon, const char *plan)
{
	if (daemon->box->skip)
		box_skip(daemon->box->skip);
	assert_null(daemon->container);
	forget_error(daemon);
	free(daemon->plan);
	daemon->plan = plan ? strdup(plan) : NULL;
	daemon->how.plan = daemon->plan;
	daemon->container = init_shim_spawn(daemon->shim, &daemon->how,
					    &daemon->error);
	return daemon->container != NULL;
}

static void add_word(struct daemon *daemon, const char *word)
{
	size_t length = strlen(daemon->said);

	snprintf(daemon->said + length, sizeof(daemon->said) - length, "%s%s",
		 length ? " " : "", word);
}

/* Is there more to come? */
static bool answer(struct daemon *daemon,
		   const struct init_shim_message *message)
{
	static const char *const words[] = {
		[INIT_SHIM_HOOKS] = "hooks",
		[INIT_SHIM_CONSOLE] = "console",
		[INIT_SHIM_SECCOMP] = "seccomp",
		[INIT_SHIM_PROGRESS] = "progress",
		[INIT_SHIM_READY] = "ready",
		[INIT_SHIM_RUNNING] = "running",
	};
	add_word(daemon, words[message->event]);
	if (message->event == INIT_SHIM_HOOKS)
		init_shim_resume(daemon->container, NULL);
	if (message->event == INIT_SHIM_READY && daemon->plan)
		init_shim_start(daemon->container, NULL);
	return message->event != INIT_SHIM_RUNNING;
}

const char *daemon_run(struct daemon *daemon)
{
	struct init_shim_message message;
	int got;

	daemon->said[0] = '\0';
	forget_error(daemon);
	do {
		got = init_shim_next(daemon->container, PATIENCE, &message,
				     &daemon->error);
		if (got <= 0)
			add_word(daemon, got ? "failed" : "late");
	} while (got > 0 && answer(daemon, &message));
	return daemon->said;
}

const char *daemon_end(struct daemon *daemon)
{
	struct init_shim_status status;
	int ended;

	forget_error(daemon);
	ended = init_shim_wait(daemon->container, PATIENCE, &status,
			       &daemon->error);
	assert_string_equal(daemon_error(daemon), "");
	assert_int_equal(ended, 1);
	init_shim_free(daemon->container);
	daemon->container = NULL;
	snprintf(daemon->said, sizeof(daemon->said), "%s %d",
		 status.signal ? "signal" : "exit",
		 status.signal ? status.signal : status.exit_code);
	return daemon->said;
}
