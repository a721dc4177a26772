/* birth: clone3(2), clone(2), and signals that are nobody's meanwhile */

#include "spawn/birth.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NR_CLONE3	435	/* 5.3 */

/* <linux/sched.h>, which C libraries know by half */
#define PIDFD		0x00001000ULL
#define CLEAR_SIGHAND	0x100000000ULL
#define INTO_CGROUP	0x200000000ULL

#define STACK_SIZE	(128u << 10)

struct clone_args {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;	/* 0: SIGCHLD comes of execve(2) */
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
	uint64_t cgroup;
};

/* What the child begins with. */
struct life {
	int (*live)(void *);
	void *argument;
	bool reset_signals;	/* the kernel has not */
};

/* By number, for a C library keeps its own signals from sigaction(3). */
static void reset_signals(void)
{
	/* no member of it is set, however the architecture orders the struct */
	static const unsigned long none[8];
	int number;

	for (number = 1; number < _NSIG; number++)
		syscall(SYS_rt_sigaction, number, none, NULL, _NSIG / 8);
}

static int begin(void *argument)
{
	struct life *life = argument;

	if (life->reset_signals)
		reset_signals();
	_exit(life->live(life->argument));
}

/*
 * With a stack of its own, for the child must not overwrite what its parent,
 * which stands still, returns to.  That takes a few instructions; without
 * them there is clone(2).
 */
#if defined(__x86_64__) && defined(__LP64__)
#define SHARING_CLONE3 1
static long clone3_sharing(struct clone_args *args, size_t size,
			   struct life *life)
{
	long result;

	__asm__ volatile(
		"syscall\n\t"
		"test %%rax, %%rax\n\t"
		"jnz 1f\n\t"
		"xor %%ebp, %%ebp\n\t"
		"mov %[life], %%rdi\n\t"
		"call *%[begin]\n\t"
		"hlt\n"
		"1:"
		: "=a" (result)
		: "0" ((long)NR_CLONE3), "D" (args), "S" (size),
		  [life] "r" (life), [begin] "r" (begin)
		: "rcx", "r11", "memory", "cc");
	return result;
}
#else
#define SHARING_CLONE3 0
static long clone3_sharing(struct clone_args *args, size_t size,
			   struct life *life)
{
	(void)args, (void)size, (void)life;
	return -ENOSYS;
}
#endif

static long clone3_copying(struct clone_args *args, size_t size,
			   struct life *life)
{
	long pid = syscall(NR_CLONE3, args, size);

	if (pid == 0)
		begin(life);
	return pid < 0 ? -errno : pid;
}

/* Returns the pid or a negative errno. */
static long by_clone3(struct birth *birth, struct life *life, char *stack,
		      int *pidfd)
{
	struct clone_args args = {
		.flags = birth->flags | PIDFD | CLEAR_SIGHAND,
		.pidfd = (uint64_t)(uintptr_t)pidfd,
	};

	birth->in_cgroup = birth->cgroup >= 0;
	if (birth->in_cgroup) {
		args.flags |= INTO_CGROUP;
		args.cgroup = (uint64_t)birth->cgroup;
	}
	if (!birth->shares_memory)
		return clone3_copying(&args, sizeof(args), life);
	args.flags |= CLONE_VM | CLONE_VFORK;
	args.stack = (uint64_t)(uintptr_t)stack;
	args.stack_size = STACK_SIZE;
	return clone3_sharing(&args, sizeof(args), life);
}

/* Before Linux 5.5, or under a filter: ENOSYS, EPERM, EINVAL, E2BIG. */
static long by_clone(struct birth *birth, struct life *life, char *stack,
		     int *pidfd)
{
	uint64_t flags = birth->flags | PIDFD;
	long pid;

	birth->in_cgroup = false;
	life->reset_signals = true;
	if (birth->shares_memory)
		flags |= CLONE_VM | CLONE_VFORK;
	/* before Linux 5.2 it leaves pidfd alone */
	pid = clone(begin, stack + STACK_SIZE, (int)flags, life, pidfd);
	return pid < 0 ? -errno : pid;
}

static bool is_missing(long error)
{
	return error == -ENOSYS || error == -EPERM || error == -EINVAL ||
	       error == -E2BIG;
}

/* All of them, those of the C library too. */
static void block_signals(unsigned long *before)
{
	static const unsigned long all[_NSIG / 8 / sizeof(long)] = {
		[0 ... _NSIG / 8 / sizeof(long) - 1] = ~0UL,
	};

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, all, before, _NSIG / 8);
}

pid_t birth_give(struct birth *birth, int (*live)(void *), void *argument,
		 int *pidfd)
{
	struct life life = { .live = live, .argument = argument };
	unsigned long before[_NSIG / 8 / sizeof(long)];
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	long pid;

	if (stack == MAP_FAILED)
		return -1;
	*pidfd = -1;
	block_signals(before);
	pid = by_clone3(birth, &life, stack, pidfd);
	if (is_missing(pid))
		pid = by_clone(birth, &life, stack, pidfd);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, before, NULL, _NSIG / 8);
	munmap(stack, STACK_SIZE);
	if (pid >= 0)
		return (pid_t)pid;
	errno = (int)-pid;
	return -1;
}
