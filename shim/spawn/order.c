/* order: all that spawning takes, checked and opened by the caller */

#include "spawn/order.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/abi.h"
#include "spawn/reading.h"

#define ALL_TYPES ((unsigned)(INIT_SHIM_TIME | INIT_SHIM_MOUNT | \
			      INIT_SHIM_CGROUP | INIT_SHIM_UTS | \
			      INIT_SHIM_IPC | INIT_SHIM_USER | \
			      INIT_SHIM_PID | INIT_SHIM_NETWORK))

/* Those that only a child of whoever enters them is in, or that change us. */
#define BETWEEN ((unsigned)(INIT_SHIM_TIME | INIT_SHIM_USER))
#define BETWEEN_JOINED (BETWEEN | (unsigned)INIT_SHIM_PID)

/* Numbers above are no sensible ones, and all of them must fit below. */
#define MAX_NUMBER (1 << 16)

static void *get(size_t count, size_t size, struct failure *why)
{
	/* one more: none is NULL */
	void *room = calloc(count + 1, size);

	if (!room)
		failed(why, "calloc");
	return room;
}

static int take_join(struct order_join *to, const struct init_shim_join *from,
		     unsigned *joined, struct failure *why)
{
	attempt(why, NULL, WHOLE, "join a namespace", from->path);
	if (!from->type || (from->type & (from->type - 1)) ||
	    (from->type & ~ALL_TYPES))
		return refused(why, "its type is not one of those in "
			       "init-shim.h");
	if (*joined & from->type)
		return refused(why, "it is one too many of its type");
	*joined |= from->type;
	to->type = from->type;
	to->fd = from->path ? open(from->path, O_RDONLY | O_CLOEXEC)
			    : fcntl(from->fd, F_DUPFD_CLOEXEC, 3);
	if (to->fd < 0)
		return failed(why, from->path ? "open" : "fcntl");
	return 0;
}

static int take_joins(struct order *order, const struct init_shim_how *how,
		      unsigned *joined, struct failure *why)
{
	order->joins = get(how->join_count, sizeof(*order->joins), why);
	if (!order->joins)
		return -1;
	for (; order->join_count < how->join_count; order->join_count++)
		if (take_join(&order->joins[order->join_count],
			      &how->joins[order->join_count], joined,
			      why) < 0)
			return -1;
	return 0;
}

static int take_namespaces(struct order *order,
			   const struct init_shim_how *how,
			   struct failure *why)
{
	unsigned joined = 0, make = how->namespaces;

	if (take_joins(order, how, &joined, why) < 0)
		return -1;
	if (!make && how->plan) {
		if (reading_namespaces(how->plan, &make, why) < 0)
			return -1;
		make &= ~joined;
	}
	attempt(why, NULL, WHOLE, "make the namespaces", NULL);
	if (make & ~ALL_TYPES)
		return refused(why, "there is none of type %x",
			       make & ~ALL_TYPES);
	if (make & joined)
		return refused(why, "one of type %x is to be made and to be "
			       "joined", make & joined);
	order->flags = make;
	order->maps = make & INIT_SHIM_USER;
	order->between = (make & BETWEEN) || (joined & BETWEEN_JOINED);
	return 0;
}

/* timens_offsets of time_namespaces(7) */
static int take_offsets(struct order *order, const struct init_shim_how *how,
			struct failure *why)
{
	const struct init_shim_offset *a = &how->monotonic;
	const struct init_shim_offset *b = &how->boottime;

	if (!a->seconds && !a->nanoseconds && !b->seconds && !b->nanoseconds)
		return 0;
	attempt(why, NULL, WHOLE, "set the clocks of the time namespace",
		NULL);
	if (!(order->flags & INIT_SHIM_TIME))
		return refused(why, "no time namespace is made");
	if (a->nanoseconds >= 1000000000 || b->nanoseconds >= 1000000000)
		return refused(why, "a second has 1,000,000,000 nanoseconds");
	format_text(order->offsets, sizeof(order->offsets),
		    "monotonic %lld %u\nboottime %lld %u\n",
		    (long long)a->seconds, a->nanoseconds,
		    (long long)b->seconds, b->nanoseconds);
	return 0;
}

static int open_cgroup(struct order *order, int dir, struct failure *why)
{
	int file = openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	struct statfs filesystem;

	if (file < 0)
		return failed_because(why, "openat", "cgroup.procs");
	order->cgroup_files[order->cgroup_count] = file;
	if (order->birth.cgroup < 0 && fstatfs(dir, &filesystem) == 0 &&
	    (unsigned long)filesystem.f_type == CGROUP2_SUPER_MAGIC) {
		order->birth.cgroup = dir;
		order->cgroup_of_birth = order->cgroup_count;
	}
	order->cgroup_count++;
	return 0;
}

