/* copyup: trees that are changed while they are copied */

#include "mounts/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "field.h"

#define BOTH(function) \
	{ #function, function, field_open, field_close, NULL }, \
	{ #function " (overlay)", function, field_open_on_overlay, \
	  field_close, NULL }

/* For each pause; the tree has nine entries to race for. */
#define COPIES 50
#define TRIES 5000		/* that the control has, to lose once */

static const unsigned pauses[] = { 0, 20, 50, 500 };

static int leaked;		/* how often the secret was seen */

static void look_into(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_NONBLOCK);
	char text[64] = "";

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 &&
	    strcmp(text, SECRET) == 0)
		leaked++;
}

static int look(const char *path, const struct stat *st, int type,
		struct FTW *where)
{
	(void)type, (void)where;
	if (S_ISREG(st->st_mode))
		look_into(path);
	return 0;
}

/* What is raced for: from/dir and from/file, as in secret/, and the links. */
static void make_race(const struct field *field)
{
	field_dir(field, "from/dir", 0755);
	field_dir(field, "from/dir/dir", 0755);
	field_file(field, "from/dir/file", "mine", 0644);
	field_file(field, "from/dir/dir/file", "mine", 0644);
	field_file(field, "from/file", "mine", 0644);
	must(mknod(field_path(field, "from/fifo"), S_IFIFO | 0666, 0));
	must(symlink(field_path(field, "secret"),
		     field_path(field, "from/absolute")));
	must(symlink("../secret", field_path(field, "from/relative")));
	must(symlink(field_path(field, "secret/file"),
		     field_path(field, "from/to_file")));
}

/*
 * The control: by path, as nftw(3) and open(2) do it, which is how runc did.
 * A race that it does not lose is no race.
 */
static void walk_by_path(struct field *field)
{
	nftw(field_path(field, "from"), look, 16, FTW_PHYS);
}

static void copy_and_look(struct field *field)
{
	field_copy(field);
	assert_string_equal(field->error, "");
	must(nftw(field_path(field, "to"), look, 16, FTW_PHYS));
}

static int race(struct field *field, const char *one, const char *other,
		void (*run)(struct field *), int times)
{
	size_t i;
	int n;

	leaked = 0;
	for (i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		pid_t racer = field_race(field, one, other, pauses[i]);

		for (n = 0; n < times && !leaked; n++)
			run(field);
		field_race_over(racer);
	}
	return leaked;
}

static void assert_race_is_won(void **state, const char *one,
			       const char *other)
{
	struct field *field = field_of(state);

	make_race(field);

	assert_true(race(field, one, other, walk_by_path, TRIES) > 0);
	assert_int_equal(race(field, one, other, copy_and_look, COPIES), 0);
}

static void directory_swapped_with_an_absolute_link_leaks_nothing(void **state)
{
	assert_race_is_won(state, "from/dir", "from/absolute");
}

static void directory_swapped_with_a_relative_link_leaks_nothing(void **state)
{
	assert_race_is_won(state, "from/dir", "from/relative");
}

static void file_swapped_with_a_link_leaks_nothing(void **state)
{
	assert_race_is_won(state, "from/file", "from/to_file");
}

static int check_text(const char *path, const struct stat *st, int type,
		      struct FTW *where)
{
	autoclose int fd = -1;
	char text[8] = "";

	(void)type, (void)where;
	if (!S_ISREG(st->st_mode))
		return 0;
	fd = (int)must(open(path, O_RDONLY));
	must(read(fd, text, sizeof(text) - 1));
	assert_string_equal(text, "mine");
	return 0;
}

static void copy_and_check(struct field *field)
{
	field_copy(field);
	assert_string_equal(field->error, "");
	must(nftw(field_path(field, "to"), check_text, 16, FTW_PHYS));
}

static void file_swapped_with_a_fifo_is_one_of_them(void **state)
{
	struct field *field = field_of(state);

	make_race(field);

	race(field, "from/file", "from/fifo", copy_and_check, COPIES);
}

static void directory_swapped_with_a_file_is_one_of_them(void **state)
{
	struct field *field = field_of(state);

	make_race(field);

	race(field, "from/dir", "from/file", copy_and_check, COPIES);
}

/* Not by "..", from a directory that has been moved outside meanwhile. */
static void directory_moved_outside_is_no_way_out(void **state)
{
	struct field *field = field_of(state);

	make_race(field);
	field_dir(field, "secret/deep", 0755);

	assert_int_equal(race(field, "from/dir", "secret/deep", copy_and_look,
			      COPIES), 0);
}

/*
 * So deep that its parent is closed meanwhile, a directory is exchanged with
 * one of another parent, whose name "marker" must not turn up in the chain.
 */
static void directory_moved_deep_down_is_noticed(void **state)
{
	struct field *field = field_of(state);
	char inner[256] = "from/chain", copied[256] = "to/chain", name[300];
	int i, moved = 0;
	pid_t racer;

	field_dir(field, "from/chain", 0755);
	field_deep(field, "from/chain", 40);
	for (i = 0; i < 40; i++) {
		strcat(inner, "/d");
		strcat(copied, i < 39 ? "/d" : "/marker");
	}
	field_dir(field, "from/other", 0755);
	field_dir(field, "from/other/e", 0755);
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%s/%d", inner, i);
		field_file(field, name, "mine", 0644);
		snprintf(name, sizeof(name), "from/other/%d", i);
		field_file(field, name, "mine", 0644);
	}
	field_file(field, "from/other/marker", "other", 0644);

	racer = field_race(field, inner, "from/other/e", 200);
	for (i = 0; i < 8 * COPIES; i++) {
		field_copy(field);
		if (field->error[0]) {
			assert_int_equal(field->why.error, ESTALE);
			moved++;
		}
		assert_false(field_has(field, copied));
	}
	field_race_over(racer);
	assert_true(moved > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(directory_swapped_with_an_absolute_link_leaks_nothing),
		BOTH(directory_swapped_with_a_relative_link_leaks_nothing),
		BOTH(file_swapped_with_a_link_leaks_nothing),
		BOTH(file_swapped_with_a_fifo_is_one_of_them),
		BOTH(directory_swapped_with_a_file_is_one_of_them),
		BOTH(directory_moved_outside_is_no_way_out),
		BOTH(directory_moved_deep_down_is_noticed),
	};

	return cmocka_run_group_tests_name("copyup_races", tests, NULL, NULL);
}
