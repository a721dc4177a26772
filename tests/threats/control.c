/* control: a path is a string, and looked up anew by each call */

#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"

#define ROOM 1024		/* for a path: none here is longer */
#define STEPS 40		/* of one mount namespace, which then goes */

/* Links are read, and what they say is put before the rest: rc6's way. */
static void look_through(const char *path, char *whole)
{
	char rest[2 * ROOM], link[ROOM], text[3 * ROOM];
	int links = 0;

	snprintf(rest, sizeof(rest), "%s", path);
	strcpy(whole, BOX_ROOTFS);
	while (rest[strspn(rest, "/")]) {
		size_t skip = strspn(rest, "/");
		size_t length = strcspn(rest + skip, "/");
		size_t before = strlen(whole);
		ssize_t got;

		snprintf(whole + before, ROOM - before, "/%.*s",
			 (int)length, rest + skip);
		memmove(rest, rest + skip + length,
			strlen(rest + skip + length) + 1);
		if (strcmp(whole + before, "/..") == 0) {
			whole[before] = '\0';
			if (before > strlen(BOX_ROOTFS))
				*strrchr(whole, '/') = '\0';
			continue;
		}
		got = readlink(whole, link, sizeof(link) - 1);
		if (got < 0 || ++links > 40)
			continue;
		link[got] = '\0';
		whole[link[0] == '/' ? strlen(BOX_ROOTFS) : before] = '\0';
		snprintf(text, sizeof(text), "%s%s", link, rest);
		memcpy(rest, text, sizeof(rest));
	}
}

/*
 * The steps.
 */

static void make_parents(const char *whole)
{
	char path[ROOM];
	char *slash = path;

	snprintf(path, sizeof(path), "%s", whole);
	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void take_mount(const char *whole)
{
	make_parents(whole);
	mkdir(whole, 0755);
	mount("race", whole, "tmpfs", 0, NULL);
}

static void take_proc(const char *whole)
{
	mkdir(whole, 0755);
	mount("race", whole, "proc", 0, NULL);
}

static void take_make_file(const char *whole)
{
	int fd = open(whole, O_WRONLY | O_CREAT | O_NONBLOCK, 0644);

	fd_close(&fd);
}

static void take_make_dir(const char *whole)
{
	make_parents(whole);
	mkdir(whole, 0755);
}

static void take_bind(const char *whole)
{
	take_make_file(whole);
	mount(THREATS_VOLUME "/file", whole, NULL, MS_BIND, NULL);
}

static void take_node(const char *whole)
{
	mknod(whole, S_IFIFO | 0600, 0);
	chmod(whole, 0644);
	lchown(whole, 1, 1);
}

static void take_chmod(const char *whole)
{
	mknod(whole, S_IFIFO | 0600, 0);
	chmod(whole, 0710);
}

static void take_link(const char *whole)
{
	unlink(whole);
	symlink("pts/ptmx", whole);
}

static void take_mask(const char *whole)
{
	mount(BOX_ROOTFS "/dev/null", whole, NULL, MS_BIND, NULL);
}

static bool has_read_outside;

static void take_read(const char *whole)
{
	autoclose int fd = open(whole, O_RDONLY | O_NONBLOCK);
	char text[16] = "";

	has_read_outside = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
			   strncmp(text, "outside", 7) == 0;
}

/*
 * Where they ended.
 */

static bool is_mounted_outside(const char *name)
{
	FILE *table = fopen("/proc/self/mountinfo", "re");
	static char line[4096];
	bool outside = false;

	(void)name;
	while (table && fgets(line, sizeof(line), table))
		outside |= strstr(line, " " BOX_OUTSIDE) ||
			   strstr(line, " " THREATS_YARD "/t");
	if (table)
		fclose(table);
	return outside;
}

static const char *const places[] = {
	BOX_OUTSIDE, BOX_OUTSIDE "/deep", THREATS_YARD,
};

static bool is_made_outside(const char *name)
{
	char path[ROOM];
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", places[i], name);
		if (unlink(path) == 0 || rmdir(path) == 0)
			return true;
	}
	return false;
}

static bool is_changed_outside(const char *name)
{
	const char *path = BOX_OUTSIDE "/dir";
	struct stat st;

	(void)name;
	if (stat(path, &st) < 0 || (st.st_mode & 07777) != 0710)
		return false;
	chmod(path, 0755);
	return true;
}

static bool is_linked_outside(const char *name)
{
	const char *path = BOX_OUTSIDE "/ptmx";
	struct stat st;

	(void)name;
	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		return false;
	unlink(path);
	take_make_file(path);
	return true;
}

static bool is_masked_by_a_file(const char *name)
{
	char path[ROOM];
	struct stat st;

	snprintf(path, sizeof(path), BOX_ROOTFS "/%s", name);
	return lstat(path, &st) == 0 && !S_ISCHR(st.st_mode);
}

static bool is_read_outside(const char *name)
{
	(void)name;
	return has_read_outside;
}

const struct step step_mount = { take_mount, is_mounted_outside, false };
const struct step step_proc = { take_proc, is_mounted_outside, false };
const struct step step_bind = { take_bind, is_mounted_outside, true };
const struct step step_make_dir = { take_make_dir, is_made_outside, false };
const struct step step_make_file = { take_make_file, is_made_outside, true };
const struct step step_node = { take_node, is_made_outside, false };
const struct step step_chmod = { take_chmod, is_changed_outside, false };
const struct step step_link = { take_link, is_linked_outside, false };
const struct step step_mask = { take_mask, is_masked_by_a_file, false };
const struct step step_read = { take_read, is_read_outside, false };

/*
 * In a child, whose mounts go with it.
 */

static void find(const struct step *step, const char *dir, const char *name,
		 char *whole)
{
	char path[ROOM / 2];
	char *climbing;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (step->looks) {
		look_through(path, whole);
		return;
	}
	snprintf(whole, ROOM, BOX_ROOTFS "%s", path);
	climbing = strstr(whole, "/..");
	if (!climbing)
		return;
	/* as who goes to a directory first */
	*climbing = '\0';
	if (chdir(whole) == 0)
		memmove(whole, climbing + 1, strlen(climbing + 1) + 1);
	else
		*climbing = '/';
}

static _Noreturn void take_steps(const struct step *step, const char *dir,
				 const char *name)
{
	char whole[ROOM];
	int escapes = 0, i;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		_exit(0);
	for (i = 0; i < STEPS && !escapes; i++) {
		find(step, dir, name, whole);
		step->take(whole);
		escapes += step->escaped(name);
	}
	_exit(escapes);
}

long control_run(const struct step *step, const char *dir, const char *name,
		 double seconds)
{
	struct timespec now, end;
	long escapes = 0;
	int status = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += (long)(seconds * 1e9);
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do {
		pid_t pid = fork();

		if (pid == 0)
			take_steps(step, dir, name);
		assert_true(pid > 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		escapes += WIFEXITED(status) ? WEXITSTATUS(status) : 0;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (!escapes && (now.tv_sec < end.tv_sec ||
			      (now.tv_sec == end.tv_sec &&
			       now.tv_nsec < end.tv_nsec)));
	return escapes;
}
