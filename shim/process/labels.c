/* labels: what security modules and the kernel's keys know the target by */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "fd.h"
#include "format.h"
#include "kernel/proc.h"
#include "kernel/task.h"
#include "process/steps.h"

/* What execve(2) will do, in a word of the thread that calls it. */
static const char exec_file[] = "self/attr/exec";

/*
 * User, role and type; behind them are levels and categories, which the kernel
 * writes in its own way: "c3,c1,c2" as "c1.c3".
 */
static bool is_same_context(const char *planned, const char *is)
{
	int colons = 0;

	for (; *is && *planned == *is; planned++, is++)
		if (*is == ':' && ++colons == 3)
			return true;
	return *planned == *is;
}

/*
 * "name", "name (enforce)", and the like with more profiles "//&" around it
 * or the path of a namespace before it.
 */
static bool is_of_profile(const char *planned, const char *is)
{
	const char *name = planned + strlen(planned), *at;
	size_t length;

	while (name > planned && !strchr("&:", name[-1]))
		name--;
	name += strspn(name, "/");
	length = strlen(name);
	for (at = is; *at && (at = strstr(at, name)); at++)
		if ((at == is || strchr("/&:", at[-1])) &&
		    (!at[length] || strchr(" \n/", at[length])))
			return true;
	return false;
}

/* Asked means done: what was written is what is read, or nobody goes on. */
static int verify(int proc, const char *file, const char *planned,
		  bool (*is_it)(const char *planned, const char *is),
		  struct failure *why)
{
	char text[PATH_MAX];

	if (proc_read(proc, file, text, sizeof(text), why) < 0)
		return -1;
	if (is_it(planned, text))
		return 0;
	return refused(why, "the kernel took it, and says \"%s\"", text);
}

static int set_selinux(const char *label, int proc, struct failure *why)
{
	attempt(why, "/process/selinuxLabel", WHOLE, "set the label", label);
	if (proc_write(proc, exec_file, label, why) == 0)
		return verify(proc, exec_file, label, is_same_context, why);
	if (why->error == EINVAL)
		why->hint = "the SELinux policy has no such label, or the "
			    "kernel runs without SELinux";
	else if (why->error == EACCES)
		why->hint = "the policy does not let the shim's own domain "
			    "setexec";
	return -1;
}

/* Linux before 5.1 has one file for whichever module there is. */
static const char *apparmor_file(int proc, struct failure *why)
{
	static const char file[] = "self/attr/apparmor/exec";
	autoclose int fd = proc_open_file(proc, file, O_WRONLY, why);

	return fd < 0 ? exec_file : file;
}

static int set_apparmor(const char *profile, int proc, struct failure *why)
{
	const char *file = apparmor_file(proc, why);
	char command[PATH_MAX];

	attempt(why, "/process/apparmorProfile", WHOLE, "set the profile",
		profile);
	if (format_text(command, sizeof(command), "exec %s", profile) >=
	    sizeof(command))
		return failed_as(why, "write", ENAMETOOLONG);
	if (proc_write(proc, file, command, why) == 0)
		return verify(proc, file, profile, is_of_profile, why);
	if (why->error == ENOENT)
		why->hint = "no profile of this name is loaded";
	else if (why->error == EINVAL)
		why->hint = "the kernel runs without AppArmor";
	else if (why->error == EACCES)
		why->hint = "the shim is confined itself, by a profile "
			    "without a rule change_profile for it";
	return -1;
}

/*
 * One without a name: nobody can have made it before, as runc's named ones,
 * and nobody else can join it.  The label is for this alone, execve(2) ends it.
 */
static int join_keyring(const char *label, int proc, struct failure *why)
{
	attempt(why, "/process/sessionKeyring", WHOLE, "make a session keyring",
		NULL);
	if (label && proc_write(proc, "self/attr/keycreate", label, why) < 0)
		return -1;
	return task_join_keyring(why);
}

int labels_set(const struct process_plan *process, int proc,
	       struct failure *why)
{
	if ((process->selinux_label &&
	     set_selinux(process->selinux_label, proc, why) < 0) ||
	    (process->apparmor_profile &&
	     set_apparmor(process->apparmor_profile, proc, why) < 0) ||
	    (process->session_keyring &&
	     join_keyring(process->selinux_label, proc, why) < 0))
		return -1;
	return 0;
}
