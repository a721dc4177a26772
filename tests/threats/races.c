/*
 * races: what a plan makes, while the directory that it is made in becomes a
 * link to the outside, moves there, or closes.
 */

#include "threats.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control.h"
#include "fd.h"
#include "race_ground.h"
#include "racer.h"

#define ENTRIES 20		/* of a plan */
#define CONTROL_SECONDS 1.0	/* for the way by path, to lose */

/* Shapes of a race: 1 << number, as in racer.c. */
#define LINKS 0x7u		/* to the outside: absolute, relative, above */
#define MOVES 0x8u
#define LAST 0x10u		/* only the last component */
#define VOLUME 0x20u
#define CLOSES 0x40u
#define MADE 0x80u		/* what was made a moment ago */

struct aim {
	const char *row;
	const char *list;	/* of the plan; NULL: the entry is a member */
	const char *entry;	/* printf(3), of the path */
	const char *name;	/* in the directory, with a number */
	bool is_new;		/* a number that was not used yet */
	bool is_one;		/* without a number */
	bool exact;		/* as many mounts as entries */
	bool fair;		/* may only be refused where nothing is there */
	unsigned shapes;
	const struct step *control;
	const char *instead;	/* of the shape's directory */
};

#define BIND(source) "{\"destination\": \"%s\", \"type\": \"bind\", " \
	"\"source\": \"" source "\"}"
#define MOUNT(type, source, ...) "{\"destination\": \"%s\", \"type\": \"" \
	type "\", \"source\": \"" source "\"" __VA_ARGS__ "}"

static const struct aim aims[] = {
	{ .row = "P02", .list = "mounts", .entry = MOUNT("proc", "race"),
	  .name = "t", .exact = true, .shapes = LINKS,
	  .control = &step_proc },
	{ .row = "P04", .list = "mounts", .entry = MOUNT("tmpfs", "race"),
	  .name = "t", .exact = true, .fair = true,
	  .shapes = LINKS | MOVES, .control = &step_mount },
	{ .row = "P04", .list = "mounts", .entry = BIND("/tmp/volume/file"),
	  .name = "f", .exact = true, .fair = true, .shapes = LINKS,
	  .control = &step_bind },
	{ .row = "P04", .list = "mounts", .entry = BIND("/tmp/volume"),
	  .name = "t", .exact = true, .fair = true, .shapes = CLOSES },
	{ .row = "D12", .list = "mounts", .entry = "{\"destination\": \"%s\", "
	  "\"source\": \"/tmp/volume\", \"options\": [\"rbind\"]}",
	  .name = "t", .fair = true, .shapes = VOLUME },
	{ .row = "P05", .list = "mounts", .entry = BIND("/tmp/volume"),
	  .name = "new", .is_new = true, .exact = true, .fair = true,
	  .shapes = LINKS, .control = &step_make_dir },
	{ .row = "P05", .list = "mounts", .entry = BIND("/tmp/volume/file"),
	  .name = "new", .is_new = true, .exact = true, .fair = true,
	  .shapes = LINKS, .control = &step_make_file },
	{ .row = "P05", .list = "mounts", .entry = MOUNT("tmpfs", "race"),
	  .name = "new", .is_new = true, .exact = true, .fair = true,
	  .shapes = LINKS | MOVES, .control = &step_make_dir },
	{ .row = "P05", .list = "mounts", .entry = MOUNT("tmpfs", "race"),
	  .name = "made", .is_one = true, .shapes = MADE,
	  .control = &step_mount },
	{ .row = "P06", .list = NULL, .entry = "", .name = "ptmx",
	  .is_one = true, .shapes = LINKS, .control = &step_link,
	  .instead = "/dev" },
	{ .row = "P08", .list = "devices", .entry = "{\"path\": \"%s\", "
	  "\"type\": \"p\", \"fileMode\": 420, \"uid\": 1, \"gid\": 1}",
	  .name = "new", .is_new = true, .fair = true,
	  .shapes = LINKS | MOVES, .control = &step_node },
	{ .row = "P08", .list = "devices", .entry = "{\"path\": \"%s\", "
	  "\"type\": \"p\", \"fileMode\": 416, \"uid\": 1, \"gid\": 1}",
	  .name = "made", .is_one = true, .shapes = MADE,
	  .control = &step_chmod },
	{ .row = "P09", .list = NULL, .entry = "\"process\": {\"args\": "
	  "[\"/bin/pause\"], \"terminal\": true}", .name = "console",
	  .is_one = true, .shapes = LINKS, .control = &step_make_file,
	  .instead = "/dev" },
	{ .row = "P14", .list = NULL, .entry = "\"process\": {\"args\": "
	  "[\"/bin/pause\"], \"cwd\": \"%s\"}", .name = "new", .is_new = true,
	  .fair = true, .shapes = LINKS | MOVES, .control = &step_make_dir },
	{ .row = "P15", .list = "mounts", .entry = "{\"destination\": \"/race\","
	  " \"type\": \"tmpfs\", \"options\": [\"tmpcopyup\"], \"x-of\": "
	  "\"%s\"}", .name = "f", .fair = true, .shapes = LINKS,
	  .control = &step_read },
	{ .row = "P21", .list = "mounts", .entry = BIND("/tmp/volume/file"),
	  .name = "last", .is_one = true, .shapes = LAST, .control = &step_bind },
	{ .row = "D02", .list = "maskedPaths", .entry = "\"%s\"", .name = "f",
	  .exact = true, .fair = true, .shapes = LINKS,
	  .control = &step_bind },
	{ .row = "D06", .list = "readonlyPaths", .entry = "\"%s\"",
	  .name = "f", .exact = true, .fair = true, .shapes = LINKS,
	  .control = &step_bind },
};