static int take_cgroups(struct order *order, const struct init_shim_how *how,
			struct failure *why)
{
	size_t i;

	order->cgroup_files = get(how->cgroup_count, sizeof(int), why);
	if (!order->cgroup_files)
		return -1;
	attempt(why, NULL, WHOLE, "enter a cgroup", NULL);
	for (i = 0; i < how->cgroup_count; i++)
		if (open_cgroup(order, how->cgroups[i], why) < 0)
			return -1;
	return 0;
}

/* Keep them in the order of their numbers; there are few. */
static int add_fd(struct order *order, int fd, int number,
		  struct failure *why)
{
	size_t at = order->fd_count;

	attempt(why, NULL, WHOLE, "hand on the descriptors", NULL);
	if (number < 0 || number >= MAX_NUMBER)
		return refused(why, "%d is no number for one", number);
	if (fcntl(fd, F_GETFD) < 0)
		return failed_because(why, "fcntl", "descriptor %d", fd);
	for (; at && order->fds[at - 1].number >= number; at--) {
		if (order->fds[at - 1].number == number)
			return refused(why, "number %d is given twice",
				       number);
		order->fds[at] = order->fds[at - 1];
	}
	order->fds[at] = (struct order_fd){ fd, number };
	order->fd_count++;
	return 0;
}

static bool has_number(const struct order *order, int number)
{
	size_t i;

	for (i = 0; i < order->fd_count; i++)
		if (order->fds[i].number == number)
			return true;
	return false;
}

static int take_fds(struct order *order, const struct init_shim_how *how,
		    int socket, struct failure *why)
{
	size_t i;
	int number;

	/* and the standard ones, and the socket */
	order->fds = get(how->fd_count + 4, sizeof(*order->fds), why);
	order->moved = get(how->fd_count + 6, sizeof(int), why);
	if (!order->fds || !order->moved)
		return -1;
	for (i = 0; i < how->fd_count; i++)
		if (add_fd(order, how->fds[i].fd, how->fds[i].number, why) < 0)
			return -1;
	for (number = 0; number < 3; number++)
		if (!has_number(order, number) &&
		    add_fd(order, order->shim->null, number, why) < 0)
			return -1;
	while (has_number(order, number))
		number++;
	format_text(order->socket_number, sizeof(order->socket_number), "%d",
		    number);
	if (add_fd(order, socket, number, why) < 0)
		return -1;
	order->free_number = order->fds[order->fd_count - 1].number + 1;
	return 0;
}

static int compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

/* In order, none twice; the control socket comes later. */
static int keep_all(struct order *order, struct failure *why)
{
	size_t count = 0, i;
	int *all = get(order->fd_count + order->join_count +
		       order->cgroup_count + 2, sizeof(int), why);

	order->kept = all;
	if (!all)
		return -1;
	for (i = 0; i < order->fd_count; i++)
		all[count++] = order->fds[i].fd;
	for (i = 0; i < order->join_count; i++)
		all[count++] = order->joins[i].fd;
	for (i = 0; i < order->cgroup_count; i++)
		all[count++] = order->cgroup_files[i];
	all[count++] = order->shim->program;
	all[count++] = order->control;
	qsort(all, count, sizeof(*all), compare);
	for (i = 0; i < count; i++)
		if (i == 0 || all[i] != all[i - 1])
			all[order->kept_count++] = all[i];
	return 0;
}

int order_make(struct order *order, const struct init_shim *shim,
	       const struct init_shim_how *how, int socket,
	       int control, struct failure *why)
{
	*order = (struct order){
		.shim = shim,
		.quiet = how->quiet,
		.birth = { .cgroup = -1 },
		.control = control,
	};
	if (take_namespaces(order, how, why) < 0 ||
	    take_offsets(order, how, why) < 0 ||
	    take_cgroups(order, how, why) < 0 ||
	    take_fds(order, how, socket, why) < 0 ||
	    keep_all(order, why) < 0)
		return -1;
	order->birth.shares_memory = !order->between;
	if (!order->between)
		order->birth.flags = order->flags & ~(uint64_t)CLONE_NEWCGROUP;
	return 0;
}

void order_free(struct order *order)
{
	size_t i;

	for (i = 0; order->joins && i < order->join_count; i++)
		fd_close(&order->joins[i].fd);
	for (i = 0; order->cgroup_files && i < order->cgroup_count; i++)
		fd_close(&order->cgroup_files[i]);
	free(order->joins);
	free(order->cgroup_files);
	free(order->fds);
	free(order->moved);
	free(order->kept);
}
