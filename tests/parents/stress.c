/*
 * stress SHIM ROOTFS [COUNT [AT-ONCE]]: many containers of one daemon
 *
 * So many threads spawn and wait at once.  A tenth of the containers have a
 * plan that fails, a tenth are killed at a random moment, the others run to
 * their end; half of all are in user namespaces.  Afterwards no descriptor, no
 * child and no mount may be left.  Exits with 0 when all went as it should.
 */

#include <dirent.h>
#include <errno.h>
#include <init-shim.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 60000		/* milliseconds, until something hangs */
#define USERS 100000
#define ROUND 10

enum fate {
	RUNS,
	FAILS,
	IS_KILLED,
};

/* By the number of the container, modulo ten. */
static const enum fate fates[ROUND] = { [3] = FAILS, [7] = IS_KILLED };

/* Members of plans that fail at different stages, and those stages. */
static const struct {
	const char *members;
	const char *stage;
} broken[] = {
	{ "\"version\": 1, \"process\": {\"args\": [\"/none\"]}", "exec" },
	{ "\"version\": 1, \"process\": {\"args\": []}", "plan" },
	{ "\"version\": 2", "plan" },
	{ "\"version\": 1, \"process\": {\"args\": [\"/bin/show\"]}, "
	  "\"mounts\": [{\"destination\": \"/tmp\", \"type\": \"tmpfs\", "
	  "\"options\": [\"size=x\"]}]", "mounts" },
	{ "\"version\": 1, \"process\": {\"args\": [\"/bin/show\"]}, "
	  "\"maskedPaths\": [\"none\"]", "plan" },
};

#define BROKEN (sizeof(broken) / sizeof(broken[0]))

static struct init_shim *shim;
static const char *rootfs;
static unsigned count = 1000;
static atomic_uint taken;
static atomic_uint counts[3];
static atomic_uint wrong;

static void tell(unsigned number, const char *what,
		 const struct init_shim_error *error)
{
	fprintf(stderr, "container %u: %s: %s\n", number, what,
		error ? error->message : "no error");
	wrong++;
}

/* In user namespaces the files of the rootfs must be theirs: none is made. */
static void write_plan(char *plan, size_t size, unsigned number)
{
	static const char good[] = "\"version\": 1, \"process\": "
		"{\"args\": [\"/bin/show\", \"stat\", \"/\"]}";
	const char *members = fates[number % ROUND] == FAILS
		? broken[number / ROUND % BROKEN].members : good;

	snprintf(plan, size, "{%s, \"rootfs\": {\"path\": \"%s\"}, "
		 "\"devices\": [], %s\"namespaces\": [\"mount\", \"pid\", "
		 "\"ipc\", \"uts\"%s]}", members, rootfs,
		 strstr(members, "mounts") ? "" : "\"mounts\": [{"
		 "\"destination\": \"/dev\", \"type\": \"tmpfs\"}], ",
		 number % 2 ? ", \"user\"" : "");
}

/* Returns 1: it runs; 0: it failed, and so it should; -1: told. */
static int talk(struct init_shim_container *container, unsigned number)
{
	struct init_shim_message message = { .fd = -1 };
	struct init_shim_error *error = NULL;
	enum fate fate = fates[number % ROUND];
	int got;

	do {
		got = init_shim_next(container, PATIENCE, &message, &error);
		if (got > 0 && message.event == INIT_SHIM_HOOKS)
			init_shim_resume(container, NULL);
	} while (got > 0 && message.event != INIT_SHIM_RUNNING);
	if (got > 0 && fate == FAILS)
		tell(number, "it runs, and should have failed", NULL);
	else if (got < 0 && fate == RUNS)
		tell(number, "it failed", error);
	else if (got < 0 && fate == FAILS &&
		 strcmp(error->stage, broken[number / ROUND % BROKEN].stage))
		tell(number, "it failed at another stage", error);
	else if (got == 0)
		tell(number, "nothing was heard of it", NULL);
	else
		got = got > 0 ? 1 : 0;
	init_shim_error_free(error);
	return got;
}

static void pause_a_moment(unsigned microseconds)
{
	const struct timespec time = { .tv_nsec = microseconds * 1000L };

	nanosleep(&time, NULL);
}

