/* All others: what is left when the child has ended. */

#ifndef REAPER_LEFT_H
#define REAPER_LEFT_H

#include <stdbool.h>

/*
 * Send a signal to all of them: as PID 1 to the whole pid namespace, else to
 * our children, their children and so on, as the procfs on /proc knows them.
 * Was there anybody who could be sent one?
 */
bool left_signal(int signal);

/* Is that possible?  Without a procfs it is for PID 1 only. */
bool left_is_known(void);

#endif
