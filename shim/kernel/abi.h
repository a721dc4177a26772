/*
 * What the kernel offers and musl 1.2.3 does not name: numbers, flags and
 * structs of <linux/mount.h>, <linux/openat2.h>, <linux/magic.h> and
 * <asm/unistd.h>, which musl's include path does not reach.
 *
 * Only the kernel room makes system calls by number; the flags are for all.
 * Numbers from 424 on are the same on every architecture but alpha.
 */

#ifndef KERNEL_ABI_H
#define KERNEL_ABI_H

#include <stdint.h>

#define NR_PIDFD_SEND_SIGNAL	424	/* 5.1 */
#define NR_OPEN_TREE		428	/* 5.2 */
#define NR_MOVE_MOUNT		429	/* 5.2 */
#define NR_FSOPEN		430	/* 5.2 */
#define NR_FSCONFIG		431	/* 5.2 */
#define NR_FSMOUNT		432	/* 5.2 */
#define NR_PIDFD_OPEN		434	/* 5.3 */
#define NR_CLOSE_RANGE		436	/* 5.9 */
#define NR_OPENAT2		437	/* 5.6 */
#define NR_MOUNT_SETATTR	442	/* 5.12 */
#define NR_FCHMODAT2		452	/* 6.6 */
#define NR_OPEN_TREE_ATTR	467	/* 6.15 */

/* openat2(2) */
struct open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

#define RESOLVE_NO_XDEV		0x01
#define RESOLVE_NO_MAGICLINKS	0x02
#define RESOLVE_NO_SYMLINKS	0x04
#define RESOLVE_BENEATH		0x08
#define RESOLVE_IN_ROOT		0x10

/* statx(2), as far as it says which mount a file is in: Linux 5.8 */
struct statx_mount {
	uint32_t mask;
	uint32_t between[35];
	uint64_t mount_id;
	uint64_t rest[13];
};

#ifndef STATX_MNT_ID
#define STATX_MNT_ID		0x1000
#endif

/* mount_setattr(2) */
struct mount_attr {
	uint64_t attr_set;
	uint64_t attr_clr;
	uint64_t propagation;
	uint64_t userns_fd;
};

#define MOUNT_ATTR_RDONLY	0x00000001
#define MOUNT_ATTR_NOSUID	0x00000002
#define MOUNT_ATTR_NODEV	0x00000004
#define MOUNT_ATTR_NOEXEC	0x00000008
#define MOUNT_ATTR__ATIME	0x00000070
#define MOUNT_ATTR_RELATIME	0x00000000
#define MOUNT_ATTR_NOATIME	0x00000010
#define MOUNT_ATTR_STRICTATIME	0x00000020
#define MOUNT_ATTR_NODIRATIME	0x00000080
#define MOUNT_ATTR_IDMAP	0x00100000
#define MOUNT_ATTR_NOSYMFOLLOW	0x00200000

/* open_tree(2), move_mount(2), fsopen(2), fsmount(2) */
#define OPEN_TREE_CLONE		1
#define OPEN_TREE_CLOEXEC	02000000
#define AT_RECURSIVE		0x8000
#define MOVE_MOUNT_F_EMPTY_PATH	0x04
#define MOVE_MOUNT_T_EMPTY_PATH	0x40
#define FSOPEN_CLOEXEC		1
#define FSMOUNT_CLOEXEC		1

/* fsconfig(2) */
enum fsconfig_command {
	FSCONFIG_SET_FLAG = 0,
	FSCONFIG_SET_STRING = 1,
	FSCONFIG_CMD_CREATE = 6,
};

/* close_range(2) */
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC	4
#endif

/* seccomp(2); the last one is of Linux 5.19 */
#define FILTER_TSYNC		0x01
#define FILTER_LOG		0x02
#define FILTER_SPEC_ALLOW	0x04
#define FILTER_NEW_LISTENER	0x08
#define FILTER_WAIT_KILLABLE	0x20

/* mount(2); musl has the older ones */
#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW		256
#endif
#ifndef MS_LAZYTIME
#define MS_LAZYTIME		(1 << 25)
#endif

/* statfs(2), f_type */
#define PROC_SUPER_MAGIC	0x9fa0
#define SYSFS_MAGIC		0x62656572
#define TMPFS_MAGIC		0x01021994
#define RAMFS_MAGIC		0x858458f6
#define CGROUP_SUPER_MAGIC	0x27e0eb
#define CGROUP2_SUPER_MAGIC	0x63677270
#define DEVPTS_SUPER_MAGIC	0x1cd1

#endif
