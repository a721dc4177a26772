/* grounds: the filesystems that a scene can be on, mounted on /tmp */

#ifndef GROUNDS_H
#define GROUNDS_H

#include <stdbool.h>

/*
 * Once: an ext4 in memory, behind a loop device that goes with this process.
 * Returns NULL, or what this machine lacks for it.
 */
const char *ground_ext4_prepare(void);
bool ground_has_ext4(void);

/* For box_open_on().  Each time an empty directory. */
int ground_tmpfs(void);
int ground_ext4(void);
int ground_overlay(void);

#endif
