/* scene: a box on each filesystem, and the judge of what was run in it */

#include "threats.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "grounds.h"
#include "racer.h"

#define TOO_LONG 2.0		/* seconds a run may take, where it is timed */

static const struct {
	const char *name;
	int (*mount_tmp)(void);
} grounds[] = {
	{ "tmpfs", ground_tmpfs },
	{ "ext4", ground_ext4 },
	{ "overlay", ground_overlay },
};

void scenes_prepare(void)
{
	const char *lacking = ground_ext4_prepare();

	if (lacking)
		print_message("# skip: no scene on ext4: %s\n", lacking);
}

bool scene_open(struct scene *scene, size_t which)
{
	uid_t owner = which % 2 ? BOX_USERS : 0;
	void *box = NULL;

	scene->ground = grounds[which / 2].name;
	if (strcmp(scene->ground, "ext4") == 0 && !ground_has_ext4())
		return false;
	assert_int_equal(box_open_on(&box, owner, grounds[which / 2].mount_tmp),
			 0);
	scene->box = box;
	if (scene->box->skip)
		box_skip(scene->box->skip);
	box_dir(scene->box, THREATS_VOLUME, 0755);
	box_file(scene->box, THREATS_VOLUME "/file", "of the volume");
	return true;
}

void scene_close(struct scene *scene)
{
	void *box = scene->box;

	scene->box = NULL;
	if (box)
		assert_int_equal(box_close(&box), 0);
}

const char *scene_name(const struct scene *scene)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s%s", scene->ground,
		 scene->box->owner ? ", in a user namespace" : "");
	return name;
}

void scene_escaped(struct scene *scene, const char *how)
{
	scene->tally->escapes++;
	scene->escape = how;
	print_error("# escape, on %s: %s\n", scene_name(scene), how);
}

size_t scene_count_mounts(struct scene *scene, pid_t pid)
{
	const char *at = box_mountinfo(scene->box, pid);
	size_t lines = 0;

	while ((at = strchr(at, '\n'))) {
		lines++;
		at++;
	}
	return lines;
}

/* Is there a mount outside of the rootfs that the host does not have? */
static void look_for_mounts(struct box *box)
{
	struct scene *scene = box->context;
	const char *line = box_mountinfo(box, box->pid);
	size_t outside = 0;
	char at[4096];

	for (; *line; line += *line == '\n') {
		if (sscanf(line, "%*s %*s %*s %*s %4095s", at) == 1 &&
		    (strncmp(at, BOX_ROOTFS, strlen(BOX_ROOTFS)) != 0 ||
		     !strchr("/", at[strlen(BOX_ROOTFS)])))
			outside++;
		line += strcspn(line, "\n");
	}
	if (outside > scene->mounts)
		scene_escaped(scene, "a mount outside of the rootfs");
}

static void at_hooks(struct box *box)
{
	racer_hold();
	look_for_mounts(box);
	racer_go();
}

static void in_child(struct box *box)
{
	(void)box;
	racer_go();
}

static bool has_standard_descriptors_only(const struct box *box)
{
	char path[64];
	struct dirent *entry;
	size_t count = 0, others = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", box->pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		count += entry->d_name[0] != '.';
		others += entry->d_name[0] != '.' && atoi(entry->d_name) > 2;
	}
	if (dir)
		closedir(dir);
	return count == 3 && others == 0;
}

/* One line, which says what was tried, and by which call or why not. */
static bool is_sentence(const struct box *box)
{
	return box->stage[0] && strncmp(box->error, "cannot ", 7) == 0 &&
	       !strchr(box->error, '\n') && box->status == 125;
}

static void judge(struct scene *scene)
{
	struct box *box = scene->box;
	char *now = box_digest(BOX_OUTSIDE);

	if (strcmp(now, box->sentinels) != 0)
		scene_escaped(scene, "what is outside has changed");
	free(now);
	if (strcmp(box->mounts, box_mountinfo(box, 0)) != 0)
		scene_escaped(scene, "the host's mounts have changed");
	if (!box->error[0] && box->pid && !has_standard_descriptors_only(box))
		scene_escaped(scene, "the target has other descriptors");
	if (box->error[0] && box->ready)
		return;		/* execve(2) has its own exit codes */
	if (box->error[0] && !is_sentence(box))
		fail_msg("no sentence: %s", box->error);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void count(struct scene *scene, double seconds)
{
	struct tally *tally = scene->tally;

	tally->runs++;
	tally->refused += scene->box->error[0] != '\0';
	if (seconds > tally->slowest)
		tally->slowest = seconds;
	/* the short form runs on busy machines */
	if (scene->length != LENGTH_SHORT && seconds > TOO_LONG)
		fail_msg("a run took %.1f s", seconds);
}

void scene_run(struct scene *scene, const char *format, ...)
{
	struct box *box = scene->box;
	char *members;
	va_list arguments;
	double start;

	va_start(arguments, format);
	assert_true(vasprintf(&members, format, arguments) >= 0);
	va_end(arguments);
	box_end(box);
	scene->escape = NULL;
	scene->mounts = scene_count_mounts(scene, 0);
	box->context = scene;
	box->hooks = at_hooks;
	if (!box->before)
		box->before = in_child;
	start = now();
	box_run(box, "%s", members);
	racer_hold();
	count(scene, now() - start);
	judge(scene);
	/* the racer, and what a row prepares next, are no business of box's */
	free(box->sentinels);
	box->sentinels = NULL;
	free(members);
}

bool scene_worked(const struct scene *scene)
{
	return !scene->box->error[0];
}

void scene_must_work(struct scene *scene)
{
	if (!scene_worked(scene))
		fail_msg("on %s: %s", scene_name(scene), scene->box->error);
}

void scene_must_refuse(struct scene *scene, const char *words)
{
	if (scene_worked(scene)) {
		scene_escaped(scene, words);
		fail_msg("on %s: it was not refused", scene_name(scene));
	}
	if (!strstr(scene->box->error, words))
		fail_msg("on %s: not \"%s\" but: %s", scene_name(scene), words,
			 scene->box->error);
}
