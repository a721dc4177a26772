/* Which descriptors a child has.  For the spawn room alone. */

#ifndef SPAWN_DESCRIPTORS_H
#define SPAWN_DESCRIPTORS_H

#include <stddef.h>

/*
 * Close all but these, in a process that shares its descriptors with nobody.
 *
 * kept  in ascending order, none twice
 */
void descriptors_keep(const int *kept, size_t count);

#endif
