/* paths: links and spellings that lead elsewhere, in each part of a plan */

#include "threats.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fd.h"

/* Where links lead to, when they begin in /links. */
static const char *const leads[] = {
	BOX_OUTSIDE, "../../outside", "/" BOX_OUTSIDE "/", "/.." BOX_OUTSIDE,
	"../../../../../../../tmp/outside/.", BOX_OUTSIDE "/link/..",
	"/tmp/rootfs/../outside", "../../rootfs-too",
};

#define LEADS (sizeof(leads) / sizeof(leads[0]))

static void make_links(struct box *box)
{
	char path[64];
	size_t i;

	for (i = 0; i < LEADS; i++) {
		snprintf(path, sizeof(path), "/links/%zu", i);
		box_symlink(box, path, leads[i]);
	}
	/* what is beside the rootfs, and only begins as it is called */
	box_dir(box, BOX_ROOTFS "-too", 0755);
}

static const struct {
	const char *members;	/* of a mount */
	bool is_file;
} kinds[] = {
	{ "\"type\": \"tmpfs\"", false },
	{ "\"type\": \"mqueue\"", false },
	{ "\"type\": \"devpts\", \"options\": [\"newinstance\"]", false },
	{ "\"type\": \"tmpfs\", \"options\": [\"tmpcopyup\"]", false },
	{ "\"type\": \"bind\", \"source\": \"/tmp/volume\"", false },
	{ "\"type\": \"bind\", \"source\": \"/tmp/volume/file\"", true },
};

/* Is there anything beside the rootfs that was not there? */
static void look_beside(struct scene *scene)
{
	autoclose int fd = open(BOX_ROOTFS "-too/below", O_PATH);

	if (fd >= 0)
		scene_escaped(scene, "something is beside the rootfs");
}

/* P01: by a link that is last, and by one on the way to what is missing. */
static void links_in_destinations(struct scene *scene)
{
	size_t kind, i;

	make_links(scene->box);
	for (kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
		for (i = 0; i < LEADS; i++) {
			scene_run(scene, "\"mounts\": [{\"destination\": "
				  "\"/links/%zu/below/%zu\", %s}]", i, kind,
				  kinds[kind].members);
			look_beside(scene);
			scene_must_work(scene);
		}
	}
}

/* P11, P12: what only begins alike, and slashes behind a link. */
static void spellings_of_destinations(struct scene *scene)
{
	static const char *const spellings[] = {
		"/links/0/", "/links/0/.", "/links//0//", "//links/0/below/",
		"/links/7/", "/links/7/below", "/links/../links/1",
		"/../../links/0", "/./links/0/./",
	};
	size_t i;

	make_links(scene->box);
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		scene_run(scene, JSON("mounts": [
			{"type": "tmpfs", "destination": "%s"}],
			"devices": [{"path": "%s/node%zu", "type": "p"}],
			"maskedPaths": ["%s/below"],
			"readonlyPaths": ["%s"],
			"process": {"args": ["/bin/pause"], "cwd": "%s/cwd"}),
			spellings[i], spellings[i], i, spellings[i],
			spellings[i], spellings[i]);
		look_beside(scene);
		scene_must_work(scene);
	}
}

/* P07: up, and down again by a name that the old root might have. */
static void links_to_the_old_root(struct scene *scene)
{
	static const char *const ways[] = {
		"/..", "/../..", "/oldroot", "/.pivot_root", "/.old",
	};
	struct box *box = scene->box;
	char path[64];
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		snprintf(path, sizeof(path), "/up%zu", i);
		box_symlink(box, path, ways[i]);
		scene_run(scene, JSON("mounts": [
			{"type": "tmpfs", "destination":
				"/up%zu/tmp/outside/dir"},
			{"type": "bind", "source": "/tmp/volume/file",
			 "destination": "/up%zu/tmp/outside/file"}],
			"maskedPaths": ["/up%zu/tmp/outside/secret"],
			"process": {"args": ["/bin/pause"],
				    "cwd": "/up%zu/tmp/outside/cwd"}),
			i, i, i, i);
		scene_must_work(scene);
	}
}

