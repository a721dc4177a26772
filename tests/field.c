/* field: a tree, its copy, and the sentinels beside them */

#include "field.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "kernel/mount.h"
#include "mounts/copyup.h"
#include "mounts/relabel.h"

#define RENAME_EXCHANGE 2

long field_must(long answer, const char *call, int line)
{
	if (answer < 0)
		fail_msg("line %d: %s: %s", line, call, strerror(errno));
	return answer;
}

static void make_secret(const struct field *field)
{
	field_dir(field, "secret", 0755);
	field_file(field, "secret/file", SECRET, 0600);
	field_dir(field, "secret/dir", 0755);
	field_file(field, "secret/dir/file", SECRET, 04755);
	must(mknod(field_path(field, "secret/fifo"), S_IFIFO | 0666, 0));
	must(symlink("nowhere", field_path(field, "secret/link")));
}

/* Over the tmpfs, from two directories in it; the upper one gets it all. */
static void mount_overlay(const struct field *field)
{
	char options[256];

	field_dir(field, "lower", 0755);
	field_dir(field, "upper", 0755);
	field_dir(field, "work", 0755);
	snprintf(options, sizeof(options),
		 "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work",
		 field->path, field->path, field->path);
	must(mount("field", field->path, "overlay", 0, options));
}

static int open_on(void **state, bool overlay)
{
	/* shared, so that a child can leave its error there */
	struct field *field = mmap(NULL, sizeof(*field), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*state = field;
	if (field == MAP_FAILED)
		return -1;
	strcpy(field->path, "/tmp/field.XXXXXX");
	field->outside = field->from = -1;
	if (geteuid() != 0)
		return 0;
	must(unshare(CLONE_NEWNS));
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	if (!mkdtemp(field->path))
		return -1;
	must(mount("field", field->path, "tmpfs", 0, NULL));
	if (overlay)
		mount_overlay(field);
	field_dir(field, "from", 0755);
	field_dir(field, "to", 0755);
	make_secret(field);
	field->outside = (int)must(open("/", O_PATH | O_CLOEXEC));
	field->from = (int)must(open(field_path(field, "from"),
				     O_PATH | O_DIRECTORY | O_CLOEXEC));
	return 0;
}

int field_open(void **state)
{
	return open_on(state, false);
}

int field_open_on_overlay(void **state)
{
	return open_on(state, true);
}

int field_close(void **state)
{
	struct field *field = *state;

	must(chdir("/"));
	/* an overlay has the tmpfs under it */
	while (umount2(field->path, MNT_DETACH) == 0)
		;
	fd_close(&field->from);
	fd_close(&field->outside);
	rmdir(field->path);
	return munmap(field, sizeof(*field));
}

struct field *field_of(void **state)
{
	if (geteuid() != 0) {
		print_message("needs root: it mounts a tmpfs\n");
		skip();
	}
	return *state;
}

const char *field_path(const struct field *field, const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, PATH_MAX, "%s/%s", field->path, name);
	return path;
}

void field_file(const struct field *field, const char *name, const char *text,
		mode_t mode)
{
	const char *path = field_path(field, name);
	autoclose int fd = (int)must(open(path, O_WRONLY | O_CREAT | O_EXCL,
					  0600));

	must(write(fd, text, strlen(text)));
	must(fchmod(fd, mode));
}

void field_dir(const struct field *field, const char *name, mode_t mode)
{
	const char *path = field_path(field, name);

	must(mkdir(path, 0700));
	must(chmod(path, mode));
}

void field_deep(const struct field *field, const char *name, int levels)
{
	autoclose int at = (int)must(open(field_path(field, name), O_PATH));

	while (levels-- > 0) {
		int below;

		must(mknodat(at, "f", S_IFREG | 0600, 0));
		must(mkdirat(at, "d", 0755));
		below = (int)must(openat(at, "d", O_PATH));
		fd_close(&at);
		at = below;
	}
}

int field_deepest(const struct field *field, const char *name, int *levels)
{
	int at = (int)must(open(field_path(field, name), O_RDONLY));
	int below;

	*levels = 0;
	while ((below = openat(at, "d", O_RDONLY)) >= 0) {
		fd_close(&at);
		at = below;
		++*levels;
	}
	return at;
}

