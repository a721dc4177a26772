/* grounds: tmpfs, ext4 and overlay */

#include "grounds.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"

#define IMAGE_SIZE (48 << 20)

/* <linux/loop.h>, which is not musl's */
#define LOOP_CTL_GET_FREE 0x4c82
#define LOOP_SET_FD 0x4c00
#define LOOP_SET_STATUS64 0x4c04
#define LO_FLAGS_AUTOCLEAR 4

struct loop_info64 {
	uint64_t device, inode, rdevice, offset, size_limit;
	uint32_t number, encrypt_type, encrypt_key_size, flags;
	uint8_t file_name[64], crypt_name[64], encrypt_key[32];
	uint64_t init[2];
};

static char loop[32];		/* "/dev/loop0"; "" where there is none */
static int device = -1;		/* which keeps it */

static bool make_filesystem(int image)
{
	char path[64];
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), image);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 1);
		dup2(null, 2);
		execlp("mkfs.ext4", "mkfs.ext4", "-q", "-F", "-O",
		       "^has_journal", path, NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

/* Another may take the free one before us: then the next. */
static bool attach(int control, int image)
{
	const struct loop_info64 info = { .flags = LO_FLAGS_AUTOCLEAR };
	int tries;

	for (tries = 0; tries < 10; tries++) {
		int number = ioctl(control, LOOP_CTL_GET_FREE);

		snprintf(loop, sizeof(loop), "/dev/loop%d", number);
		device = number < 0 ? -1 : open(loop, O_RDWR | O_CLOEXEC);
		if (device >= 0 && ioctl(device, LOOP_SET_FD, image) == 0)
			return ioctl(device, LOOP_SET_STATUS64, &info) == 0;
		fd_close(&device);
	}
	return false;
}

const char *ground_ext4_prepare(void)
{
	autoclose int image = memfd_create("ext4", MFD_CLOEXEC);
	autoclose int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	if (geteuid() != 0)
		return "it takes root";
	if (image < 0 || ftruncate(image, IMAGE_SIZE) < 0 ||
	    !make_filesystem(image))
		return "mkfs.ext4 does not work here";
	if (control < 0 || !attach(control, image)) {
		loop[0] = '\0';
		return "there are no loop devices";
	}
	return NULL;
}

bool ground_has_ext4(void)
{
	return loop[0];
}

int ground_tmpfs(void)
{
	return mount("box", "/tmp", "tmpfs", 0, "mode=755");
}

/* One filesystem for all, a directory of it for each. */
int ground_ext4(void)
{
	static unsigned number;
	char path[64];

	if (mount(loop, "/tmp", "ext4", 0, NULL) < 0)
		return -1;
	snprintf(path, sizeof(path), "/tmp/%u", number++);
	if (mkdir(path, 0755) < 0)
		return -1;
	return mount(path, "/tmp", NULL, MS_BIND, NULL);
}

int ground_overlay(void)
{
	if (ground_tmpfs() < 0 || mkdir("/tmp/lower", 0755) < 0 ||
	    mkdir("/tmp/upper", 0755) < 0 || mkdir("/tmp/work", 0755) < 0)
		return -1;
	return mount("box", "/tmp", "overlay", 0, "lowerdir=/tmp/lower,"
		     "upperdir=/tmp/upper,workdir=/tmp/work");
}
