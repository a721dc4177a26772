/*
 * between: a process for what only a child can enter, or what must be done
 * before the shim is cloned
 *
 * It has a copy of the caller's memory, not that memory itself: to enter a
 * user namespace changes what may be read of it by others (the "dumpable" of
 * prctl(2)), and a process in a pid namespace that is joined is seen there.
 */

#include "spawn/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "spawn/descriptors.h"
#include "spawn/steps.h"

#define NEW_TIME 0x80	/* CLONE_NEWTIME, which C libraries know by half */

/* For clone3(2) of the shim; the others are made by unshare(2). */
#define NOT_BY_CLONE ((uint64_t)(CLONE_NEWUSER | CLONE_NEWCGROUP | NEW_TIME))

static const struct order_join *find_join(const struct order *order,
					  uint64_t type)
{
	size_t i;

	for (i = 0; i < order->join_count; i++)
		if (order->joins[i].type == type)
			return &order->joins[i];
	return NULL;
}

/*
 * Whoever is unmapped when it executes something has no capabilities after.
 * By number: libc's calls tell other threads, which are not here.
 */
static int become_root(const struct order *order)
{
	/* denied, where an ordinary user wrote the map of the groups */
	if (syscall(SYS_setgroups, 0, NULL) < 0 && errno != EPERM)
		return step_failed(order, STEP_BECOME_ROOT, 0);
	if (syscall(SYS_setresgid, 0, 0, 0) < 0 ||
	    syscall(SYS_setresuid, 0, 0, 0) < 0)
		return step_failed(order, STEP_BECOME_ROOT, 0);
	return 0;
}

/* The caller writes them, who has the privileges; false: it gave up. */
static bool wait_for_maps(const struct order *order)
{
	struct control control = { .word = CONTROL_MAPS };
	int fd;

	control_say(order->control, &control, -1);
	return control_hear(order->control, -1, &control, &fd) > 0 &&
	       control.word == CONTROL_MAPPED;
}

static int enter_user(struct order *order)
{
	const struct order_join *join = find_join(order, CLONE_NEWUSER);

	if (order->flags & CLONE_NEWUSER) {
		if (unshare(CLONE_NEWUSER) < 0)
			return step_failed(order, STEP_MAKE_USER, 0);
		if (!wait_for_maps(order))
			return -1;
	} else if (!join) {
		return 0;
	} else if (setns(join->fd, CLONE_NEWUSER) < 0) {
		return step_failed(order, STEP_JOIN,
				   (int)(join - order->joins));
	}
	return become_root(order);
}

/* offsets  the file, opened as whoever the caller is: that counts */
static int make_time(const struct order *order, int offsets)
{
	size_t length = strlen(order->offsets);

	if (!(order->flags & NEW_TIME))
		return 0;
	if (unshare(NEW_TIME) < 0)
		return step_failed(order, STEP_MAKE_TIME, 0);
	if (length && write(offsets, order->offsets, length) < 0)
		return step_failed(order, STEP_SET_OFFSETS, 0);
	return 0;
}

static int open_offsets(const struct order *order)
{
	int fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? step_failed(order, STEP_OPEN_OFFSETS, 0) : fd;
}

static int shim_live(void *order)
{
	return step_become_shim(order);
}

static int make_shim(struct order *order)
{
	struct birth birth = {
		.flags = (order->flags & ~NOT_BY_CLONE) | CLONE_PARENT,
		.cgroup = -1,
		/* which the kernel refuses between two time namespaces */
		.shares_memory = !(order->flags & NEW_TIME) &&
				 !find_join(order, NEW_TIME),
	};
	struct control born = { .word = CONTROL_BORN };
	int pidfd;

	born.pid = birth_give(&birth, shim_live, order, &pidfd);
	if (born.pid < 0)
		return step_failed(order, STEP_CLONE, 0);
	control_say(order->control, &born, pidfd);
	return 0;
}

static int enter_all(struct order *order)
{
	int offsets = -1;

	if (step_enter_cgroups(order) < 0)
		return -1;
	if (order->offsets[0] && (offsets = open_offsets(order)) < 0)
		return -1;
	/* some take the caller's privileges, some those of a root inside */
	if (step_join(order, true) < 0 || enter_user(order) < 0 ||
	    step_join(order, false) < 0)
		return -1;
	return make_time(order, offsets);
}

int between_live(void *argument)
{
	struct order *order = argument;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	descriptors_keep(order->kept, order->kept_count);
	if (enter_all(order) < 0)
		return 1;
	/* nobody in a namespace that is joined may look into us */
	prctl(PR_SET_DUMPABLE, 0);
	return make_shim(order) < 0;
}
