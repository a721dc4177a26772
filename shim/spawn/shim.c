/* shim: the shim in a file that nobody can write */

#include "spawn/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "spawn/error.h"

/* <linux/memfd.h>, <linux/fcntl.h>: Linux 6.3 */
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

#ifndef INIT_SHIM_PATH
#define INIT_SHIM_PATH "/sbin/init-shim"
#endif

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)

/* Before Linux 6.3 there is no flag, and every file can be executed. */
static int make_file(void)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("init-shim", flags | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("init-shim", flags);
	return fd;
}

static int copy_all(int to, int from, size_t size, struct failure *why)
{
	while (size) {
		ssize_t copied = sendfile(to, from, NULL, size);

		if (copied < 0 && errno == EINTR)
			continue;
		if (copied < 0)
			return failed(why, "sendfile");
		if (copied == 0)
			return refused(why, "it became smaller meanwhile");
		size -= (size_t)copied;
	}
	return 0;
}

static int seal(const char *path, struct failure *why)
{
	autoclose int from = open(path, O_RDONLY | O_CLOEXEC);
	autoclose int to = -1;
	struct stat file;

	if (from < 0)
		return failed(why, "open");
	if (fstat(from, &file) < 0)
		return failed(why, "fstat");
	if (!S_ISREG(file.st_mode))
		return refused(why, "it is no regular file");
	to = make_file();
	if (to < 0) {
		if (errno == EACCES)
			why->hint = "vm.memfd_noexec must not be 2";
		return failed(why, "memfd_create");
	}
	if (copy_all(to, from, (size_t)file.st_size, why) < 0)
		return -1;
	if (fchmod(to, 0555) < 0)
		return failed(why, "fchmod");
	if (fcntl(to, F_ADD_SEALS, SEALS) < 0)
		return failed(why, "fcntl");
	return take(&to);
}

static int open_both(struct init_shim *shim, const char *path,
		     struct failure *why)
{
	attempt(why, NULL, WHOLE, "open the shim", path);
	shim->program = seal(path, why);
	if (shim->program < 0)
		return -1;
	attempt(why, NULL, WHOLE, "open", "/dev/null");
	shim->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	return shim->null < 0 ? failed(why, "open") : 0;
}

struct init_shim *init_shim_open(const char *path,
				 struct init_shim_error **error)
{
	struct init_shim *shim = malloc(sizeof(*shim));
	struct failure why = { .stage = "spawn" };

	if (!shim) {
		attempt(&why, NULL, WHOLE, "open the shim", NULL);
		failed(&why, "malloc");
		error_tell(error, &why);
		return NULL;
	}
	*shim = (struct init_shim){ .program = -1, .null = -1 };
	if (open_both(shim, path ? path : INIT_SHIM_PATH, &why) < 0) {
		error_tell(error, &why);
		init_shim_close(shim);
		return NULL;
	}
	return shim;
}

void init_shim_close(struct init_shim *shim)
{
	if (!shim)
		return;
	fd_close(&shim->program);
	fd_close(&shim->null);
	free(shim);
}
