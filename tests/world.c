/* world: a child, its root, and a pipe for what it has to say */

#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "kernel/proc.h"
#include "sync/sync.h"

#define STATUS_BROKEN 99	/* the world itself could not be made */

void world_check(bool worked, const char *call)
{
	if (worked)
		return;
	dprintf(STDERR_FILENO, "world: %s: %s\n", call, strerror(errno));
	_exit(STATUS_BROKEN);
}

void world_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	world_must(fd);
	world_must(write(fd, text, strlen(text)));
	world_must(fchmod(fd, mode));
	close(fd);
}

/* show is not in the world yet, and /tmp, where it may lie, is covered. */
static int open_show(void)
{
	const char *folder = getenv("INIT_SHIM_HELPERS");
	char path[4096];

	snprintf(path, sizeof(path), "%s/show", folder ? folder : ".");
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void copy_show(int from)
{
	int to = open("bin/show", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	char bytes[65536];
	ssize_t length;

	world_must(to);
	while ((length = read(from, bytes, sizeof(bytes))) > 0)
		world_must(write(to, bytes, (size_t)length));
	close(to);
}

static void make_root(void)
{
	int show = open_show();

	world_must(show);
	umask(0);
	world_must(unshare(CLONE_NEWNS));
	world_must(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL));
	world_must(mount("world", "/tmp", "tmpfs", 0, "mode=755"));
	world_must(chdir("/tmp"));
	world_must(mkdir("bin", 0755));
	world_must(mkdir("proc", 0755));
	world_must(mount("proc", "proc", "proc", 0, NULL));
	copy_show(show);
	close(show);
}

static void enter_root(void)
{
	world_must(syscall(SYS_pivot_root, ".", "."));
	world_must(umount2(".", MNT_DETACH));
	world_must(chdir("/"));
}

static void write_map(pid_t child, const char *file, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", child, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* The child says when it is in its namespace, and waits for its ids. */
static void enter_users(const struct world *world, int parent)
{
	static const gid_t inherited[] = { 40000, 100027 };
	char byte = 0;

	if (world->users == WORLD_HOST)
		return;
	/* one group that has a number inside, and one that has none */
	world_must(setgroups(2, inherited));
	world_must(unshare(CLONE_NEWUSER));
	world_must(write(parent, &byte, 1));
	world_must(read(parent, &byte, 1));
}

static void map_users(const struct world *world, pid_t child, int socket)
{
	char byte = 0;

	if (world->users == WORLD_HOST || read(socket, &byte, 1) != 1)
		return;
	if (world->users == WORLD_DENIED)
		write_map(child, "setgroups", "deny");
	write_map(child, "uid_map", "0 0 65534");
	write_map(child, "gid_map", "0 0 65534");
	assert_int_equal(write(socket, &byte, 1), 1);
}

static void say_why(const struct failure *why)
{
	char sentence[2048];

	failure_sentence(why, sentence, sizeof(sentence));
	dprintf(STDERR_FILENO, "%s", sentence);
	_exit(why->status ? (int)why->status : EXIT_SHIM);
}

/* What main does, in its order, from the signals on. */
static void live(const struct world *world, int socket)
{
	struct plan plan = { .process = world->process };
	struct sync nobody = { .fd = -1 };
	struct failure why = { .stage = NULL };
	struct program shim;
	int outside, root, proc;

	make_root();
	outside = open("/", O_PATH | O_CLOEXEC);
	world_must(proc = proc_trusted(&why));
	enter_root();
	enter_users(world, socket);
	close(socket);
	root = open("/", O_PATH | O_CLOEXEC);
	if (world->before)
		world->before();
	if (world->proc)
		world_must(proc = open(world->proc, O_PATH | O_CLOEXEC));
	process_find_shim(root, &shim);
	if (world->outside)
		root = outside;
	if (process_reset_signals(root, &why) < 0 ||
	    process_make_cwd(&plan, root, &why) < 0 ||
	    process_prepare(&plan, root, proc, &why) < 0)
		say_why(&why);
	if (world->instead) {
		world->instead();
		_exit(0);
	}
	process_exec(&plan, &shim, &nobody, &why);
	say_why(&why);
}

static void start(const struct world *world, int output, int error, int socket)
{
	/* cmocka's handlers would report a child's death as the test's own */
	signal(SIGSEGV, SIG_DFL);
	signal(SIGABRT, SIG_DFL);
	if (dup2(output, STDOUT_FILENO) < 0 || dup2(error, STDERR_FILENO) < 0)
		_exit(STATUS_BROKEN);
	live(world, socket);
}

static int make_file(void)
{
	FILE *file = tmpfile();
	int fd = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 10) : -1;

	assert_true(fd >= 0);
	fclose(file);
	return fd;
}

static void read_back(int fd, char *text, size_t size)
{
	ssize_t length = pread(fd, text, size - 1, 0);

	assert_true(length >= 0);
	text[length] = '\0';
}

void world_run(struct world *world)
{
	autoclose int output = make_file();
	autoclose int error = make_file();
	int pair[2], status;
	pid_t child;

	if (geteuid() != 0) {
		print_message("skipped: it takes root to make a world\n");
		skip();
	}
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				    pair), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		start(world, output, error, pair[1]);
	close(pair[1]);
	map_users(world, child, pair[0]);
	close(pair[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	world->status = WIFEXITED(status) ? WEXITSTATUS(status) :
			128 + WTERMSIG(status);
	read_back(output, world->output, sizeof(world->output));
	read_back(error, world->error, sizeof(world->error));
	if (world->status == STATUS_BROKEN)
		fail_msg("%s", world->error);
}

const char *world_value(struct world *world, const char *key)
{
	static char value[4096];
	size_t length = strlen(key);
	const char *line = world->output;

	while (line) {
		if (strncmp(line, key, length) == 0 &&
		    strchr(" \n", line[length])) {
			line += length + (line[length] == ' ');
			snprintf(value, sizeof(value), "%.*s",
				 (int)strcspn(line, "\n"), line);
			return value;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return NULL;
}

int world_open(void **state)
{
	static char path[] = "/bin/show", *show[] = { path, NULL };
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	world->process.args = show;
	world->process.cwd = "/";
	world->process.umask = 022;
	*state = world;
	return 0;
}

int world_close(void **state)
{
	free(*state);
	return 0;
}
