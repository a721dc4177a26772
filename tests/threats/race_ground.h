/* race_ground: what the racers turn about, and what is on the other sides */

#ifndef RACE_GROUND_H
#define RACE_GROUND_H

#include "threats.h"

/*
 * /race/dir, with t0-t3 (directories), f0-f3 (files, "inside"), the same below
 * deep/, and last; and the same again, where its links lead to inside.  What
 * they lead to outside is the same too, but for the text "outside".  /dev is a
 * link to race/dir.
 */
void race_ground_make(struct box *box);

/* Away with what is new, on every side, or no filesystem would do for long. */
void race_ground_sweep(void);

/* What the yard is like, but for its times; free(3). */
char *race_ground_yard(void);

#endif
