/*
 * The shim's own procfs: what is written to the kernel through files goes
 * through an instance that nobody can have prepared, never through a path of
 * the container or of whoever mounted /proc before us.
 *
 * Source: proc(5); threats: CVE-2019-16884, CVE-2025-52881.
 */

#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "failure.h"

/*
 * A procfs of the pid namespace that the shim is in, its own and detached.
 * Where the kernel refuses one (in a user namespace without a pid namespace
 * of its own) the one that the host has on /proc, when it is one and its root
 * is not covered.  Opened once, and kept until execve(2): borrowed.
 *
 * Before  the switch, the first time: "/proc" is another's after it
 */
int proc_trusted(struct failure *why);

/* Is it the root of a procfs, not something that looks like one? */
bool proc_is_root(int fd);

/*
 * The id of the mount that a descriptor is in, as the table of mounts has it;
 * -1 where nothing tells.
 */
int proc_mount_id(int fd);

/*
 * Open a file below a procfs without following a symlink and without leaving
 * the instance (an overmount of one file would be left).  "self/" at the
 * start is the shim itself.  flags: O_RDONLY or O_WRONLY.
 */
int proc_open_file(int proc, const char *path, int flags, struct failure *why);

/* One write(2) of the whole value; less than that is an error, EIO. */
int proc_write(int proc, const char *path, const char *value,
	       struct failure *why);

/*
 * Read up to size - 1 bytes and end them with a NUL.  Returns how many, or -1
 * with *why.
 */
ssize_t proc_read(int proc, const char *path, char *text, size_t size,
		  struct failure *why);

/*
 * What follows key on the first line that begins with it: "SigIgn:\t".  NULL
 * where no line does, or where the text ends within it.
 */
const char *proc_value(const char *text, const char *key);

#endif