/* P10: once there is a procfs in the rootfs, its links lead anywhere. */
static void magic_links(struct scene *scene)
{
	static const char *const magic[] = {
		"/proc/self/root/tmp/outside/dir", "/proc/1/root/tmp/outside",
		"/proc/self/cwd/outside", "/proc/thread-self/root/tmp/outside",
		"/proc/1/task/1/root/tmp/outside", "/by-link/tmp/outside",
	};
	struct box *box = scene->box;
	size_t i;

	box_symlink(box, "/by-link", "/proc/self/root");
	for (i = 0; i < sizeof(magic) / sizeof(magic[0]); i++) {
		const char *refusing = JSON("mounts": [{"type": "proc",
			"destination": "/proc"}%s%s%s]%s%s%s);
		const char *path = magic[i];

		scene_run(scene, refusing, ", {\"type\": \"tmpfs\", "
			  "\"destination\": \"", path, "\"}", "", "", "");
		scene_must_refuse(scene, "proc");
		scene_run(scene, refusing, "", "", "",
			  ", \"maskedPaths\": [\"", path, "\"]");
		scene_must_refuse(scene, "magic link");
		scene_run(scene, refusing, "", "", "",
			  ", \"readonlyPaths\": [\"", path, "\"]");
		scene_must_refuse(scene, "magic link");
		scene_run(scene, refusing, "", "", "", ", \"devices\": "
			  "[{\"type\": \"p\", \"path\": \"", path,
			  "/node\"}]");
		scene_must_refuse(scene, "magic link");
		scene_run(scene, refusing, "", "", "", ", \"process\": "
			  "{\"args\": [\"/bin/pause\"], \"cwd\": \"", path,
			  "\"}");
		scene_must_refuse(scene, "magic link");
	}
}

/* P03: on or below a procfs, by every link to it. */
static void links_to_proc(struct scene *scene)
{
	static const char *const places[] = {
		"/proc/sys", "/to-proc/sys", "/to-proc/1", "/to-sys",
		"/deep/to-proc/self/attr", "/to-proc/../proc/sysrq-trigger",
		"/proc/cpuinfo/../kcore", "/to-proc",
	};
	struct box *box = scene->box;
	size_t i;

	box_dir(box, "/proc", 0755);
	box_symlink(box, "/to-proc", "/proc");
	box_symlink(box, "/to-sys", "to-proc/sys");
	box_symlink(box, "/deep/to-proc", "../../../to-proc");
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		scene_run(scene, JSON("mounts": [
			{"type": "proc", "destination": "/proc"},
			{"type": "tmpfs", "destination": "%s"}]), places[i]);
		scene_must_refuse(scene, "/proc");
		scene_run(scene, JSON("mounts": [
			{"type": "proc", "destination": "/proc"},
			{"type": "bind", "source": "/tmp/volume",
			 "destination": "%s"}]), places[i]);
		scene_must_refuse(scene, "/proc");
	}
}

/* P02: without a racer, too. */
static void proc_by_a_link(struct scene *scene)
{
	static const char *const types[] = { "proc", "sysfs" };
	char path[64];
	size_t i, type;

	make_links(scene->box);
	box_symlink(scene->box, "/proc", "links/0");
	box_file(scene->box, "/links/file", "");
	for (type = 0; type < 2; type++) {
		for (i = 0; i <= LEADS; i++) {
			snprintf(path, sizeof(path), i < LEADS ? "/links/%zu" :
				 "/links/file", i);
			scene_run(scene, JSON("mounts": [
				{"type": "%s", "destination": "%s"}]),
				types[type], path);
			scene_must_refuse(scene, path);
		}
		scene_run(scene, JSON("mounts": [
			{"type": "%s", "destination": "/proc"}]), types[type]);
		scene_must_refuse(scene, "/proc");
	}
}

