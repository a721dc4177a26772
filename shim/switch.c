/* switch: pivot, move or chroot */

#include "switch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "hostproc.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/stage.h"

/* The root of an initramfs is no mount that could be put elsewhere. */
static void hint_at_initramfs(const struct outside *outside,
			      struct failure *why)
{
	if (why->error == EINVAL && (file_is_of(outside->root, RAMFS_MAGIC) ||
				     file_is_of(outside->root, TMPFS_MAGIC)))
		why->hint = "the root seems to be an initramfs, which "
			    "pivot_root(2) cannot leave: use \"switch\": "
			    "\"move\"";
}

/*
 * Let go of the old root, which pivot_root stacked on the new "/".  What is
 * shared in it would be unmounted on the host too, so it is made slave first,
 * unless all of it was from the start.  And nothing in it is executed any
 * more: an image's script could name /proc/self/exe as its interpreter, and
 * have the host's shim run as the target (CVE-2019-5736).
 */
static int detach_old(const struct plan *plan, const struct outside *outside,
		      struct failure *why)
{
	uint32_t propagation = plan->rootfs.propagation;
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOEXEC };

	if (!(propagation & MS_REC) || (propagation & MS_SHARED))
		attr.propagation = MS_SLAVE;
	if (mount_change(outside->root, TREE_WHOLE, &attr, why) < 0)
		return -1;
	if (stage_is_open() && file_enter(outside->root, why) < 0)
		return -1;
	/* "." is looked up to the top of what is stacked there: umount(2) */
	if (umount2(".", MNT_DETACH) < 0)
		return failed(why, "umount2");
	return 0;
}

/* Back to the "/" that was before root.c put a clone of it on top. */
static int uncover(struct outside *outside, struct failure *why)
{
	if (outside->lowest < 0)
		return 0;
	/* what is shared would be unmounted on the host, too */
	if (mount_propagate(outside->root, TREE_WHOLE, MS_SLAVE, why) < 0 ||
	    file_enter(outside->lowest, why) < 0)
		return -1;
	if (chroot(".") < 0)
		return failed(why, "chroot");
	if (file_enter(outside->root, why) < 0)
		return -1;
	if (umount2(".", MNT_DETACH) < 0)
		return failed(why, "umount2");
	fd_release(&outside->root);
	outside->root = take(&outside->lowest);
	return 0;
}

static int swap(const struct inside *inside, struct failure *why)
{
	if (stage_is_open())
		return stage_pivot(inside->root, why);
	if (file_enter(inside->root, why) < 0)
		return -1;
	return syscall(SYS_pivot_root, ".", ".") < 0 ?
	       failed(why, "pivot_root") : 0;
}

static int pivot(const struct plan *plan, const struct outside *outside,
		 const struct inside *inside, struct failure *why)
{
	if (swap(inside, why) < 0) {
		hint_at_initramfs(outside, why);
		return -1;
	}
	return detach_old(plan, outside, why);
}

/* Enter the rootfs by descriptor. */
static int enter(const struct inside *inside, struct failure *why)
{
	if (file_enter(inside->root, why) < 0)
		return -1;
	return chroot(".") < 0 ? failed(why, "chroot") : 0;
}

static int move(const struct outside *outside, const struct inside *inside,
		struct failure *why)
{
	/* ELOOP: a detached rootfs lies on "/" already, root.c */
	if (mount_attach(inside->root, outside->root, why) < 0 &&
	    why->error != ELOOP)
		return -1;
	if (stage_is_open() && stage_carry(inside->root, why) < 0) {
		why->hint = "before Linux 5.12 it takes a directory as rootfs";
		return -1;
	}
	if (hostproc_hide(outside, inside, why) < 0)
		return -1;
	return enter(inside, why);
}

int root_switch(const struct plan *plan, struct outside *outside,
		const struct inside *inside, struct failure *why)
{
	why->stage = "switch";
	attempt(why, "/rootfs", WHOLE, "switch the root to",
		plan->rootfs.path ? plan->rootfs.path : "the rootfs");
	if (uncover(outside, why) < 0)
		return -1;
	switch (plan->rootfs.how) {
	case SWITCH_PIVOT:
		return pivot(plan, outside, inside, why);
	case SWITCH_MOVE:
		return move(outside, inside, why);
	case SWITCH_CHROOT:
		return enter(inside, why);
	}
	return -1;
}

int root_propagate(const struct plan *plan, struct failure *why)
{
	uint32_t wanted = plan->rootfs.propagation;

	if (!(wanted & (MS_SHARED | MS_UNBINDABLE)))
		return 0;
	attempt(why, "/rootfs/propagation", WHOLE, "set the propagation of",
		"/");
	if (mount(NULL, "/", NULL, wanted, NULL) < 0)
		return failed(why, "mount");
	return 0;
}
