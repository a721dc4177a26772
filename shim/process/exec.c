/* exec: which file the target is, and why it could not be become */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"
#include "kernel/file.h"
#include "process/process.h"
#include "process/refusal.h"
#include "process/seccomp.h"
#include "process/steps.h"
#include "sync/sync.h"

/* of an env without PATH: what the OCI runtimes' sample plans have */
#define DEFAULT_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

void process_find_shim(int outside, struct program *shim)
{
	struct stat st;

	*shim = (struct program){ .inode = 0 };
	if (file_stat(outside, "proc/self/exe", &st, 0) < 0)
		return;
	shim->device = st.st_dev;
	shim->inode = st.st_ino;
}

/*
 * An image may name "/proc/self/exe" as its program, by a symlink: then the
 * target is the shim's own file, which on the host is one to write to, once
 * it no longer runs.  CVE-2019-5736.
 */
static bool is_shim(const struct program *shim, const struct stat *file)
{
	return shim->inode && file->st_ino == shim->inode &&
	       file->st_dev == shim->device;
}

/* What is to be become, and who is told where that fails. */
struct target {
	const struct process_plan *process;
	const struct program *shim;
	struct sync *parent;
};

/* A file that may be the target, and what came of it. */
struct candidate {
	char path[PATH_MAX];
	struct stat file;
	bool is_there;
	int error;
};

/* The same under a filter. */
struct trial {
	struct last_call call;	/* first: blame() knows this */
	struct candidate *candidate;
	const struct program *shim;
};

/* Returns whether the path fits; it is skipped otherwise, as execvp(3) does. */
static bool name_candidate(struct candidate *candidate, const char *directory,
			   size_t length, const char *name)
{
	return format_text(candidate->path, sizeof(candidate->path),
			   "%.*s%s%s", (int)length, directory,
			   length ? "/" : "", name) < sizeof(candidate->path);
}

/* Of a candidate that is there, or cannot be reached. */
static int cannot_execute(const struct candidate *candidate,
			  const struct program *shim, struct failure *why)
{
	why->status = EXIT_NOT_EXECUTABLE;
	if (candidate->is_there && is_shim(shim, &candidate->file))
		return refused(why, "%s is the file that the shim runs from",
			       candidate->path);
	if (candidate->is_there)
		refusal_explain(candidate->path, candidate->error, why);
	else if (candidate->error == EACCES)
		why->hint = "this user may not search a directory on the way "
			    "to it";
	failed_as(why, "execve", candidate->error);
	if (strchr(why->path, '/'))
		return -1;
	/* the sentence has the name already, not where PATH led */
	return explained(why, "%s", candidate->path);
}

/* As cannot_execute(), of what has failed under the filter. */
static int blame(const struct last_call *call, int error)
{
	struct candidate *candidate = ((const struct trial *)call)->candidate;

	attempt(call->why, "/process/args", 0, "execute", call->args[0]);
	candidate->error = error;
	return cannot_execute(candidate, ((const struct trial *)call)->shim,
			      call->why);
}

/*
 * Become it under the filter.  What can be asked is asked before, so that the
 * search goes on; what execve(2) itself finds wrong ends it.
 */
static int become_filtered(struct candidate *candidate,
			   const struct target *target, char *const *env,
			   struct failure *why)
{
	struct trial trial = {
		.call = {
			.seccomp = &target->process->seccomp,
			.parent = target->parent,
			.why = why,
			.path = candidate->path,
			.args = target->process->args,
			.env = env,
			.blame = blame,
		},
		.candidate = candidate,
		.shim = target->shim,
	};

	if (file_may_execute(candidate->path) == 0)
		return seccomp_exec(&trial.call);
	candidate->error = errno;
	return 0;
}

/* Become the candidate, or note why not; -1 with *why: nothing else helps. */
static int become(struct candidate *candidate, const struct target *target,
		  struct failure *why)
{
	const struct process_plan *process = target->process;
	char *const *env = process->env.items;

	/*
	 * Where stat(2) finds nothing execve(2) would not, by the same error.
	 * An absolute path begins at no descriptor.
	 */
	candidate->is_there = file_stat(candidate->path[0] == '/' ? -1 :
					AT_FDCWD, candidate->path,
					&candidate->file, 0) == 0;
	if (candidate->is_there && is_shim(target->shim, &candidate->file)) {
		candidate->error = EACCES;
		return 0;
	}
	if (candidate->is_there && sync_look(target->parent, why) < 0) {
		why->status = EXIT_SHIM;
		return -1;
	}
	if (candidate->is_there && process->seccomp.program.length)
		return become_filtered(candidate, target, env, why);
	if (candidate->is_there)
		execve(candidate->path, process->args, env);
	candidate->error = errno;
	return 0;
}

static bool is_absent(const struct candidate *candidate)
{
	return !candidate->is_there && (candidate->error == ENOENT ||
					candidate->error == ENOTDIR);
}

static int exec_path(const char *path, const struct target *target,
		     struct failure *why)
{
	struct candidate candidate;

	why->status = EXIT_NOT_FOUND;
	if (!name_candidate(&candidate, "", 0, path))
		return failed_as(why, "execve", ENAMETOOLONG);
	if (become(&candidate, target, why) < 0)
		return -1;
	if (!is_absent(&candidate))
		return cannot_execute(&candidate, target->shim, why);
	return failed_as(why, "execve", candidate.error);
}

/*
 * As execvp(3): what is missing or may not be executed leads on to the next
 * directory, an empty one is the working directory.
 */
static int exec_name(const char *name, const struct target *target,
		     struct failure *why)
{
	const char *search = environment_value(&target->process->env, "PATH=");
	const char *directory, *end;
	struct candidate candidate, first;

	if (!search)
		search = DEFAULT_PATH;
	directory = search;
	first.error = 0;
	do {
		end = strchrnul(directory, ':');
		if (!name_candidate(&candidate, directory,
				    (size_t)(end - directory), name))
			continue;
		if (become(&candidate, target, why) < 0)
			return -1;
		if (is_absent(&candidate))
			continue;
		if (!first.error)
			first = candidate;
		if (candidate.error != EACCES && candidate.error != ENOENT)
			break;
	} while (directory = end + 1, *end);

	if (first.error)
		return cannot_execute(&first, target->shim, why);
	why->status = EXIT_NOT_FOUND;
	errno = ENOENT;
	return failed_because(why, "execve", "no directory of PATH has it: %s",
			      search);
}

/* What the parent passes on, which the shim has taken care not to. */
static int keep_descriptors(const struct process_plan *process,
			    struct failure *why)
{
	int fd;

	attempt(why, "/process/preserveFds", WHOLE, "preserve", "descriptors");
	for (fd = 3; (uint32_t)fd - 3 < process->preserve_fds; fd++)
		if (file_control(fd, F_SETFD, 0) < 0)
			return failed(why, "fcntl");
	environment_name_listener(process);
	return 0;
}

int process_exec(const struct plan *plan, const struct program *shim,
		 struct sync *parent, struct failure *why)
{
	const struct target target = { &plan->process, shim, parent };
	const char *name = plan->process.args[0];

	why->stage = "exec";
	if (keep_descriptors(&plan->process, why) < 0)
		return -1;
	attempt(why, "/process/args", 0, "execute", name);
	if (strchr(name, '/'))
		exec_path(name, &target, why);
	else
		exec_name(name, &target, why);
	if (why->error == EPERM && !why->hint &&
	    (plan->process.selinux_label || plan->process.apparmor_profile))
		why->hint = "the label may be refused as a new privilege: "
			    "AppArmor takes a stack then, as \"&NAME\"";
	return -1;
}
