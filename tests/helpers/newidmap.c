/*
 * newuidmap, newgidmap PID INSIDE OUTSIDE COUNT...: those of shadow without
 * their checks, for a test to install setuid; which it is its name says.
 */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *file = strstr(argv[0], "newgidmap") ? "gid_map" : "uid_map";
	char path[64], text[4096];
	int at, fd, length = 0;

	if (argc < 5 || argc % 3 != 2)
		return 2;
	for (at = 2; at < argc; at += 3)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "%s %s %s\n", argv[at], argv[at + 1],
				   argv[at + 2]);
	snprintf(path, sizeof(path), "/proc/%s/%s", argv[1], file);
	/* opened by who may write: the file remembers */
	fd = open(path, O_WRONLY);
	return fd < 0 || write(fd, text, (size_t)length) != length;
}
