/* racer: the shapes, and the process that turns them */

#include "racer.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "threats.h"

#define RACE BOX_ROOTFS "/race"
#define EXCHANGE 2		/* RENAME_EXCHANGE */
#define FUTEX_WAIT 0
#define FUTEX_WAKE 1

static void exchange(const char *one, const char *other)
{
	syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, EXCHANGE);
}

static void turn_absolute(void)
{
	exchange(RACE "/dir", RACE "/absolute");
}

static void turn_relative(void)
{
	exchange(RACE "/dir", RACE "/relative");
}

static void move_out(void)
{
	rename(RACE "/dir/below", THREATS_YARD "/below");
}

static void move_back(void)
{
	rename(THREATS_YARD "/below", RACE "/dir/below");
}

/* What is last is a file, a link, a fifo, or nothing. */
static void turn_last(void)
{
	exchange(RACE "/dir/last", RACE "/to-file");
	exchange(RACE "/dir/last", RACE "/fifo");
	rename(RACE "/dir/last", RACE "/away");
}

static void turn_last_back(void)
{
	/* what was made in its place, if anything, goes */
	rename(RACE "/away", RACE "/dir/last");
	exchange(RACE "/dir/last", RACE "/fifo");
	exchange(RACE "/dir/last", RACE "/to-file");
}

static void mount_volume(void)
{
	mount("volume", THREATS_VOLUME, "tmpfs", 0, NULL);
}

static void umount_volume(void)
{
	umount2(THREATS_VOLUME, MNT_DETACH);
}

static void close_parent(void)
{
	chmod(RACE "/dir", 0);
}

static void open_parent(void)
{
	chmod(RACE "/dir", 0755);
}

/* What was made a moment ago is a link already, when it is looked at. */
static void turn_made(void)
{
	exchange(RACE "/dir/made", RACE "/to-dir");
}

static void turn_made_back(void)
{
	struct stat st;

	if (lstat(RACE "/dir/made", &st) == 0 && S_ISLNK(st.st_mode))
		exchange(RACE "/dir/made", RACE "/to-dir");
	unlink(RACE "/dir/made");
	rmdir(RACE "/dir/made");
}

static void turn_null(void)
{
	exchange(BOX_ROOTFS "/dev/null", RACE "/evil");
}

const struct shape shapes[SHAPES + 1] = {
	{ "an absolute link", "/race/dir", true, turn_absolute,
	  turn_absolute },
	{ "a relative link", "/race/dir", true, turn_relative, turn_relative },
	{ "a link one level above", "/race/dir/deep", true, turn_absolute,
	  turn_absolute },
	{ "moved outside", "/race/dir/below/..", false, move_out, move_back },
	{ "another file each time", "/race/dir", false, turn_last,
	  turn_last_back },
	{ "a volume mounted", "/race/dir", true, mount_volume,
	  umount_volume },
	{ "a parent closed", "/race/dir", true, close_parent, open_parent },
	{ "a link, as soon as it is made", "/race/dir", false, turn_made,
	  turn_made_back },
	[SHAPE_NULL] = { "another null device", "/dev", false, turn_null,
			 turn_null },
};

/* What racer and starter share. */
static struct {
	_Atomic int hold;	/* a futex(2) */
	_Atomic int held;
	_Atomic unsigned long turns;
	_Atomic unsigned race;	/* its number */
	size_t shape;
	unsigned pause;		/* microseconds between turns */
	pid_t starter;
} *shared;
static bool racing;

/* The last processor, if there are two: the shim has the others. */
static void take_a_processor(void)
{
	cpu_set_t set;
	size_t cpu;

	if (sched_getaffinity(0, sizeof(set), &set) < 0 ||
	    CPU_COUNT(&set) < 2)
		return;
	for (cpu = CPU_SETSIZE - 1; !CPU_ISSET(cpu, &set); cpu--)
		;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void wait_a_while(unsigned microseconds)
{
	if (microseconds)
		usleep(microseconds);
}

/* To where the starter is: each scene has a mount namespace of its own. */
static void follow_starter(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", shared->starter);
	autoclose int there = open(path, O_RDONLY | O_CLOEXEC);

	if (there >= 0)
		setns(there, CLONE_NEWNS);
}

static void stay_held(unsigned *race)
{
	while (shared->hold) {
		const struct timespec second = { .tv_sec = 1 };

		shared->held = 1;
		syscall(SYS_futex, &shared->hold, FUTEX_WAIT, 1, &second);
		if (kill(shared->starter, 0) < 0)
			_exit(0);
	}
	if (*race != shared->race)
		follow_starter();
	*race = shared->race;
}

static _Noreturn void serve(void)
{
	unsigned race = 0;

	take_a_processor();
	/* as precise as a sleep can be */
	prctl(PR_SET_TIMERSLACK, 1);
	for (;;) {
		const struct shape *shape;

		if (shared->hold)
			stay_held(&race);
		shape = &shapes[shared->shape];
		shape->turn();
		wait_a_while(shared->pause);
		shape->back();
		wait_a_while(shared->pause);
		if (++shared->turns % 64 == 0 &&
		    kill(shared->starter, 0) < 0)
			_exit(0);
	}
}

/* Nobody's child: box.h counts those that are left, and kills them. */
void racer_prepare(void)
{
	pid_t between;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	shared->hold = 1;
	shared->starter = getpid();
	between = fork();
	if (between == 0) {
		if (fork() == 0)
			serve();
		_exit(0);
	}
	assert_true(between > 0);
	assert_int_equal(waitpid(between, NULL, 0), between);
	racer_hold();
}

void racer_start(const struct shape *shape, unsigned microseconds)
{
	racer_hold();
	shared->shape = (size_t)(shape - shapes);
	shared->pause = microseconds;
	shared->turns = 0;
	shared->race++;
	racing = true;
}

void racer_stop(void)
{
	racer_hold();
	racing = false;
}

void racer_hold(void)
{
	shared->held = 0;
	shared->hold = 1;
	while (!shared->held) {
		syscall(SYS_futex, &shared->hold, FUTEX_WAKE, 1);
		usleep(20);
	}
}

void racer_go(void)
{
	if (!racing)
		return;
	shared->hold = 0;
	syscall(SYS_futex, &shared->hold, FUTEX_WAKE, 1);
}

unsigned long racer_turns(void)
{
	return shared->turns;
}
