/* box: what the kernel says of files in the container */

#include "box.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fd.h"

static char *format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static char *format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return text;
}

char *box_read_all(int fd)
{
	char *text = NULL;
	size_t room = 0, length = 0;
	ssize_t got;

	do {
		if (length + 1 >= room)
			text = realloc(text, room = 2 * room + 65536);
		assert_non_null(text);
		got = read(fd, text + length, room - length - 1);
		if (got < 0) {
			free(text);
			return NULL;
		}
		length += (size_t)got;
	} while (got > 0);
	text[length] = '\0';
	return text;
}

bool box_exists(struct box *box, const char *path)
{
	autoclose int fd = box_open_path(box, path, O_PATH | O_NOFOLLOW);

	return fd >= 0;
}

struct stat box_stat(struct box *box, const char *path)
{
	autoclose int fd = box_open_path(box, path, O_PATH | O_NOFOLLOW);
	struct stat st = {0};

	if (fd < 0 || fstat(fd, &st) < 0)
		fail_msg("box: %s: %s", path, strerror(errno));
	return st;
}

mode_t box_mode(struct box *box, const char *path)
{
	return box_stat(box, path).st_mode & 07777;
}

static char *type_text(const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFDIR:
		return format("dir");
	case S_IFREG:
		return format("file");
	case S_IFLNK:
		return format("link");
	case S_IFIFO:
		return format("fifo");
	case S_IFSOCK:
		return format("socket");
	default:
		return format("%s %u:%u", S_ISCHR(st->st_mode) ? "char" :
			      "block", major(st->st_rdev), minor(st->st_rdev));
	}
}

const char *box_type(struct box *box, const char *path)
{
	struct stat st;

	if (!box_exists(box, path))
		return "";
	st = box_stat(box, path);
	return box_keep(box, type_text(&st));
}

/* A file's text, or why there is none, which no test takes for one. */
const char *box_read(struct box *box, const char *path)
{
	autoclose int fd = box_open_path(box, path, O_RDONLY | O_NONBLOCK);
	char *text = fd < 0 ? NULL : box_read_all(fd);

	return box_keep(box, text ? text : format("<%s>", strerror(errno)));
}

const char *box_readlink(struct box *box, const char *path)
{
	autoclose int fd = box_open_path(box, path, O_PATH | O_NOFOLLOW);
	char text[4096] = "";
	ssize_t length = fd < 0 ? -1 : readlinkat(fd, "", text,
						  sizeof(text) - 1);

	return box_keep(box, length < 0 ? format("<%s>", strerror(errno)) :
			strdup(text));
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 &&
	       strcmp(entry->d_name, "..") != 0;
}

/* scandir(3) of a descriptor. */
static int scan(int dir, struct dirent ***list)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	return scandir(path, list, is_entry, by_name);
}

const char *box_list(struct box *box, const char *path)
{
	autoclose int dir = box_open_path(box, path, O_PATH | O_DIRECTORY);
	char *text = NULL;
	struct dirent **list;
	size_t length;
	FILE *to;
	int count = dir < 0 ? -1 : scan(dir, &list), i;

	if (count < 0)
		return box_keep(box, format("<%s>", strerror(errno)));
	to = open_memstream(&text, &length);
	for (i = 0; i < count; i++) {
		fprintf(to, "%s%s", i ? " " : "", list[i]->d_name);
		free(list[i]);
	}
	free(list);
	fclose(to);
	return box_keep(box, text);
}

int box_write(struct box *box, const char *path, const char *text)
{
	autoclose int fd = box_open_path(box, path, O_WRONLY | O_NONBLOCK);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return errno;
	return 0;
}

const char *box_proc(struct box *box, const char *file)
{
	char path[256];
	autoclose int fd = -1;
	char *text;

	snprintf(path, sizeof(path), "/proc/%d/%s", box->pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	text = fd < 0 ? NULL : box_read_all(fd);
	return box_keep(box, text ? text : format("<%s>", strerror(errno)));
}

/*
 * The digest: all of a directory that a change would show in.
 */

static void digest_dir(FILE *to, int dir, const char *path);

static void digest_entry(FILE *to, int dir, const char *path,
			 const char *name)
{
	autoclose int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char where[64], text[4096] = "";
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		fprintf(to, "%s/%s: %s\n", path, name, strerror(errno));
		return;
	}
	fprintf(to, "%s/%s %o %u:%u %jx %jd %jd.%09ld ", path, name,
		st.st_mode, st.st_uid, st.st_gid, (uintmax_t)st.st_rdev,
		(intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec);
	snprintf(where, sizeof(where), "/proc/self/fd/%d", fd);
	if (S_ISLNK(st.st_mode) && readlinkat(fd, "", text, 4095) > 0)
		fprintf(to, "-> %s", text);
	if (S_ISREG(st.st_mode)) {
		autoclose int file = open(where, O_RDONLY | O_CLOEXEC);

		if (read(file, text, sizeof(text) - 1) > 0)
			fprintf(to, "%s", text);
	}
	fprintf(to, "\n");
	snprintf(text, sizeof(text), "%s/%s", path, name);
	if (S_ISDIR(st.st_mode))
		digest_dir(to, fd, text);
}

static void digest_dir(FILE *to, int dir, const char *path)
{
	struct dirent **list;
	int count = scan(dir, &list), i;

	for (i = 0; i < count; i++) {
		digest_entry(to, dir, path, list[i]->d_name);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

char *box_digest(const char *path)
{
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	digest_entry(to, AT_FDCWD, "", path);
	fclose(to);
	return text;
}