/* P17: up, more often than down, with directories and with links. */
static void dots(struct scene *scene)
{
	static const char *const ways[] = {
		"/../../../../tmp/outside", "/a/../../../outside",
		"/links/0/../../outside", "/a/b/c/../../../../../outside",
		"/links/1/../../../../../tmp/outside/dir",
	};
	size_t i;

	make_links(scene->box);
	box_dir(scene->box, "/a/b/c", 0755);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		scene_run(scene, JSON("mounts": [
			{"type": "tmpfs", "destination": "%s"}],
			"process": {"args": ["/bin/pause"], "cwd": "%s/cwd"}),
			ways[i], ways[i]);
		scene_must_work(scene);
	}
}

/* P19: a link to the root, and the root by any spelling. */
static void root_as_destination(struct scene *scene)
{
	static const char *const roots[] = {
		"/", "//", "/.", "/..", "/a/..", "/to-root", "/a/to-root/.",
	};
	size_t i;

	box_dir(scene->box, "/a", 0755);
	box_symlink(scene->box, "/to-root", "/");
	box_symlink(scene->box, "/a/to-root", "../..");
	for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		scene_run(scene, JSON("mounts": [
			{"type": "tmpfs", "destination": "%s"}]), roots[i]);
		scene_must_refuse(scene, "root");
	}
}

/* P18, P20: of all that a plan does not name nothing is made or removed. */
static void what_is_left_behind(struct scene *scene)
{
	struct box *box = scene->box;
	char *before, *after;

	box_dir(box, "/dev", 0755);
	box_dir(box, "/mnt", 0755);
	box_file(box, "/etc/passwd", "root:x:0:0::/:/bin/sh\n");
	before = box_digest(BOX_ROOTFS);

	scene_run(scene, JSON("mounts": [
		{"type": "tmpfs", "destination": "/dev"},
		{"type": "tmpfs", "destination": "/mnt",
		 "options": ["tmpcopyup"]}],
		"maskedPaths": ["/etc/passwd"], "readonlyPaths": ["/etc"]));
	scene_must_work(scene);

	after = box_digest(BOX_ROOTFS);
	if (strcmp(before, after) != 0)
		scene_escaped(scene, "the rootfs has changed");
	free(before);
	free(after);
}

const struct threat path_threats[] = {
	{ "P01", "links in destinations", links_in_destinations,
	  "test_path:absolute_link_begins_at_the_root" },
	{ "P02", "proc and sysfs by a link", proc_by_a_link,
	  "test_proc_guard:proc_by_a_link_is_refused" },
	{ "P03", "anything on or below /proc", links_to_proc,
	  "test_proc_guard:links_to_proc_are_no_way_around" },
	{ "P07", "links to the old root", links_to_the_old_root,
	  "test_path:dots_never_leave_the_root" },
	{ "P10", "magic links of a procfs", magic_links,
	  "test_path:magic_links_of_a_procfs_are_refused" },
	{ "P11", "what only begins like the rootfs", spellings_of_destinations,
	  "test_path:link_outside_leads_to_the_same_path_inside" },
	{ "P12", "slashes behind a link", spellings_of_destinations,
	  "test_path:links_can_be_refused" },
	{ "P17", "\"..\", more often than there is an above", dots,
	  "test_path_race:directory_that_is_moved_out_while_dots_are_walked" },
	{ "P18", "what is removed by path", what_is_left_behind,
	  "test_devices:ptmx_of_the_image_is_replaced" },
	{ "P19", "the root as a destination", root_as_destination,
	  "test_destination:root_by_a_link_is_refused" },
	{ "P20", "helper files in the rootfs", what_is_left_behind,
	  "test_root:nothing_is_written_into_a_rootfs_that_needs_nothing" },
	{ .row = NULL },
};
