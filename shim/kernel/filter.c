/* filter: seccomp(2), and clone(2) for who stays unfiltered */

#include "kernel/filter.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/abi.h"

#define SET_MODE_FILTER 1

/* Room for a report: sync/report.c.  What is not used of it is no memory. */
#define STACK ((size_t)256 << 10)

/* Of libc, for its own threads: the one call that C cannot make. */
int __clone(int (*run)(void *), void *stack, int flags, void *of, ...);

int filter_install(const struct filter_instruction *program, size_t count,
		   uint32_t flags)
{
	const struct {
		unsigned short count;
		const struct filter_instruction *program;
	} filter = { (unsigned short)count, program };

	return (int)syscall(SYS_seccomp, SET_MODE_FILTER, flags, &filter);
}

int filter_watch(int (*run)(void *nothing), int *alive)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct sched_param none = { .sched_priority = 0 };
	int thread;

	if (stack == MAP_FAILED)
		return -1;
	*alive = 1;
	syscall(SYS_set_tid_address, alive);
	thread = __clone(run, stack + STACK, CLONE_VM | CLONE_FS |
			 CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			 CLONE_SYSVSEM, NULL);
	if (thread < 0) {
		errno = -thread;
		return -1;
	}
	/* one of real time would wait for ever where the caller does not */
	syscall(SYS_sched_setscheduler, thread, SCHED_OTHER, &none);
	return 0;
}

void filter_exit(int status)
{
	syscall(SYS_exit_group, status);
	/* that was refused: an illegal instruction ends us all the same */
	__builtin_trap();
}
