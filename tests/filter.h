/* Seccomp filters as a parent hands them over: compiled, in a file. */

#ifndef FILTER_TEST_H
#define FILTER_TEST_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/filter.h"

/* What a filter answers: <linux/seccomp.h>. */
#define FILTER_ALLOW		0x7fff0000u
#define FILTER_NOTIFY		0x7fc00000u
#define FILTER_ERRNO		0x00050000u	/* with the errno in it */
#define FILTER_KILL_THREAD	0x00000000u
#define FILTER_KILL_PROCESS	0x80000000u

struct filter_rule {
	long number;		/* of the system call */
	uint32_t answer;
};

/*
 * A file that holds a program of these rules: a memfd, inherited, the
 * caller's.  Its offset is at its end.
 */
int filter_file(const struct filter_rule *rules, size_t count,
		uint32_t otherwise);

/* A file of these bytes, inherited, the caller's. */
int filter_bytes(const void *bytes, size_t length);

#endif
