/* pty: opened, sized and taken, with ioctl(2) straight to the kernel */

#include "kernel/pty.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/entry.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

#define control(fd, request, argument) \
	(int)syscall(SYS_ioctl, fd, (unsigned long)(request), argument)

/* Linux before 4.13: by its number, below the devpts that it is of. */
static int open_by_number(int master, int pts)
{
	char name[16];
	unsigned number;

	if (control(master, TIOCGPTN, &number) < 0)
		return -1;
	format_text(name, sizeof(name), "%u", number);
	return entry_open(pts, name, O_RDWR | O_NOCTTY);
}

int pty_open(struct pty *pty, int pts, struct failure *why)
{
	const int unlocked = 0;

	pty->master = entry_open(pts, "ptmx", O_RDWR | O_NOCTTY);
	if (pty->master < 0)
		return failed_because(why, "openat2", "ptmx of its devpts");
	if (control(pty->master, TIOCSPTLCK, &unlocked) < 0)
		return failed(why, "TIOCSPTLCK");
	pty->peer = control(pty->master, TIOCGPTPEER,
			    O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->peer < 0)
		pty->peer = open_by_number(pty->master, pts);
	return pty->peer < 0 ? failed(why, "TIOCGPTPEER") : 0;
}

int pty_set_size(const struct pty *pty, unsigned short height,
		 unsigned short width, struct failure *why)
{
	const struct winsize size = { .ws_row = height, .ws_col = width };

	if (control(pty->master, TIOCSWINSZ, &size) < 0)
		return failed(why, "TIOCSWINSZ");
	return 0;
}

int pty_control(const struct pty *pty, struct failure *why)
{
	if (control(pty->peer, TIOCSCTTY, 0) < 0)
		return failed(why, "TIOCSCTTY");
	return 0;
}
