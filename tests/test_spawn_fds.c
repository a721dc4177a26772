/* libinit-shim: what the shim inherits, and what it never does */

#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* A shim that waits for its plan has all that it was given. */
static const char *descriptors(struct daemon *daemon)
{
	static char text[512];
	char path[64], link[128];
	size_t length = 0;
	int fd;

	text[0] = '\0';
	for (fd = 0; fd < 64; fd++) {
		ssize_t got;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d",
			 init_shim_pid(daemon->container), fd);
		got = readlink(path, link, sizeof(link) - 1);
		if (got < 0)
			continue;
		link[got] = '\0';
		link[strcspn(link, " [")] = '\0';
		length += (size_t)snprintf(text + length,
					   sizeof(text) - length, "%s%d %s",
					   length ? ", " : "", fd, link);
	}
	return text;
}

static void spawn_waiting(struct daemon *daemon)
{
	daemon->how.namespaces = INIT_SHIM_MOUNT | INIT_SHIM_PID;
	daemon_spawn_text(daemon, NULL);
	assert_string_equal(daemon_error(daemon), "");
}

static int make_file(const char *name)
{
	int fd = memfd_create(name, 0);

	assert_true(fd >= 0);
	return fd;
}

static void nothing_but_null_and_the_socket_is_inherited(void **state)
{
	struct daemon *daemon = *state;
	/* whoever forgot O_CLOEXEC */
	autoclose int forgotten = make_file("forgotten");
	autoclose int high = fcntl(forgotten, F_DUPFD, 40);

	assert_true(high >= 40);
	spawn_waiting(daemon);

	assert_string_equal(descriptors(daemon), "0 /dev/null, 1 /dev/null, "
			    "2 /dev/null, 3 socket:");
}

static void descriptors_have_the_numbers_that_are_asked_for(void **state)
{
	struct daemon *daemon = *state;
	autoclose int a = make_file("a");
	autoclose int b = make_file("b");
	const struct init_shim_fd fds[] = {
		{ a, 3 }, { b, 1 }, { a, 9 }, { b, 5 },
	};

	daemon->how.fds = fds;
	daemon->how.fd_count = COUNT(fds);
	spawn_waiting(daemon);

	assert_string_equal(descriptors(daemon),
			    "0 /dev/null, 1 /memfd:b, 2 /dev/null, "
			    "3 /memfd:a, 4 socket:, 5 /memfd:b, 9 /memfd:a");
}

static void descriptors_can_change_places(void **state)
{
	struct daemon *daemon = *state;
	autoclose int a = make_file("a");
	autoclose int b = make_file("b");
	const struct init_shim_fd fds[] = { { a, b }, { b, a } };
	char expected[128];

	assert_int_equal(b, a + 1);
	daemon->how.fds = fds;
	daemon->how.fd_count = COUNT(fds);
	spawn_waiting(daemon);

	snprintf(expected, sizeof(expected), "%d /memfd:b, %d /memfd:a", a, b);
	assert_non_null(strstr(descriptors(daemon), expected));
}

static void numbers_are_checked(void **state)
{
	struct daemon *daemon = *state;
	const struct init_shim_fd twice[] = { { 0, 5 }, { 1, 5 } };
	const struct init_shim_fd closed[] = { { 999, 5 } };
	const struct init_shim_fd negative[] = { { 0, -1 } };

	daemon->how.namespaces = INIT_SHIM_MOUNT;
	daemon->how.fds = twice;
	daemon->how.fd_count = 2;
	assert_false(daemon_spawn_text(daemon, NULL));
	assert_string_equal(daemon_error(daemon), "cannot hand on the "
			    "descriptors: number 5 is given twice");
	daemon->how.fds = closed;
	daemon->how.fd_count = 1;
	assert_false(daemon_spawn_text(daemon, NULL));
	assert_string_equal(daemon_error(daemon), "cannot hand on the "
			    "descriptors: fcntl: Bad file descriptor: "
			    "descriptor 999");
	daemon->how.fds = negative;
	assert_false(daemon_spawn_text(daemon, NULL));
	assert_string_equal(daemon_error(daemon), "cannot hand on the "
			    "descriptors: -1 is no number for one");
}

static void program_cannot_be_written(void **state)
{
	struct daemon *daemon = *state;
	char path[64];
	autoclose int program = -1;

	spawn_waiting(daemon);
	snprintf(path, sizeof(path), "/proc/%d/exe",
		 init_shim_pid(daemon->container));
	kill(init_shim_pid(daemon->container), SIGSTOP);

	assert_int_equal(open(path, O_WRONLY | O_CLOEXEC), -1);
	assert_int_equal(errno, ETXTBSY);
	program = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(fcntl(program, F_GET_SEALS), F_SEAL_SEAL |
			 F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

/* Other threads of a daemon, which spawn programs all the time. */

static volatile bool enough;

static void *spawn_others(void *argument)
{
	(void)argument;
	while (!enough) {
		pid_t pid = fork();

		if (pid == 0) {
			execl("/proc/self/exe", "test_spawn_fds", "look",
			      NULL);
			_exit(2);
		}
		if (waitpid(pid, &(int){0}, 0) < 0)
			return NULL;
	}
	return NULL;
}

/* What such a program has inherited from 3 on: the exit status. */
static int look(void)
{
	int fd;

	for (fd = 3; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			break;
	fd = fd < 256 ? open("/tmp/leaked", O_CREAT | O_WRONLY, 0600) : 0;
	return fd != 0;
}

static void other_threads_hand_nothing_on(void **state)
{
	struct daemon *daemon = *state;
	pthread_t others[2];
	int i;

	/* but what the test itself has from whoever called it */
	for (i = 3; i < 256; i++)
		fcntl(i, F_SETFD, FD_CLOEXEC);
	enough = false;
	for (i = 0; i < 2; i++)
		pthread_create(&others[i], NULL, spawn_others, NULL);
	for (i = 0; i < 100; i++) {
		daemon->how.namespaces = INIT_SHIM_UTS;
		daemon_spawn_text(daemon, NULL);
		assert_string_equal(daemon_error(daemon), "");
		init_shim_free(daemon->container);
		daemon->container = NULL;
	}
	enough = true;
	for (i = 0; i < 2; i++)
		pthread_join(others[i], NULL);

	assert_int_equal(access("/tmp/leaked", F_OK), -1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		DAEMON_TEST_BOTH(nothing_but_null_and_the_socket_is_inherited),
		DAEMON_TEST_BOTH(
			descriptors_have_the_numbers_that_are_asked_for),
		DAEMON_TEST(descriptors_can_change_places),
		DAEMON_TEST(numbers_are_checked),
		DAEMON_TEST(program_cannot_be_written),
		DAEMON_TEST(other_threads_hand_nothing_on),
	};

	if (argc > 1 && strcmp(argv[1], "look") == 0)
		return look();
	return cmocka_run_group_tests_name("spawn_fds", tests, NULL, NULL);
}
