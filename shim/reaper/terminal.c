/* terminal: its foreground process group */

#include "reaper/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include "fd.h"

static bool give(int terminal, pid_t from, pid_t to)
{
	pid_t now;

	return ioctl(terminal, TIOCGPGRP, &now) == 0 && now == from &&
	       ioctl(terminal, TIOCSPGRP, &to) == 0;
}

bool terminal_give(pid_t from, pid_t to)
{
	return give(0, from, to) || give(1, from, to) || give(2, from, to);
}

bool terminal_give_late(pid_t from, pid_t to)
{
	autoclose int terminal = open("/dev/tty", O_RDWR | O_NOCTTY |
				      O_NONBLOCK | O_CLOEXEC);

	return terminal < 0 ? terminal_give(from, to)
			    : give(terminal, from, to);
}
