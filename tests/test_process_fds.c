/* process_fds: descriptors that the target inherits, and no others */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"

#define SHOW(...) \
	"\"process\": {\"args\": [\"/bin/show\", \"fds\"], " #__VA_ARGS__ "}"

static void child_must(int answer)
{
	if (answer < 0)
		_exit(1);
}

/* In the child: what the box needs there makes way. */
static void make_way(struct box *box)
{
	box->shim = fcntl(box->shim, F_DUPFD_CLOEXEC, 300);
	child_must(box->shim);
}

static void open_two(struct box *box)
{
	make_way(box);
	child_must(dup2(open("/dev/zero", O_RDWR | O_CLOEXEC), 3));
	child_must(dup2(open("/", O_RDONLY | O_CLOEXEC), 4));
	child_must(dup2(3, 250));
}

static void open_none(struct box *box)
{
	make_way(box);
	close(3);
}

/* All up to 250; the socket is one of them. */
static void open_many(struct box *box)
{
	int fd;

	make_way(box);
	for (fd = 3; fd <= 250; fd++)
		if (fcntl(fd, F_SETFD, 0) < 0)
			child_must(dup2(0, fd));
}

static void run(struct box *box, const char *plan)
{
	box_program(box, "show");
	box_run(box, "%s", plan);
	if (box->pid)
		box_wait(box);
}

static bool has_fd(const struct box *box, int fd)
{
	char line[32];

	snprintf(line, sizeof(line), "fd %d ", fd);
	return strstr(box->output, line);
}

static void as_many_as_planned_are_there(void **state)
{
	struct box *box = *state;

	box->before = open_two;
	run(box, SHOW("preserveFds": 2));

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box->output, "\nfd 3 char 1:5 access 2\n"
			       "fd 4 dir 0:0 access 0\n"));
	assert_false(has_fd(box, 5));
	assert_false(has_fd(box, 250));
}

static void none_is_there_where_none_is_planned(void **state)
{
	struct box *box = *state;

	box->before = open_two;
	run(box, SHOW("preserveFds": 0));

	assert_string_equal(box->error, "");
	assert_true(has_fd(box, 2));
	assert_false(has_fd(box, 3));
	assert_false(has_fd(box, 4));
}

static void they_outlive_the_limit_of_descriptors(void **state)
{
	struct box *box = *state;

	box->before = open_two;
	run(box, SHOW("preserveFds": 2, "user": {"uid": 1000, "gid": 1000},
		      "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 3,
				   "hard": 3}]));

	assert_string_equal(box->error, "");
	assert_true(has_fd(box, 3));
	assert_true(has_fd(box, 4));
}

static void child_of_init_has_them_and_its_own_number(void **state)
{
	struct box *box = *state;

	box->before = open_two;
	run(box, "\"process\": {\"args\": [\"/bin/show\", \"fds\", \"session\", "
		 "\"env\"], \"init\": true, \"preserveFds\": 2, \"env\": "
		 "[\"LISTEN_PID=1\", \"LISTEN_FDS=2\"]}");

	assert_string_equal(box->error, "");
	assert_true(has_fd(box, 3));
	assert_true(has_fd(box, 4));
	assert_false(has_fd(box, 5));
	assert_non_null(strstr(box->output, "\npid 2\n"));
	assert_non_null(strstr(box->output, "\nenv LISTEN_PID=2\n"));
}

static void one_that_is_not_open_is_refused(void **state)
{
	struct box *box = *state;

	box->before = open_none;
	run(box, SHOW("preserveFds": 1));

	assert_string_equal(box->stage, "plan");
	assert_string_equal(box->error, "cannot preserve descriptor 3: fcntl: "
		"Bad file descriptor (plan item /process/preserveFds)");
}

static void socket_of_the_parent_is_refused(void **state)
{
	struct box *box = *state;

	box->before = open_many;
	run(box, SHOW("preserveFds": 248));

	assert_non_null(strstr(box->error, ": it is the socket of the parent, "
		"and not for the target; it needs a number above those that "
		"are preserved (plan item /process/preserveFds)"));
}

static void what_the_plan_itself_uses_is_refused(void **state)
{
	struct box *box = *state;

	box->before = open_two;
	run(box, JSON("mounts": [{"destination": "/here", "sourceFd": 4}],
		      "process": {"args": ["a"], "preserveFds": 2}));
	assert_string_equal(box->error, "cannot preserve descriptor 4: it is "
		"a mount's sourceFd, and not for the target; it needs a "
		"number above those that are preserved "
		"(plan item /process/preserveFds)");

	run(box, JSON("rootfs": {"fd": 3},
		      "process": {"args": ["a"], "preserveFds": 1}));
	assert_non_null(strstr(box->error, "descriptor 3: it is /rootfs/fd,"));

	run(box, SHOW("seccomp": {"fd": 4}, "preserveFds": 2));
	assert_non_null(strstr(box->error, "descriptor 4: it is "
			       "/process/seccomp/fd,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(as_many_as_planned_are_there),
		BOX_TEST(none_is_there_where_none_is_planned),
		BOX_TEST_BOTH(they_outlive_the_limit_of_descriptors),
		BOX_TEST(child_of_init_has_them_and_its_own_number),
		BOX_TEST(one_that_is_not_open_is_refused),
		BOX_TEST(socket_of_the_parent_is_refused),
		BOX_TEST(what_the_plan_itself_uses_is_refused),
	};

	return cmocka_run_group_tests_name("process_fds", tests, NULL, NULL);
}
