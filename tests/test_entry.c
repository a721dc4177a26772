/* entry: one component, in the mount that it is looked for in */

#include "kernel/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "field.h"
#include "kernel/abi.h"
#include "lacking.h"

/* How the kernel is like: the setup of each test says. */
static int missing;		/* how openat2(2) fails; 0: it does not */
static bool no_statx;

static int open_whole(void **state)
{
	missing = 0;
	return field_open(state);
}

static int open_old(void **state)
{
	missing = ENOSYS;
	return field_open(state);
}

static int open_older(void **state)
{
	no_statx = true;
	return open_old(state);
}

static int close_older(void **state)
{
	no_statx = false;
	return field_close(state);
}

static int open_filtered(void **state)
{
	missing = EPERM;
	return field_open(state);
}

#define ALL(function) \
	{ #function, function, open_whole, field_close, NULL }, \
	{ #function " (no openat2)", function, open_old, field_close, NULL }, \
	{ #function " (openat2 filtered)", function, open_filtered, \
	  field_close, NULL }, \
	{ #function " (no openat2, no statx)", function, open_older, \
	  close_older, NULL }

/*
 * Open an entry of from/ as that kernel does, in a child of its own: "dir",
 * "file" ..., or the error.
 */
static const char *outcome(const struct field *field, const char *name,
			   int flags)
{
	pid_t child = (pid_t)must(fork());
	struct stat st;
	int status, fd;

	if (child == 0) {
		if (missing && !lacking(NR_OPENAT2, missing))
			_exit(255);
		if (no_statx && !lacking(SYS_statx, ENOSYS))
			_exit(255);
		fd = entry_open(field->from, name, flags);
		if (fd < 0)
			_exit(errno);
		_exit(fstat(fd, &st) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC ?
		      (int)(128 | (st.st_mode >> 12)) : 254);
	}
	must(waitpid(child, &status, 0));
	assert_true(WIFEXITED(status));
	switch (WEXITSTATUS(status)) {
	case 128 | (S_IFDIR >> 12):
		return "dir";
	case 128 | (S_IFREG >> 12):
		return "file";
	case 128 | (S_IFLNK >> 12):
		return "link";
	case 255:
		print_message("needs seccomp filters\n");
		skip();
	}
	return strerror(WEXITSTATUS(status));
}

static void what_is_there_is_opened(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/file", "text", 0);

	assert_string_equal(outcome(field, "dir", O_RDONLY | O_DIRECTORY),
			    "dir");
	assert_string_equal(outcome(field, "file", O_PATH), "file");
	assert_string_equal(outcome(field, "none", O_PATH), strerror(ENOENT));
	assert_string_equal(outcome(field, "file", O_RDONLY | O_DIRECTORY),
			    strerror(ENOTDIR));
}

static void symlink_is_not_followed(void **state)
{
	struct field *field = field_of(state);
	const char *directory;

	must(symlink("../secret", field_path(field, "from/link")));
	directory = outcome(field, "link", O_RDONLY | O_DIRECTORY);

	assert_string_equal(outcome(field, "link", O_PATH), "link");
	assert_true(strcmp(directory, strerror(ELOOP)) == 0 ||
		    strcmp(directory, strerror(ENOTDIR)) == 0);
}

static void other_mount_is_not_entered(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/file", "text", 0);
	/* the same filesystem, so that no device number tells */
	must(mount(field_path(field, "secret"), field_path(field, "from/dir"),
		   NULL, MS_BIND, NULL));
	must(mount(field_path(field, "secret/file"),
		   field_path(field, "from/file"), NULL, MS_BIND, NULL));

	assert_string_equal(outcome(field, "dir", O_RDONLY | O_DIRECTORY),
			    strerror(EXDEV));
	assert_string_equal(outcome(field, "dir", O_PATH), strerror(EXDEV));
	assert_string_equal(outcome(field, "file", O_PATH), strerror(EXDEV));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALL(what_is_there_is_opened),
		ALL(symlink_is_not_followed),
		ALL(other_mount_is_not_entered),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
