/* What own_root.c has done before main(). */

#ifndef OWN_ROOT_H
#define OWN_ROOT_H

#include <stdbool.h>

/*
 * We were started in a chroot.  What is mounted around it is out of reach, but
 * not out of the kernel's sight: a procfs there shows what ours does not.
 */
extern bool own_root_was_made;

#endif
