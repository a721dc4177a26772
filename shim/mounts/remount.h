/* "remount": other attributes or options for what is mounted already. */

#ifndef MOUNTS_REMOUNT_H
#define MOUNTS_REMOUNT_H

#include "mounts/kind.h"

/* Chosen by the option, whatever the type. */
extern const struct mount_kind mount_remount;

#endif
