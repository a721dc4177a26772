/*
 * orphans: leave as many behind as the argument says, all of them ended and
 * waited for by nobody; say when, to descriptor 1.
 */

#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Whose children they are, until it ends: then they are PID 1's. */
static int leave(long count)
{
	struct timespec now;
	int gate[2];
	char byte;

	if (pipe(gate) < 0)
		return 1;
	while (count-- > 0)
		if (fork() == 0)
			_exit(0);
	close(gate[1]);
	/* the end of file: the last of them has ended */
	if (read(gate[0], &byte, 1) != 0)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return write(1, &now, sizeof(now)) != sizeof(now);
}

int main(int argc, char **argv)
{
	int status;
	pid_t child;

	if (argc < 2)
		return 1;
	child = fork();
	if (child == 0)
		_exit(leave(atol(argv[1])));
	return waitpid(child, &status, 0) != child || status != 0;
}
