/*
 * peek: look into process 1, as another process of the container would that
 * is the same user.  Fails and says so where that can be done.
 */

#include <fcntl.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(void)
{
	static const char *const files[] = {
		"/proc/1/environ", "/proc/1/maps", "/proc/1/mem",
		"/proc/1/auxv", "/proc/1/exe", "/proc/1/root", "/proc/1/cwd",
		"/proc/1/fd/0",
	};
	char text[64];
	int seen = 0;
	size_t i;

	if (access("/proc/1/status", R_OK) < 0) {
		printf("there is no process 1 here\n");
		return 2;
	}
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int fd = open(files[i], O_RDONLY | O_NONBLOCK);

		/* a link; or what opens, but shows nothing when it is read */
		if (fd >= 0 && (i > 3 || read(fd, text, sizeof(text)) > 0)) {
			printf("%s can be read\n", files[i]);
			seen++;
		}
		if (fd >= 0)
			close(fd);
	}
	if (ptrace(PTRACE_SEIZE, 1, NULL, NULL) == 0) {
		printf("it can be traced\n");
		seen++;
	}
	fflush(stdout);
	return seen ? 1 : 0;
}
