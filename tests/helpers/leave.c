/*
 * leave: a target that makes two system calls, and those without a C library
 * that would make more.  It exits with what getppid(2) says.
 */

#include <sys/syscall.h>

_Noreturn void _start(void);

#if defined(__x86_64__)

static long call(long number, long argument)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result)
			 : "a"(number), "D"(argument)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

static long call(long number, long argument)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = argument;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8) : "memory");
	return x0;
}

#else
#error "how does this machine make a system call?"
#endif

void _start(void)
{
	call(SYS_exit_group, call(SYS_getppid, 0));
	__builtin_trap();
}