/* At a moment of its life that nobody chose. */
static void kill_one(struct init_shim_container *container, unsigned number,
		     unsigned *random)
{
	unsigned moment = (unsigned)rand_r(random);
	siginfo_t ended;
	int pidfd;

	pause_a_moment(moment % 4000);
	if (moment & 0x10000) {
		init_shim_kill(container, SIGKILL, NULL);
		talk(container, number);
		init_shim_wait(container, PATIENCE, NULL, NULL);
		init_shim_free(container);
		return;
	}
	/* it is let go: a target that runs by now ends by itself, our child */
	pidfd = dup(init_shim_pidfd(container));
	init_shim_free(container);
	waitid((idtype_t)P_PIDFD, (id_t)pidfd, &ended, WEXITED);
	close(pidfd);
}

static void wait_for(struct init_shim_container *container, unsigned number)
{
	int expected = fates[number % ROUND] == FAILS ? 125 : 0;
	struct init_shim_error *error = NULL;
	struct init_shim_status status;
	int got = init_shim_wait(container, PATIENCE, &status, &error);

	if (number % ROUND == 3 && number / ROUND % BROKEN == 0)
		expected = 127;
	if (got <= 0)
		tell(number, "it did not end", error);
	else if (status.exit_code != expected)
		tell(number, "it ended with another status", NULL);
	init_shim_error_free(error);
}

static void run_one(unsigned number, unsigned *random)
{
	const struct init_shim_map map = { 0, USERS, 65536 };
	struct init_shim_error *error = NULL;
	struct init_shim_container *container;
	char plan[2048];
	const struct init_shim_how how = {
		.plan = plan, .quiet = 1, .timeout = PATIENCE,
		.uid_maps = &map, .uid_map_count = 1,
		.gid_maps = &map, .gid_map_count = 1,
	};

	write_plan(plan, sizeof(plan), number);
	container = init_shim_spawn(shim, &how, &error);
	counts[fates[number % ROUND]]++;
	if (!container) {
		tell(number, "it was not spawned", error);
		init_shim_error_free(error);
		return;
	}
	if (fates[number % ROUND] == IS_KILLED) {
		kill_one(container, number, random);
		return;
	}
	if (talk(container, number) >= 0)
		wait_for(container, number);
	init_shim_free(container);
}

static void *run_some(void *seed)
{
	unsigned random = (unsigned)(size_t)seed;
	unsigned number;

	while ((number = taken++) < count)
		run_one(number, &random);
	return NULL;
}

static unsigned count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned entries = 0;

	while (dir && readdir(dir))
		entries++;
	if (dir)
		closedir(dir);
	return entries;
}

static unsigned count_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	unsigned lines = 0;
	int c;

	while (file && (c = getc(file)) != EOF)
		lines += c == '\n';
	if (file)
		fclose(file);
	return lines;
}

static void run_all(unsigned at_once)
{
	pthread_t threads[at_once];
	unsigned i;

	for (i = 0; i < at_once; i++)
		if (pthread_create(&threads[i], NULL, run_some,
				   (void *)(size_t)(i + 1)) != 0)
			exit(2);
	for (i = 0; i < at_once; i++)
		pthread_join(threads[i], NULL);
}

static void must_be_the_same(const char *what, unsigned before,
			     unsigned after)
{
	if (before == after)
		return;
	fprintf(stderr, "%u %s before, %u after\n", before, what, after);
	wrong++;
}

int main(int argc, char **argv)
{
	unsigned at_once = argc > 4 ? (unsigned)atoi(argv[4]) : 50;
	struct init_shim_error *error = NULL;
	unsigned descriptors, mounts;

	if (argc < 3)
		return 2;
	if (argc > 3)
		count = (unsigned)atoi(argv[3]);
	rootfs = argv[2];
	descriptors = count_entries("/proc/self/fd");
	mounts = count_mounts();
	shim = init_shim_open(argv[1], &error);
	if (!shim) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	run_all(at_once);
	init_shim_close(shim);
	must_be_the_same("descriptors", descriptors,
			 count_entries("/proc/self/fd"));
	must_be_the_same("mounts", mounts, count_mounts());
	if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD) {
		fprintf(stderr, "children are left\n");
		wrong++;
	}
	printf("%u ran, %u failed, %u were killed, %u went wrong\n",
	       counts[RUNS], counts[FAILS], counts[IS_KILLED], wrong);
	return wrong != 0;
}