/*
 * One race.
 */

struct race {
	struct scene *scene;
	const struct aim *aim;
	const struct shape *shape;
	char *yard;		/* what it is like */
};

static char *plan_of(struct race *race)
{
	const struct aim *aim = race->aim;
	const char *dir = aim->instead ? aim->instead : race->shape->path;
	char *text = NULL, path[256];
	int count = aim->list ? ENTRIES : 1, n;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	assert_non_null(to);
	if (aim->list)
		fprintf(to, "\"%s\": [", aim->list);
	for (n = 0; n < count; n++) {
		unsigned number = aim->is_new ? race->scene->serial++ :
						(unsigned)n % 4;

		snprintf(path, sizeof(path), aim->is_one ? "%s/%s" :
			 "%s/%s%u", dir, aim->name, number);
		fprintf(to, n ? ", " : "");
		fprintf(to, aim->entry, path);
	}
	if (aim->list)
		fputc(']', to);
	if (!aim->instead && (!aim->list || strcmp(aim->list, "devices") != 0))
		fprintf(to, ", \"devices\": []");
	fclose(to);
	return text;
}

static struct scene *copied_to;	/* nftw(3) hands nothing on */

static int look_for_secrets(const char *path, const struct stat *st, int type,
			    struct FTW *where)
{
	char text[64] = "";
	autoclose int fd = -1;