void field_wide(const struct field *field, const char *name)
{
	int levels;
	autoclose int at = field_deepest(field, name, &levels);
	char entry[32];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(entry, sizeof(entry), "f%d", i);
		must(mknodat(at, entry, S_IFREG | 0600, 0));
		snprintf(entry, sizeof(entry), "d%d", i);
		must(mkdirat(at, entry, 0700));
	}
}

struct stat field_stat(const struct field *field, const char *name)
{
	struct stat st = {0};

	if (lstat(field_path(field, name), &st) < 0)
		fail_msg("%s: %s", name, strerror(errno));
	return st;
}

bool field_has(const struct field *field, const char *name)
{
	struct stat st;

	return lstat(field_path(field, name), &st) == 0;
}

const char *field_text(const struct field *field, const char *name)
{
	static char text[PATH_MAX];
	autoclose int fd = open(field_path(field, name),
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	ssize_t length = fd < 0 && errno == ELOOP ?
			 readlink(field_path(field, name), text,
				  sizeof(text) - 1) :
			 read(fd, text, sizeof(text) - 1);

	if (length < 0)
		fail_msg("%s: %s", name, strerror(errno));
	text[length] = '\0';
	return text;
}

const char *field_xattr(const struct field *field, const char *name,
			const char *key)
{
	static char value[256];
	ssize_t length = lgetxattr(field_path(field, name), key, value,
				   sizeof(value) - 1);

	if (length < 0)
		return strerror(errno);
	value[length] = '\0';
	return value;
}

static void tell(struct field *field, int done)
{
	field->error[0] = '\0';
	if (done < 0)
		failure_sentence(&field->why, field->error,
				 sizeof(field->error));
}

/* As tmpfs.c does it, with a mode that is the plan's. */
void field_copy(struct field *field)
{
	autoclose int fs = fs_open("tmpfs", &field->why);
	autoclose int to = -1, shown = -1;

	must(fs);
	must(fs_set(fs, "mode=751", &field->why));
	if (field->option)
		must(fs_set(fs, field->option, &field->why));
	to = (int)must(fs_mount(fs, 0, &field->why));
	attempt(&field->why, "/mounts", 0, "mount", "/run");
	tell(field, copy_up(field->from, to, &field->why));
	/* upon that of the last time: to unmount takes milliseconds */
	shown = (int)must(open(field_path(field, "to"), O_PATH));
	must(mount_attach(to, shown, &(struct failure){0}));
}

static void write_file(const char *path, const char *text)
{
	autoclose int fd = (int)must(open(path, O_WRONLY));

	must(write(fd, text, strlen(text)));
}

void field_copy_in_user_namespace(struct field *field)
{
	pid_t child = (pid_t)must(fork());
	int status;

	if (child == 0) {
		must(unshare(CLONE_NEWUSER | CLONE_NEWNS));
		write_file("/proc/self/setgroups", "deny");
		write_file("/proc/self/uid_map", "0 0 1");
		write_file("/proc/self/gid_map", "0 0 1");
		/* the descriptor is of the mount namespace we came from */
		must(dup2((int)must(open(field_path(field, "from"),
					 O_PATH | O_DIRECTORY)), field->from));
		field_copy(field);
		_exit(0);
	}
	strcpy(field->error, "the child did not get so far");
	must(waitpid(child, &status, 0));
	assert_int_equal(status, 0);
}

void field_relabel(struct field *field, const char *name, const char *label,
		   bool shared)
{
	autoclose int tree = (int)must(open(field_path(field, name),
					    O_PATH | O_NOFOLLOW));

	attempt(&field->why, "/mounts", 0, "mount", "/data");
	tell(field, relabel(field->outside, tree, label, shared, &field->why));
}

pid_t field_race(const struct field *field, const char *one,
		 const char *other, unsigned pause)
{
	const char *a = field_path(field, one);
	const char *b = field_path(field, other);
	pid_t racer = (pid_t)must(fork());

	if (racer)
		return racer;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b,
		       RENAME_EXCHANGE) == 0)
		if (pause)
			usleep(pause);
	_exit(1);
}

void field_race_over(pid_t racer)
{
	int status;

	must(kill(racer, SIGKILL));
	must(waitpid(racer, &status, 0));
	/* else it had stopped on its own, and raced nobody */
	assert_true(WIFSIGNALED(status));
}
