/* sync: which sockets it takes, and what becomes of other descriptors */

#include "sync/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/abi.h"
#include "lacking.h"

static struct sync sync_of_test;
static struct failure why;
static char error[1024];

/* The sentence; "" where the socket was taken. */
static const char *open_sync(int socket_fd, int sync_fd)
{
	const struct options opt = {
		.plan_fd = -1,
		.socket_fd = socket_fd,
		.sync_fd = sync_fd,
		.quiet = true,
	};

	why = (struct failure){0};
	if (sync_open(&sync_of_test, &opt, &why) == 0)
		return "";
	assert_string_equal(why.stage, "plan");
	return failure_sentence(&why, error, sizeof(error));
}

/* A socket at descriptor 20. */
static void make_socket(int domain, int type)
{
	int fd = socket(domain, type, 0);

	assert_int_equal(dup2(fd, 20), 20);
	close(fd);
}

/* Ask a child, that may do to its descriptors what it likes. */
static void assert_in_child(bool (*is_so)(void))
{
	pid_t child = fork();
	int status = -1;

	if (child == 0)
		_exit(is_so() ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void both_kinds_of_socket_are_taken(void **state)
{
	(void)state;
	make_socket(AF_UNIX, SOCK_STREAM);
	assert_string_equal(open_sync(20, -1), "");
	assert_int_equal(sync_of_test.fd, 20);
	assert_int_equal(sync_of_test.type, SOCK_STREAM);
	assert_true(sync_of_test.carries_plan);
	assert_true(sync_of_test.quiet);

	make_socket(AF_UNIX, SOCK_SEQPACKET);
	assert_string_equal(open_sync(-1, 20), "");
	assert_int_equal(sync_of_test.fd, 20);
	assert_int_equal(sync_of_test.type, SOCK_SEQPACKET);
	assert_false(sync_of_test.carries_plan);
}

static void there_may_be_no_socket(void **state)
{
	(void)state;
	assert_string_equal(open_sync(-1, -1), "");
	assert_int_equal(sync_of_test.fd, -1);
}

static void what_is_no_socket_is_refused_and_left_alone(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], 20), 20);

	assert_string_equal(open_sync(20, -1),
			    "cannot talk to the parent: getsockopt: Not a "
			    "socket: descriptor 20");
	assert_int_equal(why.error, ENOTSOCK);
	assert_int_equal(sync_of_test.fd, -1);
	close(ends[0]);
	close(ends[1]);
}

static void a_closed_descriptor_is_refused(void **state)
{
	(void)state;
	close(20);
	assert_string_equal(open_sync(-1, 20),
			    "cannot talk to the parent: getsockopt: Bad file "
			    "descriptor: descriptor 20");
	assert_int_equal(sync_of_test.fd, -1);
}

static void other_sockets_are_refused(void **state)
{
	static const char *const sentence =
		"cannot talk to the parent: descriptor 20 is no Unix socket of "
		"type SOCK_STREAM or SOCK_SEQPACKET";

	(void)state;
	make_socket(AF_UNIX, SOCK_DGRAM);
	assert_string_equal(open_sync(20, -1), sentence);
	make_socket(AF_INET, SOCK_STREAM);
	assert_string_equal(open_sync(20, -1), sentence);
}

static bool is_close_on_exec(int fd)
{
	return fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

/* Low, high, a place, close-on-exec already; the standard streams stay. */
static bool descriptors_become_close_on_exec(void)
{
	if (dup2(2, 3) != 3 || dup2(2, 900) != 900 ||
	    dup2(open("/", O_PATH), 800) != 800 ||
	    dup3(2, 301, O_CLOEXEC) != 301 || open_sync(-1, -1)[0])
		return false;
	return is_close_on_exec(3) && is_close_on_exec(900) &&
	       is_close_on_exec(800) &&
	       is_close_on_exec(301) && fcntl(0, F_GETFD) == 0 &&
	       fcntl(1, F_GETFD) == 0 && fcntl(2, F_GETFD) == 0;
}

static bool they_do_without_close_range(void)
{
	return lacking(NR_CLOSE_RANGE, ENOSYS) &&
	       descriptors_become_close_on_exec();
}

static bool they_do_where_a_filter_refuses(void)
{
	return lacking(NR_CLOSE_RANGE, EPERM) &&
	       descriptors_become_close_on_exec();
}

/* Descriptors that were opened before the soft limit was lowered. */
static bool they_do_above_a_lowered_limit(void)
{
	struct rlimit limit;

	if (dup2(2, 901) != 901 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return false;
	limit.rlim_cur = 100;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	       lacking(NR_CLOSE_RANGE, ENOSYS) && !open_sync(-1, -1)[0] &&
	       is_close_on_exec(901);
}

static void every_inherited_descriptor_becomes_close_on_exec(void **state)
{
	(void)state;
	assert_in_child(descriptors_become_close_on_exec);
	assert_in_child(they_do_without_close_range);
	assert_in_child(they_do_where_a_filter_refuses);
	assert_in_child(they_do_above_a_lowered_limit);
}

static bool is_null(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(1, 3);
}

static bool all_three_become_null(void)
{
	close(0);
	close(1);
	close(2);
	return !open_sync(-1, -1)[0] && is_null(0) && is_null(1) &&
	       is_null(2) && fcntl(1, F_GETFD) == 0 && fcntl(3, F_GETFD) < 0;
}

static bool the_one_that_is_closed_becomes_null(void)
{
	int ends[2];

	if (pipe(ends) < 0 || dup2(ends[0], 0) != 0 || dup2(ends[1], 2) != 2)
		return false;
	close(1);
	return !open_sync(-1, -1)[0] && !is_null(0) && is_null(1) &&
	       !is_null(2);
}

static void standard_streams_that_are_closed_become_null(void **state)
{
	(void)state;
	assert_in_child(all_three_become_null);
	assert_in_child(the_one_that_is_closed_becomes_null);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_kinds_of_socket_are_taken),
		cmocka_unit_test(there_may_be_no_socket),
		cmocka_unit_test(what_is_no_socket_is_refused_and_left_alone),
		cmocka_unit_test(a_closed_descriptor_is_refused),
		cmocka_unit_test(other_sockets_are_refused),
		cmocka_unit_test(
			every_inherited_descriptor_becomes_close_on_exec),
		cmocka_unit_test(standard_streams_that_are_closed_become_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