	(void)type, (void)where;
	if (!S_ISREG(st->st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (read(fd, text, sizeof(text) - 1) > 0 && strstr(text, "outside"))
		scene_escaped(copied_to, "a file of the outside is inside");
	return 0;
}

static void look_at_copies(struct scene *scene)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root/race", scene->box->pid);
	copied_to = scene;
	nftw(path, look_for_secrets, 16, FTW_PHYS);
}

/* The judge looks outside; whether all that was planned is there, we do. */
static void look(struct race *race)
{
	struct scene *scene = race->scene;
	const struct aim *aim = race->aim;
	char *yard = race_ground_yard();
	bool same = strcmp(yard, race->yard) == 0;

	free(yard);
	if (!same)
		scene_escaped(scene, "what was moved away has changed");
	if (!scene_worked(scene))
		return;
	if (aim->exact && scene_count_mounts(scene, scene->box->pid) !=
			  ENTRIES + 1)
		scene_escaped(scene, "there are not as many mounts as planned");
	if (aim->list && !aim->is_new)
		look_at_copies(scene);
}

static void run_once(struct race *race)
{
	struct tally *tally = race->scene->tally;
	char *plan = plan_of(race);

	scene_run(race->scene, "%s", plan);
	look(race);
	if (race->aim->fair && race->shape->fair) {
		tally->fair++;
		tally->fair_refused += !scene_worked(race->scene);
		if (!scene_worked(race->scene))
			print_message("# refused, on %s: %s\n",
				      scene_name(race->scene),
				      race->scene->box->error);
	}
	if (race->aim->is_new)
		race_ground_sweep();
	free(plan);
}

/* How others fare, under the same racer. */
static long run_control(const struct race *race)
{
	const struct aim *aim = race->aim;
	char name[32];
	long lost;

	snprintf(name, sizeof(name), "%s%s", aim->name,
		 aim->is_one ? "" : aim->is_new ? "control" : "0");
	racer_go();
	lost = control_run(aim->control, aim->instead ? aim->instead :
			   race->shape->path, name, CONTROL_SECONDS);
	racer_hold();
	return lost;
}

static const unsigned pauses[] = { 0, 20, 50, 500 };

#define PAUSES (sizeof(pauses) / sizeof(pauses[0]))

/* What a kind of racer meets with, in all of its races together. */
static const long operations[] = { 2000, 10000, 100000 };

/* Runs for each pause. */
static long runs_of(const struct race *race)
{
	unsigned shape = 1u << (race->shape - shapes);
	long plans = 0;
	size_t i;

	for (i = 0; i < sizeof(aims) / sizeof(aims[0]); i++)
		plans += aims[i].list && (aims[i].shapes & shape);
	return operations[race->scene->length] /
	       (plans * ENTRIES * (long)PAUSES * SCENES) + 1;
}

static void run_race(struct race *race)
{
	struct tally *tally = race->scene->tally;
	long lost = 0, n;
	size_t i;

	for (i = 0; i < PAUSES; i++) {
		racer_start(race->shape, pauses[i]);
		if (!lost && race->aim->control)
			lost = run_control(race);
		free(race->yard);
		race->yard = race_ground_yard();
		for (n = 0; n < runs_of(race); n++)
			run_once(race);
		racer_stop();
	}
	tally->control += lost;
	tally->races += race->aim->control != NULL;
	tally->lost += lost > 0;
	free(race->yard);
	race->yard = NULL;
}

static void replay(struct scene *scene)
{
	struct race race = { .scene = scene };
	size_t a, s;

	race_ground_make(scene->box);
	for (a = 0; a < sizeof(aims) / sizeof(aims[0]); a++) {
		if (strcmp(aims[a].row, scene->row) != 0)
			continue;
		for (s = 0; s < SHAPES; s++) {
			race.aim = &aims[a];
			race.shape = &shapes[s];
			if (aims[a].shapes & 1u << s)
				run_race(&race);
		}
	}
}

const struct threat race_threats[] = {
	{ "P02", "proc, where a directory becomes a link", replay, NULL },
	{ "P04", "mounts, in a directory that becomes a link", replay,
	  "test_path_race:directory_that_becomes_an_absolute_link" },
	{ "P05", "mount points, made there", replay,
	  "test_path_race:nothing_is_made_outside" },
	{ "P06", "/dev, when it becomes a link", replay,
	  "test_devices:link_for_dev_stays_inside" },
	{ "P08", "nodes with mode and owner, made there", replay, NULL },
	{ "P09", "the console, where /dev becomes a link", replay,
	  "test_terminal_hostile:link_at_the_console_is_not_followed" },
	{ "P14", "the working directory, made there", replay,
	  "test_process_limits:cwd_behind_a_symlink_stays_inside" },
	{ "P15", "copy-up, of what becomes a link", replay,
	  "test_copyup_races:directory_swapped_with_an_absolute_link_leaks_"
	  "nothing" },
	{ "P21", "a file that is another each time", replay,
	  "test_bind:file_over_a_directory_names_both" },
	{ "D02", "masks, where a directory becomes a link", replay,
	  "test_masks:masks_behind_links_stay_inside" },
	{ "D06", "read-only paths, where it becomes a link", replay,
	  "test_masks:read_only_path_is_so_all_the_way_down" },
	{ "D12", "a volume, mounted and unmounted on the host", replay,
	  "test_propagation:nothing_reaches_the_host_with_any_word" },
	{ .row = NULL },
};
