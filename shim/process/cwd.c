/* cwd: made and entered by descriptor, and seen to be inside the root */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/file.h"
#include "kernel/path.h"
#include "process/process.h"
#include "process/steps.h"

int cwd_enter(const char *cwd, int directory, struct failure *why)
{
	attempt(why, "/process/cwd", WHOLE, "enter", cwd);
	return file_enter(directory, why) < 0 ? -1 : path_verify_cwd(why);
}

/* It is there, and inside, without asking: for the most plans. */
static bool is_root(const char *cwd)
{
	return strcmp(cwd, "/") == 0;
}

int process_make_cwd(const struct plan *plan, int root, struct failure *why)
{
	const char *cwd = plan->process.cwd;
	autoclose int directory = -1;

	why->stage = "process";
	attempt(why, "/process/cwd", WHOLE, "make", cwd);
	if (is_root(cwd))
		return 0;
	directory = path_make_dir(root, cwd, 0755, why);
	return directory < 0 ? -1 : 0;
}

int cwd_open(const char *cwd, int root, int *later, struct failure *why)
{
	autoclose int directory = -1;

	attempt(why, "/process/cwd", WHOLE, "enter", cwd);
	if (is_root(cwd))
		return file_enter(root, why);
	/* made again, where it was renamed since */
	directory = path_make_dir(root, cwd, 0755, why);
	if (directory < 0)
		return -1;
	/* as root first: what only root may enter is entered, as in runc */
	if (cwd_enter(cwd, directory, why) == 0)
		return 0;
	if (why->error != EACCES)
		return -1;
	*later = take(&directory);
	return 0;
}
