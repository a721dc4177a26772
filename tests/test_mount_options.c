/* options: each that shows, alone and against another, on every kind */

#include <stdio.h>
#include <stdlib.h>

#include "box.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Options, and what mountinfo has of the mount then. */
struct row {
	const char *options;
	const char *shown;
};

/* Of a mount that has nothing set, and is "rw,relatime". */
static const struct row attributes[] = {
	{ JSON("defaults"), "rw,relatime" },
	{ JSON("ro"), "ro,relatime" },
	{ JSON("rw"), "rw,relatime" },
	{ JSON("nosuid"), "rw,nosuid,relatime" },
	{ JSON("suid"), "rw,relatime" },
	{ JSON("nodev"), "rw,nodev,relatime" },
	{ JSON("dev"), "rw,relatime" },
	{ JSON("noexec"), "rw,noexec,relatime" },
	{ JSON("exec"), "rw,relatime" },
	{ JSON("noatime"), "rw,noatime" },
	{ JSON("strictatime"), "rw" },
	{ JSON("relatime"), "rw,relatime" },
	{ JSON("nodiratime"), "rw,nodiratime,relatime" },
	{ JSON("diratime"), "rw,relatime" },
	{ JSON("nosymfollow"), "rw,relatime,nosymfollow" },
	{ JSON("symfollow"), "rw,relatime" },
	/* the last wins */
	{ JSON("ro", "rw"), "rw,relatime" },
	{ JSON("rw", "ro"), "ro,relatime" },
	{ JSON("nosuid", "suid"), "rw,relatime" },
	{ JSON("nodev", "dev"), "rw,relatime" },
	{ JSON("noexec", "exec"), "rw,relatime" },
	{ JSON("exec", "noexec"), "rw,noexec,relatime" },
	{ JSON("noatime", "atime"), "rw,relatime" },
	{ JSON("noatime", "relatime"), "rw,relatime" },
	{ JSON("relatime", "noatime"), "rw,noatime" },
	{ JSON("noatime", "strictatime"), "rw" },
	{ JSON("strictatime", "atime"), "rw" },
	{ JSON("strictatime", "nostrictatime"), "rw,relatime" },
	{ JSON("relatime", "norelatime"), "rw,relatime" },
	{ JSON("nodiratime", "diratime"), "rw,relatime" },
	{ JSON("nosymfollow", "symfollow"), "rw,relatime" },
	/* recursive ones */
	{ JSON("rro"), "ro,relatime" },
	{ JSON("rro", "rrw"), "rw,relatime" },
	{ JSON("rnosuid"), "rw,nosuid,relatime" },
	{ JSON("rnosuid", "rsuid"), "rw,relatime" },
	{ JSON("rnodev"), "rw,nodev,relatime" },
	{ JSON("rnodev", "rdev"), "rw,relatime" },
	{ JSON("rnoexec"), "rw,noexec,relatime" },
	{ JSON("rnoexec", "rexec"), "rw,relatime" },
	{ JSON("rnoatime"), "rw,noatime" },
	{ JSON("rnoatime", "ratime"), "rw,relatime" },
	{ JSON("rstrictatime"), "rw" },
	{ JSON("rstrictatime", "rnostrictatime"), "rw,relatime" },
	{ JSON("rrelatime"), "rw,relatime" },
	{ JSON("rrelatime", "rnorelatime"), "rw,relatime" },
	{ JSON("rnodiratime"), "rw,nodiratime,relatime" },
	{ JSON("rnodiratime", "rdiratime"), "rw,relatime" },
	{ JSON("rnosymfollow"), "rw,relatime,nosymfollow" },
	{ JSON("rnosymfollow", "rsymfollow"), "rw,relatime" },
	/* one against the other */
	{ JSON("rro", "rw"), "rw,relatime" },
	{ JSON("ro", "rrw"), "rw,relatime" },
	{ JSON("rnoatime", "strictatime"), "rw" },
	/* together */
	{ JSON("ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime"),
	  "ro,nosuid,nodev,noexec,noatime,nodiratime" },
};

/* A plan with as many mounts as there are rows, at /0, /1 ... */
static char *plan_of(const char *mount, const struct row *rows, size_t count)
{
	char *text = NULL;
	size_t length, i;
	FILE *to = open_memstream(&text, &length);

	fprintf(to, "\"mounts\": [");
	for (i = 0; i < count; i++)
		fprintf(to, "%s{%s, \"destination\": \"/%zu\", \"options\": "
			"[%s]}", i ? ", " : "", mount, i, rows[i].options);
	fprintf(to, "]");
	fclose(to);
	return text;
}

static void compare(struct box *box, const struct row *rows, size_t count,
		    const char *(*ask)(struct box *box, const char *path))
{
	char path[32], seen[512], wanted[512];
	size_t i;

	assert_string_equal(box->error, "");
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/%zu", i);
		snprintf(seen, sizeof(seen), "%s: %s", rows[i].options,
			 ask(box, path));
		snprintf(wanted, sizeof(wanted), "%s: %s", rows[i].options,
			 rows[i].shown);
		assert_string_equal(seen, wanted);
	}
}

