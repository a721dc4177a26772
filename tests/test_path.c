/* path: found inside the root and nowhere else, by openat2(2) and the walk */

#include "kernel/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "box.h"
#include "fd.h"
#include "kernel/walk.h"

/* Each test is run with both of them: the setup chooses. */
static int (*find)(struct path_search *search, struct failure *why);

static int open_for_path(void **state)
{
	find = path_find;
	return box_open(state);
}

static int open_for_walk(void **state)
{
	find = walk_find;
	return box_open(state);
}

#define BOTH(function) \
	{ #function " (path_find)", function, open_for_path, box_close, NULL }, \
	{ #function " (walk_find)", function, open_for_walk, box_close, NULL }

/* What came of a search: found and where, or the name of the error. */
static struct path_search search;
static struct failure why;

static int seek(struct box *box, const char *path, enum path_links links,
		mode_t make)
{
	autoclose int root = box_open_path(box, "/", O_PATH);

	search = (struct path_search){
		.root = root,
		.path = path,
		.links = links,
		.make = make,
	};
	memset(search.resolved, '?', 8);
	attempt(&why, NULL, WHOLE, "find", path);
	return find(&search, &why);
}

/* The text of the file that is found, or "<ENOENT>". */
static const char *seek_text(struct box *box, const char *path,
			     enum path_links links)
{
	autoclose int found = seek(box, path, links, 0);
	static char text[4096];
	char again[64];
	struct stat st;
	ssize_t length;
	int file;

	if (found < 0) {
		snprintf(text, sizeof(text), "<%s>", errno_name(why.error));
		return text;
	}
	assert_int_equal(fcntl(found, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(found, F_GETFL) & O_PATH, O_PATH);
	assert_int_equal(fstat(found, &st), 0);
	if (S_ISDIR(st.st_mode))
		return "<dir>";
	if (S_ISLNK(st.st_mode))
		return "<link>";
	snprintf(again, sizeof(again), "/proc/self/fd/%d", found);
	file = open(again, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	length = read(file, text, sizeof(text) - 1);
	close(file);
	assert_true(length >= 0);
	text[length] = '\0';
	return text;
}

#define assert_found(box, path, text) \
	assert_string_equal(seek_text(box, path, PATH_FOLLOW), text)

static void file_is_found(void **state)
{
	struct box *box = *state;

	box_file(box, "/etc/app/config", "here");

	assert_found(box, "/etc/app/config", "here");
	assert_string_equal(search.resolved, "etc/app/config");
	assert_found(box, "etc//./app/./config", "here");
	assert_string_equal(search.resolved, "etc/app/config");
	assert_found(box, "/etc/app", "<dir>");
	assert_found(box, "/etc/app/", "<dir>");
	assert_string_equal(search.resolved, "etc/app");
	assert_found(box, "/", "<dir>");
	assert_string_equal(search.resolved, "");
}

static void what_is_missing_is_not_found(void **state)
{
	struct box *box = *state;

	box_file(box, "/file", "here");

	assert_found(box, "/none", "<ENOENT>");
	assert_found(box, "/none/file", "<ENOENT>");
	assert_found(box, "/file/below", "<ENOTDIR>");
	assert_found(box, "/file/", "<ENOTDIR>");
	assert_found(box, "/file/..", "<ENOTDIR>");
}

static void absolute_link_begins_at_the_root(void **state)
{
	struct box *box = *state;

	box_file(box, "/run/lock", "inside");
	box_symlink(box, "/var/run", "/run");
	box_symlink(box, "/leak", BOX_OUTSIDE);
	box_symlink(box, "/host", "/etc/passwd");

	assert_found(box, "/var/run/lock", "inside");
	assert_string_equal(search.resolved, "run/lock");
	assert_found(box, "/leak/file", "<ENOENT>");
	assert_found(box, "/host", "<ENOENT>");
}

static void link_outside_leads_to_the_same_path_inside(void **state)
{
	struct box *box = *state;

	box_symlink(box, "/leak", "../../../../../srv/secret");
	box_file(box, "/srv/secret", "inside");

	assert_found(box, "/leak", "inside");
	assert_string_equal(search.resolved, "srv/secret");
}

static void dots_never_leave_the_root(void **state)
{
	struct box *box = *state;

	box_file(box, "/a/b/file", "inside");
	box_file(box, "/file", "at the root");
	box_symlink(box, "/a/up", "../..");
	box_symlink(box, "/a/b/side", "../b/./file");

	assert_found(box, "/../../../file", "at the root");
	assert_string_equal(search.resolved, "file");
	assert_found(box, "/a/b/../b/file", "inside");
	assert_string_equal(search.resolved, "a/b/file");
	assert_found(box, "/a/up/up/../file", "<ENOENT>");
	assert_found(box, "/a/up/a/up/../file", "at the root");
	assert_found(box, "/a/b/side", "inside");
	assert_string_equal(search.resolved, "a/b/file");
	assert_found(box, "/a/none/../b/file", "<ENOENT>");
	assert_found(box, "/..", "<dir>");
	assert_string_equal(search.resolved, "");
}

static void dots_after_a_link_are_of_what_it_leads_to(void **state)
{
	struct box *box = *state;

	box_file(box, "/deep/down/file", "beside");
	box_dir(box, "/deep/down/here", 0755);
	box_symlink(box, "/short", "deep/down/here");

	assert_found(box, "/short/../file", "beside");
	assert_string_equal(search.resolved, "deep/down/file");
}

static void forty_links_are_followed_and_no_more(void **state)
{
	struct box *box = *state;
	char name[16], next[16];
	int i;

	box_file(box, "/0", "the end");
	for (i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		snprintf(next, sizeof(next), "%d", i - 1);
		box_symlink(box, name, next);
	}
	box_symlink(box, "/loop", "loop");

	assert_found(box, "/40", "the end");
	assert_found(box, "/41", "<ELOOP>");
	assert_found(box, "/loop", "<ELOOP>");
	assert_found(box, "/loop/below", "<ELOOP>");
}

static void last_link_can_be_kept(void **state)
{
	struct box *box = *state;

	box_file(box, "/run/file", "inside");
	box_symlink(box, "/var/run", "/run");
	box_symlink(box, "/var/link", "/run/file");

	assert_string_equal(seek_text(box, "/var/link", PATH_KEEP_LAST),
			    "<link>");
	assert_string_equal(search.resolved, "var/link");
	assert_string_equal(seek_text(box, "/var/run/file", PATH_KEEP_LAST),
			    "inside");
	assert_string_equal(search.resolved, "run/file");
}

static void links_can_be_refused(void **state)
{
	struct box *box = *state;

	box_dir(box, "/run/lock", 0755);
	box_symlink(box, "/var/run", "/run");

	assert_string_equal(seek_text(box, "/var/run/lock", PATH_NO_LINKS),
			    "<ELOOP>");
	assert_string_equal(seek_text(box, "/var/run", PATH_NO_LINKS),
			    "<ELOOP>");
	assert_string_equal(seek_text(box, "/run/lock", PATH_NO_LINKS),
			    "<dir>");
}

static void magic_links_of_a_procfs_are_refused(void **state)
{
	struct box *box = *state;
	char path[64];

	box_dir(box, "/proc", 0755);
	box_mount(box, "proc", BOX_ROOTFS "/proc", "proc", 0, NULL);
	box_symlink(box, "/leak", "/proc/self/root");
	box_file(box, "/tmp/file", "outside");

	assert_found(box, "/proc/self/root/tmp/file", "<ELOOP>");
	assert_found(box, "/proc/self/cwd", "<ELOOP>");
	assert_found(box, "/proc/1/root", "<ELOOP>");
	assert_found(box, "/proc/self/exe", "<ELOOP>");
	assert_found(box, "/proc/thread-self/root/tmp", "<ELOOP>");
	assert_found(box, "/leak/tmp/file", "<ELOOP>");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", box->host_root);
	assert_found(box, path, "<ELOOP>");
	assert_found(box, "/proc/self/comm", "test_path\n");
}

static void directories_are_made_on_the_way(void **state)
{
	struct box *box = *state;
	autoclose int made = seek(box, "/a/b/c", PATH_FOLLOW, S_IFDIR | 0700);
	autoclose int again = -1;

	assert_true(made >= 0 && search.made);
	assert_string_equal(search.resolved, "a/b/c");
	assert_int_equal(box_mode(box, "/a"), 0755);
	assert_int_equal(box_mode(box, "/a/b"), 0755);
	assert_int_equal(box_mode(box, "/a/b/c"), 0700);

	again = seek(box, "/a/b/c", PATH_FOLLOW, S_IFDIR | 0755);

	assert_true(again >= 0 && !search.made);
	assert_int_equal(box_mode(box, "/a/b/c"), 0700);
}

static void file_is_made(void **state)
{
	struct box *box = *state;
	autoclose int made = -1, beside = -1, there = -1;

	box_file(box, "/there", "as it was");
	made = seek(box, "/a/file", PATH_FOLLOW, S_IFREG | 0640);

	assert_true(made >= 0 && search.made);
	assert_int_equal(box_mode(box, "/a"), 0755);
	assert_string_equal(box_type(box, "/a/file"), "file");
	assert_int_equal(box_mode(box, "/a/file"), 0640);

	beside = seek(box, "/a/beside", PATH_FOLLOW, S_IFREG | 0640);
	assert_true(beside >= 0 && search.made);

	there = seek(box, "/there", PATH_FOLLOW, S_IFREG | 0640);
	assert_true(there >= 0 && !search.made);
	assert_string_equal(box_read(box, "/there"), "as it was");
	assert_int_equal(box_mode(box, "/there"), 0644);
}

static void what_is_in_the_way_stays_as_it_is(void **state)
{
	struct box *box = *state;
	autoclose int found = -1;

	box_file(box, "/file", "as it was");
	found = seek(box, "/file", PATH_FOLLOW, S_IFDIR | 0755);

	assert_true(found >= 0 && !search.made);
	assert_string_equal(box_type(box, "/file"), "file");
	assert_int_equal(seek(box, "/file/dir", PATH_FOLLOW, S_IFDIR | 0755),
			 -1);
	assert_int_equal(why.error, ENOTDIR);
}

static void what_a_dangling_link_names_is_made_inside(void **state)
{
	struct box *box = *state;
	autoclose int absolute = -1, climbing = -1;

	box_symlink(box, "/absolute", BOX_OUTSIDE "/new");
	box_symlink(box, "/climbing", "../../../other/new");
	absolute = seek(box, "/absolute/dir", PATH_FOLLOW, S_IFDIR | 0755);
	climbing = seek(box, "/climbing", PATH_FOLLOW, S_IFREG | 0644);

	assert_true(absolute >= 0 && climbing >= 0);
	assert_int_equal(access(BOX_OUTSIDE "/new", F_OK), -1);
	assert_int_equal(access(BOX_ROOTFS "/tmp/outside/new/dir", F_OK), 0);
	assert_string_equal(box_type(box, "/other/new"), "file");
}

static void last_link_that_is_kept_is_nothing_to_make(void **state)
{
	struct box *box = *state;
	autoclose int found = -1;

	box_symlink(box, "/dangling", "/new");
	found = seek(box, "/dangling", PATH_KEEP_LAST, S_IFREG | 0644);

	assert_true(found >= 0 && !search.made);
	assert_false(box_exists(box, "/new"));
}

static void names_that_are_too_long_are_refused(void **state)
{
	struct box *box = *state;
	char path[5000];

	snprintf(path, sizeof(path), "/%0256d", 0);
	assert_found(box, path, "<ENAMETOOLONG>");
	snprintf(path, sizeof(path), "/../%0256d", 0);
	assert_found(box, path, "<ENAMETOOLONG>");
	memset(path, '/', 4096);
	path[4096] = '\0';
	assert_found(box, path, "<ENAMETOOLONG>");
}

static void longest_path_is_made_and_found(void **state)
{
	struct box *box = *state;
	char path[4096] = "";
	autoclose int made = -1, found = -1;
	size_t i;

	for (i = 0; i + 1 < sizeof(path); i++)
		path[i] = i % 63 ? 'a' : '/';
	made = seek(box, path, PATH_FOLLOW, S_IFDIR | 0755);

	assert_true(made >= 0 && search.made);
	assert_string_equal(search.resolved, path + 1);
	found = seek(box, path, PATH_FOLLOW, 0);
	assert_true(found >= 0);
}

static void long_links_are_followed_along_long_paths(void **state)
{
	struct box *box = *state;
	char text[4096] = "", path[4096] = "";
	size_t i;

	for (i = 0; i < 4000; i++) {
		text[i] = i % 2 ? '/' : '.';
		path[i] = text[i];
	}
	memcpy(text + 4000, "real", 5);
	memcpy(path, "/long", 5);
	memcpy(path + 4000, "/file", 6);
	box_symlink(box, "/long", text);
	box_file(box, "/real/file", "inside");

	assert_found(box, path, "inside");
	assert_string_equal(search.resolved, "real/file");
}

static void odd_files_are_found_without_being_opened(void **state)
{
	struct box *box = *state;

	box_node(box, "/fifo", S_IFIFO | 0600, 0);
	box_chmod(box, "/fifo", 0);

	assert_found(box, "/fifo", "");
	assert_found(box, "/fifo/..", "<ENOTDIR>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(file_is_found),
		BOTH(what_is_missing_is_not_found),
		BOTH(absolute_link_begins_at_the_root),
		BOTH(link_outside_leads_to_the_same_path_inside),
		BOTH(dots_never_leave_the_root),
		BOTH(dots_after_a_link_are_of_what_it_leads_to),
		BOTH(forty_links_are_followed_and_no_more),
		BOTH(last_link_can_be_kept),
		BOTH(links_can_be_refused),
		BOTH(magic_links_of_a_procfs_are_refused),
		BOTH(directories_are_made_on_the_way),
		BOTH(file_is_made),
		BOTH(what_is_in_the_way_stays_as_it_is),
		BOTH(what_a_dangling_link_names_is_made_inside),
		BOTH(last_link_that_is_kept_is_nothing_to_make),
		BOTH(names_that_are_too_long_are_refused),
		BOTH(longest_path_is_made_and_found),
		BOTH(long_links_are_followed_along_long_paths),
		BOTH(odd_files_are_found_without_being_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
