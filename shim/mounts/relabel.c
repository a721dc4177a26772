/* relabel: labels given by descriptor, read back in the end */

#include "mounts/relabel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/entry.h"
#include "kernel/file.h"
#include "kernel/proc.h"
#include "mounts/visit.h"

#define KEY "security.selinux"
#define LABEL_MAX 1024

/*
 * What no container may take for itself, seen from the host's root.  Known by
 * their inodes, so by whatever way one comes to them.
 */
static const char system_files[][12] = {
	".", "bin", "boot", "dev", "etc", "etc/pam.d", "etc/passwd",
	"etc/shadow", "home", "lib", "lib32", "lib64", "libx32", "media",
	"mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp",
	"usr", "usr/bin", "usr/lib", "usr/lib64", "usr/sbin", "var",
	"var/lib", "var/log",
};

struct labelling {
	const char *label;
	int proc;
};

static int refuse_system(int outside, const struct stat *tree,
			 struct failure *why)
{
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(system_files) / sizeof(system_files[0]); i++) {
		const char *path = system_files[i];

		if (file_stat(outside, path, &st, AT_NO_AUTOMOUNT) < 0) {
			if (errno == ENOENT || errno == ENOTDIR)
				continue;
			return failed_because(why, "fstatat", "/%s", path);
		}
		if (st.st_dev == tree->st_dev && st.st_ino == tree->st_ino)
			return refused(why, "the host's /%s must not be "
				       "relabelled", i ? path : "");
	}
	return 0;
}

/*
 * "user:role:type:level", whose level may have colons of its own: s0 is the
 * one without categories.  A label without a level has none to lose.
 */
static int share(const char *label, char *text, size_t size,
		 struct failure *why)
{
	size_t length = 0;
	int colons;

	for (colons = 0; label[length]; length++)
		if (label[length] == ':' && ++colons == 3)
			break;
	if (length + sizeof(":s0") > size)
		return refused(why, "the label is too long: %.64s...", label);
	memcpy(text, label, length);
	memcpy(text + length, colons == 3 ? ":s0" : "\0\0\0", 4);
	return 0;
}

static int label_failed(const struct visit *visit, struct failure *why)
{
	if (errno == ENOTSUP)
		return failed_because(why, "setxattr", "labelling %s, whose "
				      "filesystem has no labels",
				      visit_name(visit));
	return visit_failed(visit, why, "setxattr");
}

/*
 * Label what an O_PATH descriptor stands for, be it a symlink or a fifo.
 * fsetxattr(2) takes none; the link of a procfs that is our own leads there
 * and nowhere else.
 */
static int set_label(const struct labelling *l, int fd, struct failure *why)
{
	char path[32];

	format_text(path, sizeof(path), "self/fd/%d", fd);
	if (file_enter(l->proc, why) < 0)
		return -1;
	return setxattr(path, KEY, l->label, strlen(l->label), 0);
}

static int label_entry(struct visit *visit, int dir, const char *name,
		       struct failure *why)
{
	autoclose int fd = entry_open(dir, name, O_PATH);

	if (fd < 0 && (errno == ENOENT || errno == EXDEV))
		return VISIT_DONE;
	if (fd < 0)
		return visit_failed(visit, why, "openat2");
	if (set_label(visit->state, fd, why) < 0)
		return label_failed(visit, why);
	return VISIT_DONE;
}

static int label_directory(struct visit *visit, int dir, struct failure *why)
{
	const struct labelling *l = visit->state;

	if (fsetxattr(dir, KEY, l->label, strlen(l->label), 0) < 0)
		return label_failed(visit, why);
	return 0;
}

static int label_all(struct visit *visit, int tree, const struct stat *st,
		     struct failure *why)
{
	autoclose int dir = -1;

	if (!S_ISDIR(st->st_mode))
		return set_label(visit->state, tree, why) < 0 ?
		       label_failed(visit, why) : 0;
	dir = file_open(tree, ".", O_RDONLY | O_DIRECTORY, why);
	return dir < 0 ? -1 : visit_all(visit, dir, why);
}

/* What is asked for is done: SELinux may have had its own idea. */
static int verify(const struct labelling *l, int tree, struct failure *why)
{
	char path[32], found[LABEL_MAX + 1];
	ssize_t length;

	format_text(path, sizeof(path), "self/fd/%d", tree);
	if (file_enter(l->proc, why) < 0)
		return -1;
	length = getxattr(path, KEY, found, sizeof(found) - 1);
	if (length < 0)
		return failed(why, "getxattr");
	found[length] = '\0';
	if (strcmp(found, l->label) != 0)
		return refused(why, "it was given the label %s and has %s",
			       l->label, found);
	return 0;
}

int relabel(int outside, int tree, const char *label, bool shared,
	    struct failure *why)
{
	char text[LABEL_MAX];
	struct labelling l = { .label = label, .proc = -1 };
	struct visit visit = {
		.doing = "labelling",
		.state = &l,
		.entry = label_entry,
		.leave = label_directory,
	};
	struct stat st;

	if (file_look(tree, &st, why) < 0 ||
	    refuse_system(outside, &st, why) < 0)
		return -1;
	if (shared) {
		if (share(label, text, sizeof(text), why) < 0)
			return -1;
		l.label = text;
	}
	l.proc = proc_trusted(why);
	if (l.proc < 0 || label_all(&visit, tree, &st, why) < 0)
		return -1;
	return verify(&l, tree, why);
}
