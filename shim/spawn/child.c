/* child: descriptors at their numbers, signals at their defaults, execve(2) */

#include "spawn/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "format.h"
#include "spawn/descriptors.h"
#include "spawn/steps.h"

/* A status that nobody sees: the failure was told. */
#define STATUS_FAILED 125

int step_failed(const struct order *order, enum control_step step, int which)
{
	control_say(order->control, &(struct control){
		.word = CONTROL_FAILED,
		.step = step,
		.which = which,
		.error = errno,
	}, -1);
	return -1;
}

int step_enter_cgroups(const struct order *order)
{
	size_t i;

	for (i = 0; i < order->cgroup_count; i++) {
		if (order->birth.in_cgroup && i == order->cgroup_of_birth)
			continue;
		/* 0 is whoever writes it: cgroups(7) */
		if (write(order->cgroup_files[i], "0", 1) < 0)
			return step_failed(order, STEP_ENTER_CGROUP, (int)i);
	}
	return 0;
}

int step_join(struct order *order, bool later)
{
	size_t i;

	for (i = 0; i < order->join_count; i++) {
		struct order_join *join = &order->joins[i];

		if (join->done || join->type == CLONE_NEWUSER)
			continue;
		join->done = setns(join->fd, (int)join->type) == 0;
		if (!join->done && !(later && errno == EPERM))
			return step_failed(order, STEP_JOIN, (int)i);
	}
	return 0;
}

/* Another descriptor of the same, above all numbers that are wanted. */
static int move_up(const struct order *order, int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, order->free_number);
}

/*
 * All of them go up first, so that none lies where another is to be; then
 * what was below or beside them is closed, whatever flags it has.
 */
static int move_all_up(const struct order *order)
{
	size_t i;

	for (i = 0; i < order->fd_count; i++) {
		order->moved[i] = move_up(order, order->fds[i].fd);
		if (order->moved[i] < 0)
			return -1;
	}
	order->moved[i] = move_up(order, order->shim->program);
	order->moved[i + 1] = move_up(order, order->control);
	if (order->moved[i] < 0 || order->moved[i + 1] < 0)
		return -1;
	/* each of them was the lowest that is free: they are in order */
	descriptors_keep(order->moved, i + 2);
	return 0;
}

static int place(struct order *order)
{
	size_t i;

	if (move_all_up(order) < 0)
		return step_failed(order, STEP_PLACE, 0);
	order->control = order->moved[order->fd_count + 1];
	for (i = 0; i < order->fd_count; i++)
		if (dup2(order->moved[i], order->fds[i].number) < 0)
			return step_failed(order, STEP_PLACE, 0);
	return 0;
}

static void unblock_signals(void)
{
	static const unsigned long none[_NSIG / 8 / sizeof(long)];

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, _NSIG / 8);
}

static void execute(const struct order *order)
{
	char *const args[] = {
		(char *)"init-shim", (char *)"--socket-fd",
		(char *)order->socket_number,
		order->quiet ? (char *)"--quiet" : NULL, NULL,
	};
	char *const env[] = { NULL };
	int program = order->moved[order->fd_count];
	char path[32];

	unblock_signals();
	syscall(SYS_execveat, program, "", args, env, AT_EMPTY_PATH);
	/* under a filter, or an emulator, that does not know the call */
	if (errno == ENOSYS || errno == EPERM || errno == ENOENT) {
		format_text(path, sizeof(path), "/proc/self/fd/%d", program);
		execve(path, args, env);
	}
	step_failed(order, STEP_EXECUTE, 0);
}

int step_become_shim(const struct order *order)
{
	/* whoever made us may have the same memory, and goes on after us */
	struct order ours = *order;

	/* only now: it begins at the cgroup that we are in */
	if ((order->flags & CLONE_NEWCGROUP) && unshare(CLONE_NEWCGROUP) < 0)
		step_failed(order, STEP_MAKE_CGROUP, 0);
	else if (place(&ours) == 0)
		execute(&ours);
	return STATUS_FAILED;
}

int child_live(void *argument)
{
	struct order *order = argument;

	descriptors_keep(order->kept, order->kept_count);
	if (step_enter_cgroups(order) < 0 || step_join(order, false) < 0)
		return STATUS_FAILED;
	return step_become_shim(order);
}
