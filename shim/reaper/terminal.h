/* Who may read from the controlling terminal, if there is one: tty(4). */

#ifndef REAPER_TERMINAL_H
#define REAPER_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Make the process group "to" the foreground group, where "from" is it; a
 * job in the background takes nothing from its shell.  The terminal is one of
 * the descriptors 0-2.
 *
 * Before  SIGTTOU is blocked
 */
bool terminal_give(pid_t from, pid_t to);

/*
 * The same, wherever 0-2 lead, by /dev/tty.  To open that where there is no
 * terminal takes as long as ten other calls: not for every start.
 */
bool terminal_give_late(pid_t from, pid_t to);

#endif
