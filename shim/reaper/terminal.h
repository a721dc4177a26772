/* Who may read from the controlling terminal, if there is one: tty(4). */

#ifndef REAPER_TERMINAL_H
#define REAPER_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Make the process group "to" the foreground group, where "from" is it; a
 * job in the background takes nothing from its shell.
 *
 * Before  SIGTTOU is blocked
 */
bool terminal_give(pid_t from, pid_t to);

#endif
