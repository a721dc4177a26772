/*
 * z and Z: give what is bound an SELinux label that the container may use.
 *
 * Source: selinux(8), xattr(7); "z" drops the categories of the label, so
 * that containers may share it, "Z" keeps it private.
 */

#ifndef MOUNTS_RELABEL_H
#define MOUNTS_RELABEL_H

#include <stdbool.h>

#include "failure.h"

/*
 * Label a file, or a directory and all below it.  Symlinks are labelled as
 * such, never followed; other mounts are never entered.  The system's own
 * directories (/, /usr, /etc, /home, /var, /boot ...) are refused, by inode.
 *
 * outside  O_PATH descriptor of the host's root, to know those; borrowed
 * tree     what is to be labelled, as O_PATH descriptor; borrowed
 * label    the plan's mountLabel
 * shared   z rather than Z
 *
 * Moves the working directory.  Returns 0, or -1 with *why: ENOTSUP where the
 * filesystem has no labels, EROFS, EINVAL for a label that SELinux does not
 * know ...  What was labelled before a failure stays so.
 */
int relabel(int outside, int tree, const char *label, bool shared,
	    struct failure *why);

#endif