static void run_rows(struct box *box, const char *mount)
{
	char *plan = plan_of(mount, attributes, COUNT(attributes));
	int made;

	/* the second time all destinations are there already */
	for (made = 0; made <= 1; made++) {
		box_run(box, "%s", plan);
		compare(box, attributes, COUNT(attributes), box_mount_options);
	}
	free(plan);
}

static void attributes_of_a_bind(void **state)
{
	struct box *box = *state;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);

	run_rows(box, JSON("type": "bind", "source": "/tmp/volume"));
}

static void attributes_of_a_tmpfs(void **state)
{
	run_rows(*state, JSON("type": "tmpfs", "source": "tmpfs"));
}

/* Made detached, for its propagation. */
static void attributes_of_a_detached_tmpfs(void **state)
{
	char mount[] = JSON("type": "tmpfs", "x-made": "detached");
	static struct row rows[COUNT(attributes)];
	static char options[COUNT(attributes)][128];
	struct box *box = *state;
	char *plan;
	size_t i;

	for (i = 0; i < COUNT(attributes); i++) {
		snprintf(options[i], sizeof(options[i]), "%s, \"private\"",
			 attributes[i].options);
		rows[i] = (struct row){ options[i], attributes[i].shown };
	}
	plan = plan_of(mount, rows, COUNT(rows));
	box_run(box, "%s", plan);
	free(plan);

	compare(box, rows, COUNT(rows), box_mount_options);
}

/* Of the filesystem, and so in the last field. */
static const struct row of_filesystem[] = {
	{ JSON("sync", "mode=755"), "rw,sync,mode=755" },
	{ JSON("sync", "async", "mode=755"), "rw,mode=755" },
	{ JSON("dirsync", "mode=755"), "rw,dirsync,mode=755" },
	{ JSON("lazytime", "mode=755"), "rw,lazytime,mode=755" },
	{ JSON("lazytime", "nolazytime", "mode=755"), "rw,mode=755" },
	{ JSON("silent", "mode=755"), "rw,mode=755" },
	{ JSON("silent", "loud", "mode=755"), "rw,mode=755" },
	{ JSON("nomand", "noiversion", "mode=755"), "rw,mode=755" },
	{ JSON("size=64k", "nr_inodes=99", "mode=700"),
	  "rw,size=64k,nr_inodes=99,mode=700" },
};

static void options_of_the_filesystem(void **state)
{
	struct box *box = *state;
	char *plan = plan_of(JSON("type": "tmpfs"), of_filesystem,
			     COUNT(of_filesystem));

	box_run(box, "%s", plan);
	free(plan);

	compare(box, of_filesystem, COUNT(of_filesystem), box_super_options);
}

static void options_of_a_detached_filesystem(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a",
		 "options": ["private", "sync", "dirsync", "lazytime",
			     "size=64k", "mode=700"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_super_options(box, "/a"),
			    "rw,sync,dirsync,lazytime,size=64k,mode=700");
}

/* Words, and what a mount of a shared volume is then, and one below it. */
static const struct {
	const char *word;
	const char *top;
	const char *below;
} propagations[] = {
	{ "private", "private", "slave" },
	{ "rprivate", "private", "private" },
	{ "slave", "slave", "slave" },
	{ "rslave", "slave", "slave" },
	{ "shared", "shared,slave", "slave" },
	{ "rshared", "shared,slave", "shared,slave" },
	{ "unbindable", "unbindable", "slave" },
	{ "runbindable", "unbindable", "unbindable" },
};

static void propagation_of_a_bind(void **state)
{
	struct box *box = *state;
	char seen[256], wanted[256];
	size_t i;

	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/below", 0755);
	box_mount(box, "below", "/tmp/volume/below", "tmpfs", 0, NULL);
	for (i = 0; i < COUNT(propagations); i++) {
		box_run(box, JSON("mounts": [
			{"source": "/tmp/volume", "destination": "/data",
			 "options": ["rbind", "%s"]}]), propagations[i].word);

		assert_string_equal(box->error, "");
		snprintf(seen, sizeof(seen), "%s: %s %s", propagations[i].word,
			 box_propagation(box, "/data"),
			 box_propagation(box, "/data/below"));
		snprintf(wanted, sizeof(wanted), "%s: %s %s",
			 propagations[i].word, propagations[i].top,
			 propagations[i].below);
		assert_string_equal(seen, wanted);
	}
}

static void propagation_of_a_filesystem(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"type": "tmpfs", "destination": "/a", "options": ["shared"]},
		{"type": "tmpfs", "destination": "/b", "options": ["rshared"]},
		{"type": "tmpfs", "destination": "/c",
		 "options": ["unbindable"]},
		{"type": "proc", "destination": "/proc",
		 "options": ["rslave"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_propagation(box, "/a"), "shared");
	assert_string_equal(box_propagation(box, "/b"), "shared");
	assert_string_equal(box_propagation(box, "/c"), "unbindable");
	assert_string_equal(box_propagation(box, "/proc"), "private");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(attributes_of_a_bind),
		BOX_TEST_ALL(attributes_of_a_tmpfs),
		BOX_TEST_ALL(attributes_of_a_detached_tmpfs),
		BOX_TEST(options_of_the_filesystem),
		BOX_TEST(options_of_a_detached_filesystem),
		BOX_TEST_ALL(propagation_of_a_bind),
		BOX_TEST_ALL(propagation_of_a_filesystem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
