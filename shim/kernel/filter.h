/*
 * A seccomp filter, and a thread that it does not bind.
 *
 * Straight to the kernel: libc's threads are a tenth of this program, and its
 * way out of a process asks for more calls than a filter may let through.
 * Source: seccomp(2), clone(2).
 */

#ifndef KERNEL_FILTER_H
#define KERNEL_FILTER_H

#include <stddef.h>
#include <stdint.h>

/* struct sock_filter of <linux/filter.h> */
struct filter_instruction {
	uint16_t code;
	uint8_t jump_true;
	uint8_t jump_false;
	uint32_t value;
};

#define FILTER_MOST 4096	/* BPF_MAXINSNS */

/*
 * Bind this thread, for ever.  flags: FILTER_*.
 *
 * Returns 0, or with FILTER_NEW_LISTENER a close-on-exec descriptor; -1 with
 * errno (EACCES: neither no_new_privs nor CAP_SYS_ADMIN).
 */
int filter_install(const struct filter_instruction *program, size_t count,
		   uint32_t flags);

/*
 * Run a function in a thread of this process, which execve(2) ends and exit
 * ends all of.  It shares everything, errno too: while one of the two makes
 * calls that may fail, the other must not.  A caller of real time leaves it a
 * little of the processor.
 *
 * alive  1, until the calling thread has ended and the kernel writes 0 there
 *
 * Returns 0, or -1 with errno.
 */
int filter_watch(int (*run)(void *nothing), int *alive);

/* End all threads, with one system call, whatever a filter does to it. */
_Noreturn void filter_exit(int status);

#endif
