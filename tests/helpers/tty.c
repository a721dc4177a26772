/*
 * tty: a target that says what it knows of its terminal, a line each.  With
 * an argument it fails, so that a hook's output is told.
 */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

static void show_fds(void)
{
	struct stat st;
	int fd;

	for (fd = 0; fd < 64; fd++) {
		if (fstat(fd, &st) < 0)
			continue;
		printf("fd %d %s", fd, isatty(fd) ? "tty" : "none");
		if (isatty(fd))
			printf(" %u %u:%u %04o", major(st.st_rdev), st.st_uid,
			       st.st_gid, st.st_mode & 07777);
		printf("\n");
	}
}

static void show_names(void)
{
	char name[256] = "", path[64];
	unsigned number = 0;
	struct stat st;

	if (readlink("/proc/self/fd/0", name, sizeof(name) - 1) < 0)
		strcpy(name, "unknown");
	if (fstat(0, &st) == 0)
		number = minor(st.st_rdev);
	snprintf(path, sizeof(path), "/dev/pts/%u", number);
	printf("name %s\n", strcmp(name, path) == 0 ? "right" : name);
}

static void show_console(void)
{
	struct stat console, ours;
	int fd;

	if (stat("/dev/console", &console) < 0 || fstat(0, &ours) < 0) {
		printf("console none\n");
		return;
	}
	printf("console %s\n", console.st_dev == ours.st_dev &&
	       console.st_ino == ours.st_ino ? "ours" : "other");
	fd = open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC);
	printf("console_opens %s\n", fd >= 0 && isatty(fd) ? "yes" : "no");
	close(fd);
}

static void show_session(void)
{
	struct winsize size = {0};
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	printf("controlling %s\n", fd >= 0 || tcgetsid(0) == getsid(0) ?
	       "yes" : "no");
	printf("foreground %s\n", tcgetpgrp(0) == getpgrp() ? "yes" : "no");
	ioctl(0, TIOCGWINSZ, &size);
	printf("size %u %u\n", size.ws_row, size.ws_col);
	close(fd);
}

int main(int argc, char **argv)
{
	(void)argv;
	show_fds();
	show_names();
	show_console();
	show_session();
	fflush(stdout);
	return argc > 1;
}
