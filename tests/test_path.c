/* path: found inside the root and nowhere else, by openat2(2) and the walk */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fd.h"
#include "seek.h"

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
		SEEK_BOTH(file_is_found),
		SEEK_BOTH(what_is_missing_is_not_found),
		SEEK_BOTH(absolute_link_begins_at_the_root),
		SEEK_BOTH(link_outside_leads_to_the_same_path_inside),
		SEEK_BOTH(dots_never_leave_the_root),
		SEEK_BOTH(dots_after_a_link_are_of_what_it_leads_to),
		SEEK_BOTH(forty_links_are_followed_and_no_more),
		SEEK_BOTH(last_link_can_be_kept),
		SEEK_BOTH(links_can_be_refused),
		SEEK_BOTH(magic_links_of_a_procfs_are_refused),
		SEEK_BOTH(names_that_are_too_long_are_refused),
		SEEK_BOTH(longest_path_is_made_and_found),
		SEEK_BOTH(long_links_are_followed_along_long_paths),
		SEEK_BOTH(odd_files_are_found_without_being_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
