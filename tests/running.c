/* running: the shell as a command of the plan */

#include "running.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/fds.h"

struct failure running_why;
static char error[16384];
static int null_fd;
static int next_fd;		/* the lowest that is free */
int running_parent = -1;

int64_t milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int running_open(void **state)
{
	(void)state;
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	next_fd = dup(null_fd);
	close(next_fd);
	/* as sync_open() does, whatever this program has inherited */
	return null_fd < 0 || fds_close_on_exec(3, &running_why) < 0;
}

int running_is_over(void **state)
{
	int next = dup(null_fd);

	(void)state;
	close(next);
	return next != next_fd || waitpid(-1, NULL, WNOHANG) != -1 ||
	       errno != ECHILD;
}

const char *run(const struct command *command, const char *input)
{
	attempt(&running_why, "/mounts", 3, "run", command->path);
	if (command_run(command, input, null_fd, running_parent,
			&running_why) == 0)
		return "";
	return failure_sentence(&running_why, error, sizeof(error));
}

const char *run_shell(const char *line, const char *input, unsigned timeout)
{
	const struct command command = {
		.path = "/bin/sh",
		.args = (char *[]){ "sh", "-c", (char *)line, NULL },
		.env = (char *[]){ "PATH=/usr/bin:/bin", NULL },
		.dir = "/",
		.timeout = timeout,
	};
	static const char before[] = "cannot run /bin/sh: ";
	static const char after[] = " (plan item /mounts/3)";

	if (!*run(&command, input))
		return "";
	assert_int_equal(strncmp(error, before, strlen(before)), 0);
	assert_string_equal(error + strlen(error) - strlen(after), after);
	error[strlen(error) - strlen(after)] = '\0';
	return error + strlen(before);
}
