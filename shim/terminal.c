/* terminal: a pty, its place at /dev/console, and who gets which end */

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices.h"
#include "fd.h"
#include "kernel/file.h"
#include "kernel/mount.h"
#include "kernel/path.h"
#include "sync/sync.h"

/* What a pty is made of, and bound to. */
struct place {
	int pts;		/* the root of a devpts */
	bool is_detached;	/* that no path leads to */
	int dev;		/* the container's /dev */
};

static bool is_hosts(const struct outside *outside, const struct stat *pts)
{
	struct stat host;

	return file_stat(outside->root, "dev/pts", &host, 0) == 0 &&
	       host.st_dev == pts->st_dev;
}

/*
 * What is at /dev/pts, if it is a devpts, which no image can bring along, and
 * not the one outside.  -1: none is.
 */
static int find_pts(const struct outside *outside, const struct inside *inside)
{
	struct failure unneeded;
	autorelease int pts = path_open(inside->root, "/dev/pts", O_DIRECTORY,
					&unneeded);
	struct stat st;

	if (pts < 0 || !file_is_of(pts, DEVPTS_SUPER_MAGIC) ||
	    file_look(pts, &st, &unneeded) < 0 || is_hosts(outside, &st))
		return -1;
	return take(&pts);
}

static int make_pts(struct failure *why)
{
	autoclose int fs = fs_open("devpts", why);

	return fs < 0 ? -1 : fs_mount(fs, MOUNT_ATTR_NOSUID |
				      MOUNT_ATTR_NOEXEC, why);
}

static int set_up(const struct process_plan *process, const struct pty *pty,
		  struct failure *why)
{
	const struct console_plan *console = &process->console;

	if ((console->height || console->width) &&
	    pty_set_size(pty, (unsigned short)console->height,
			 (unsigned short)console->width, why) < 0)
		return -1;
	/* the group is the mount's: gid=5 need not be mapped, nor be ours */
	if (fchown(pty->peer, process->uid, (gid_t)-1) == 0)
		return 0;
	failed(why, "fchown");
	if (why->error == EINVAL)
		explained(why, "uid %u is not mapped in this user namespace",
			  process->uid);
	return -1;
}

/*
 * Of what is mounted nowhere open_tree(2) clones nothing before Linux 6.15:
 * while it does, the devpts lies on /dev.
 */
static int clone_peer(const struct place *place, int peer, struct failure *why)
{
	autorelease int tree = -1;

	if (!place->is_detached)
		return tree_clone(peer, "", 0, TREE_ONE, why);
	if (mount_attach(place->pts, place->dev, why) < 0)
		return -1;
	tree = tree_clone(peer, "", 0, TREE_ONE, why);
	if (tree < 0 || file_enter(place->pts, why) < 0)
		return -1;
	return umount2(".", MNT_DETACH) < 0 ? failed(why, "umount2") :
					      take(&tree);
}

/* What is there is covered, never opened: no link, fifo or device matters. */
static int bind_console(const struct place *place, int peer,
			struct failure *why)
{
	autorelease int console = -1;
	autorelease int tree = -1;

	attempt(why, "/process/terminal", WHOLE, "bind the terminal to",
		"/dev/console");
	console = place_open(place->dev, "console", why);
	if (console < 0) {
		if (why->error == EROFS)
			why->hint = "there is none, and none can be made: "
				    "mount a tmpfs on /dev";
		return -1;
	}
	tree = clone_peer(place, peer, why);
	return tree < 0 ? -1 : mount_attach(tree, console, why);
}

static int open_pts(const struct outside *outside, const struct inside *inside,
		    struct place *place, struct failure *why)
{
	int pts = find_pts(outside, inside);

	place->is_detached = pts < 0;
	return pts < 0 ? make_pts(why) : pts;
}

/* The one that the devices are in, or that the parent has bound. */
static int open_dev(const struct inside *inside, struct failure *why)
{
	return inside->dev >= 0 ? file_copy(inside->dev, why) :
	       path_make_dir(inside->root, "/dev", 0755, why);
}

int terminal_make(const struct plan *plan, const struct outside *outside,
		  const struct inside *inside, struct pty *pty,
		  struct failure *why)
{
	autorelease int pts = -1;
	autorelease int dev = -1;
	struct place place;

	if (!plan->process.terminal)
		return 0;
	why->stage = "devices";
	attempt(why, "/process/terminal", WHOLE, "make", "the terminal");
	pts = open_pts(outside, inside, &place, why);
	if (pts < 0 || pty_open(pty, pts, why) < 0 ||
	    set_up(&plan->process, pty, why) < 0)
		return -1;
	/* without a mount namespace the mount would be the host's */
	if (plan->rootfs.how == SWITCH_CHROOT)
		return 0;
	dev = open_dev(inside, why);
	if (dev < 0)
		return -1;
	place.pts = pts;
	place.dev = dev;
	return bind_console(&place, pty->peer, why);
}

static int become_stdio(int peer, struct failure *why)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (dup2(peer, fd) < 0)
			return failed(why, "dup2");
	return 0;
}

static int take_control(const struct pty *pty, struct failure *why)
{
	attempt(why, "/process/terminal", WHOLE, "become", "the terminal's");
	if (pty_control(pty, why) == 0)
		return become_stdio(pty->peer, why);
	if (why->error == EPERM)
		why->hint = "the shim's session has a terminal already: have "
			    "it started without one, by setsid(1)";
	return -1;
}

int terminal_take(struct pty *pty, const struct sync *parent,
		  struct failure *why)
{
	if (pty->master < 0)
		return 0;
	/* first, for a parent that lets go of the master hangs it up */
	if (take_control(pty, why) < 0)
		return -1;
	attempt(why, "/process/terminal", WHOLE, "hand over", "the terminal");
	if (sync_hand_over(parent, "console", pty->master, why) < 0)
		return -1;
	fd_close(&pty->master);
	return 0;
}
