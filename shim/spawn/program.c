/* program: posix_spawn(3), and the words of a program that fails */

#include "spawn/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "spawn/packet.h"

extern char **environ;

/* Its last words, without the newline. */
struct words {
	char text[512];
	size_t length;
};

static int start(char *const args[], int output, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
				 POSIX_SPAWN_SETSIGDEF);
	error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
						 O_RDWR, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, output, 1);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, output, 2);
	if (!error)
		error = posix_spawnp(pid, args[0], &actions, &attributes, args,
				     environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Until it closes its output; false: not before the deadline. */
static bool listen(int output, int64_t deadline, struct words *words)
{
	char more[512];
	ssize_t got;

	do {
		if (!packet_wait(output, deadline))
			return false;
		got = read(output, more, sizeof(more));
		if (got > 0 && (size_t)got + words->length <
			       sizeof(words->text)) {
			memcpy(words->text + words->length, more, (size_t)got);
			words->length += (size_t)got;
		}
	} while (got > 0 || (got < 0 && errno == EINTR));
	while (words->length && words->text[words->length - 1] == '\n')
		words->length--;
	words->text[words->length] = '\0';
	return true;
}

/* Did it succeed?  Where SIGCHLD is ignored nobody knows: its words tell. */
static bool succeeded(pid_t pid, const struct words *words)
{
	int status = 0;
	pid_t waited;

	do
		waited = waitpid(pid, &status, 0);
	while (waited < 0 && errno == EINTR);
	if (waited < 0)
		return words->length == 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int program_run(char *const args[], int64_t deadline, struct failure *why)
{
	struct words words = { .length = 0 };
	autoclose int output = -1;
	int ends[2], error;
	pid_t pid;
	bool ended;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return failed(why, "pipe2");
	output = ends[0];
	error = start(args, ends[1], &pid);
	close(ends[1]);
	if (error) {
		failed_as(why, "posix_spawn", error);
		return explained(why, "%s", args[0]);
	}
	ended = listen(output, deadline, &words);
	if (!ended)
		kill(pid, SIGKILL);
	if (succeeded(pid, &words))
		return 0;
	return refused(why, "%s failed: %s", args[0],
		       ended ? words.text : "it took too long");
}
