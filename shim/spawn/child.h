/*
 * The life of a process before it is the shim: only system calls, of a memory
 * that the caller may need again.  For the spawn room alone.
 */

#ifndef SPAWN_CHILD_H
#define SPAWN_CHILD_H

/* For birth_give(): order is a struct order; do not return but to exit. */

/* The caller's child that becomes the shim. */
int child_live(void *order);

/* The one between: it makes the shim, which is the caller's child too. */
int between_live(void *order);

#endif
