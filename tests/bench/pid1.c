/* pid1: the floor of a reaper: vfork(2), execve(2), wait4(2) for all */

#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char **args)
{
	static char *env[] = { NULL };
	pid_t child = vfork();

	if (child == 0) {
		execve(args[0], args, env);
		_exit(127);
	}
	return child;
}

int main(int argc, char **argv)
{
	pid_t child = argc > 1 ? start(argv + 1) : -1;
	int status = 0, ended;
	pid_t pid;

	while ((pid = wait4(-1, &ended, 0, NULL)) > 0)
		if (pid == child)
			status = ended;
	return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
