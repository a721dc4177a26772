/*
 * The calls on files that every room makes.
 *
 * Straight to the kernel where libc does more than is asked: it has detours
 * for kernels that lack a call or a flag, all of them older than mount(2) by
 * descriptor.  Those that take *why say in it who refused, and leave errno.
 */

#ifndef KERNEL_FILE_H
#define KERNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "failure.h"

/* openat(2) of what is there, close-on-exec; the caller's. */
int file_open(int dir, const char *name, int flags, struct failure *why);

/* What has the name, be it a symlink: O_PATH, the caller's, and what it is. */
int file_find(int dir, const char *name, struct stat *st,
	      struct failure *why);

/*
 * openat2(2), close-on-exec; the caller's, or -1 with errno: ENOSYS in Linux
 * before 5.6 and under a filter that does not know it, for which each caller
 * has a way without.
 *
 * resolve  RESOLVE_*
 */
int file_try_within(int dir, const char *path, int flags, uint64_t resolve);

/* fstatat(2); -1 with errno. */
int file_stat(int dir, const char *path, struct stat *st, int flags);

/* faccessat(2), X_OK: may we execute it?  -1 with errno. */
int file_may_execute(const char *path);

/* fstat(2) */
int file_look(int fd, struct stat *st, struct failure *why);

/* What a symlink says, ended with a NUL, cut at size; its length. */
ssize_t file_read_link(int dir, const char *name, char *text, size_t size,
		       struct failure *why);

/* Is it in a filesystem of this type?  magic: f_type of statfs(2) */
bool file_is_of(int fd, unsigned long magic);

/* Become the working directory: fchdir(2). */
int file_enter(int dir, struct failure *why);

/* A second descriptor of the same, 3 at least: the caller's. */
int file_copy(int fd, struct failure *why);

/* fcntl(2); -1 with errno. */
int file_control(int fd, int command, int value);

/* fchmodat(2) and utimensat(2) of a name; a symlink's times are its own. */
int file_set_mode(int dir, const char *name, mode_t mode);
int file_set_times(int dir, const char *name, const struct stat *as);

#endif
