/*
 * control: the same steps as others took them, by path, under the same racer.
 *
 * Where these never end outside the race was none, and what the shim did in it
 * proves nothing.
 */

#ifndef CONTROL_H
#define CONTROL_H

#include "threats.h"

struct step {
	/* One step at a path of the host; what it leaves may be anywhere. */
	void (*take)(const char *whole);
	/* Did it end outside?  Puts that right again. */
	bool (*escaped)(const char *name);
	/* Was the path looked through for links first, as runc did? */
	bool looks;
};

extern const struct step step_mount;	/* a tmpfs, on a directory */
extern const struct step step_proc;
extern const struct step step_bind;	/* a file, made where it is missing */
extern const struct step step_make_dir;
extern const struct step step_make_file;
extern const struct step step_node;	/* mknod, chmod, chown */
extern const struct step step_chmod;	/* mknod, chmod: of outside/dir */
extern const struct step step_link;	/* ptmx: unlink, symlink */
extern const struct step step_read;	/* as who copies does */
extern const struct step step_mask;	/* with the rootfs's own /dev/null */

/*
 * Take the step at dir/name of the rootfs, again and again, until it has ended
 * outside, or for so many seconds.  Returns how often it did.
 */
long control_run(const struct step *step, const char *dir, const char *name,
		 double seconds);

#endif
