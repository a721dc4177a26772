/*
 * threats [--long | --short] [--races | --no-races] [--only ROW]: every row,
 * in each scene, and a table of what came of it.  Each row is a test function,
 * told in TAP.
 */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "racer.h"
#include "threats.h"

#define MAX_ROWS 96	/* and the test of their proofs */
#define FAIR_SHARE 100		/* of so many fair runs one may be refused */

static const struct threat *const lists[] = {
	path_threats, mask_threats, inside_threats, proved_threats,
};

static struct row {
	const struct threat *threat;
	struct tally tally;
	struct scene scene;
	const struct row *same;	/* as this one, replayed by then; or NULL */
} rows[MAX_ROWS];
static size_t row_count;
static enum length asked = LENGTH_MIDDLE;

static void in_each_scene(void **state)
{
	struct row *row = *state;
	struct tally *tally = &row->tally;
	size_t step = 1, i;

	/* of a kernel that lacks something, in short form: the two extremes */
	if (asked == LENGTH_SHORT && getenv("INIT_SHIM_LACKS"))
		step = SCENES - 1;
	for (i = 0; i < SCENES; i += step) {
		if (!scene_open(&row->scene, i))
			continue;
		row->threat->replay(&row->scene);
		scene_close(&row->scene);
	}
	assert_int_equal(tally->escapes, 0);
	if (asked == LENGTH_LONG)
		assert_true(tally->fair_refused * FAIR_SHARE <= tally->fair);
}

static int close_what_failed(void **state)
{
	struct row *row = *state;

	racer_stop();
	if (row->scene.box)
		scene_close(&row->scene);
	return 0;
}

/* "test_path:function": is there such a function? */
static bool is_there(const char *proof, size_t length)
{
	const char *tests = getenv("INIT_SHIM_TESTS");
	size_t program = strcspn(proof, ":");
	char path[4096], function[256];
	autoclose int fd = -1;
	char *text;
	bool found;

	snprintf(path, sizeof(path), "%s/%.*s.c", tests ? tests : "tests",
		 (int)program, proof);
	snprintf(function, sizeof(function), "\nstatic void %.*s(",
		 (int)(length - program - 1), proof + program + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	text = fd < 0 ? NULL : box_read_all(fd);
	found = text && strstr(text, function);
	free(text);
	if (!found)
		print_error("no test is called %.*s\n", (int)length, proof);
	return found;
}

static void every_proof_is_a_test(void **state)
{
	size_t missing = 0, i;

	(void)state;
	for (i = 0; i < row_count; i++) {
		const char *proof = rows[i].threat->proof;

		while (proof && *proof) {
			size_t length = strcspn(proof, ";");

			missing += !is_there(proof, length);
			proof += length + (proof[length] == ';');
		}
	}
	assert_int_equal(missing, 0);
}

static void print_row(const struct row *row)
{
	const struct tally *tally = row->same ? &row->same->tally :
						&row->tally;
	char control[64] = "-", fair[64] = "-";

	if (tally->races)
		snprintf(control, sizeof(control), "%ld/%ld", tally->lost,
			 tally->races);
	if (tally->fair)
		snprintf(fair, sizeof(fair), "%.2f%%", 100.0 *
			 (double)(tally->fair - tally->fair_refused) /
			 (double)tally->fair);
	printf("# %-4s %7ld %8ld %8ld %9s %8s %7.2f  %s\n", row->threat->row,
	       tally->runs, tally->escapes, tally->refused, control, fair,
	       tally->slowest, row->threat->what);
	if (tally->lost < tally->races)
		printf("# %-4s not counted: %ld races that the control won\n",
		       "", tally->races - tally->lost);
}

static void print_table(void)
{
	size_t i;

	printf("# %-4s %7s %8s %8s %9s %8s %7s\n", "row", "runs", "escapes",
	       "refused", "control", "worked", "slowest");
	for (i = 0; i < row_count; i++)
		if (rows[i].threat->replay)
			print_row(&rows[i]);
		else
			printf("# %-4s %s: see %s\n", rows[i].threat->row,
			       rows[i].threat->what, rows[i].threat->proof);
}

/* A replay is the same for each row that has it; but races ask for theirs. */
static const struct row *same_as(const struct row *row)
{
	const struct row *other;

	if (!row->threat->replay ||
	    row->threat->replay == race_threats->replay)
		return NULL;
	for (other = rows; other < row; other++)
		if (other->threat->replay == row->threat->replay)
			return other;
	return NULL;
}

static void add(const struct threat *threat)
{
	struct row *row = &rows[row_count++];

	row->threat = threat;
	row->scene.length = asked;
	row->scene.row = threat->row;
	row->scene.tally = &row->tally;
	row->same = same_as(row);
}

static void collect(const struct threat *threat, const char *only)
{
	for (; threat->row; threat++)
		if (!only || strcmp(only, threat->row) == 0)
			add(threat);
}

static int run(void)
{
	static struct CMUnitTest tests[MAX_ROWS];
	static char names[MAX_ROWS][128];
	size_t count = 0, i;

	tests[count++] = (struct CMUnitTest){
		"every proof is a test", every_proof_is_a_test, NULL, NULL,
		NULL,
	};
	for (i = 0; i < row_count; i++) {
		if (!rows[i].threat->replay || rows[i].same)
			continue;
		snprintf(names[count], sizeof(names[count]), "%s %s",
			 rows[i].threat->row, rows[i].threat->what);
		tests[count] = (struct CMUnitTest){
			names[count], in_each_scene, NULL, close_what_failed,
			&rows[i],
		};
		count++;
	}
	return _cmocka_run_group_tests("threats", tests, count, NULL, NULL);
}

int main(int argc, char **argv)
{
	bool races = true, others = true;
	const char *only = NULL;
	size_t list;
	int failed, i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--long") == 0)
			asked = LENGTH_LONG;
		else if (strcmp(argv[i], "--short") == 0)
			asked = LENGTH_SHORT;
		else if (strcmp(argv[i], "--races") == 0)
			others = false;
		else if (strcmp(argv[i], "--no-races") == 0)
			races = false;
		else if (strcmp(argv[i], "--only") == 0 && argv[i + 1])
			only = argv[++i];
		else
			return fprintf(stderr, "threats: what is %s?\n",
				       argv[i]), 2;
	}
	for (list = 0; others && list < sizeof(lists) / sizeof(lists[0]); list++)
		collect(lists[list], only);
	if (races)
		collect(race_threats, only);
	racer_prepare();
	scenes_prepare();
	failed = run();
	print_table();
	return failed;
}
