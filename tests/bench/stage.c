/* stage: a rootfs with what the scenario needs, in a tmpfs */

#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

void die(const char *format, ...)
{
	va_list arguments;

	fputs("measure: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

static void make_dir(const char *path)
{
	if (mkdir(path, 0755) < 0)
		die("%s: %s", path, strerror(errno));
}

static void make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		die("%s: %s", path, strerror(errno));
}

static void install(int program, const char *path)
{
	struct stat st;
	int to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	off_t start = 0;

	if (program < 0)
		return;
	if (to < 0 || fstat(program, &st) < 0 ||
	    sendfile(to, program, &start, (size_t)st.st_size) != st.st_size)
		die("%s: %s", path, strerror(errno));
	close(to);
}

static void make_many(void (*make)(const char *path, const char *text),
		      const char *dir, unsigned count)
{
	char path[64];
	unsigned i;

	make_dir(dir);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%05u", dir, i);
		make(path, "a small file, as many are\n");
	}
}

static void make_dir_without(const char *path, const char *text)
{
	(void)text;
	make_dir(path);
}

void stage_open(const struct scenario *scenario, int target, int show)
{
	static const char *const dirs[] = {
		BIND_SOURCE, ROOTFS, ROOTFS "/bin", ROOTFS "/dev",
		ROOTFS "/proc", ROOTFS "/sys",
	};
	size_t i;

	umask(0);
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0 ||
	    mount("stage", "/tmp", "tmpfs", 0, "mode=755,nr_inodes=0") < 0)
		die("no mount namespace: %s", strerror(errno));
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		make_dir(dirs[i]);
	install(target, ROOTFS TARGET);
	install(show, ROOTFS SHOW);
	make_many(make_dir_without, ROOTFS "/binds", scenario->binds);
	make_many(make_file, ROOTFS "/masks", scenario->masks);
	make_many(make_file, ROOTFS "/copied", scenario->copied);
}
