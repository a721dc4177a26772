/* reading: the plan's text is fetched and parsed, its faults are told */

#include "reading.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/text.h"

/* Bytes of a plan's text that may stay. */
#define SMALL ((size_t)64 << 10)

/* Who is told of the faults. */
struct listener {
	struct plan_faults faults;	/* first: plan_parse() knows this */
	struct failure *why;
};

static int fetch(struct text *text, const struct options *opt,
		 struct sync *parent, struct failure *why)
{
	autoclose int file = -1;

	attempt(why, NULL, WHOLE, "read the plan",
		opt->plan_file ? opt->plan_file : "");
	if (opt->socket_fd >= 0)
		return sync_receive_plan(parent, text, why);
	if (opt->plan_fd >= 0)
		return text_read(text, opt->plan_fd, why);
	file = file_open(AT_FDCWD, opt->plan_file, O_RDONLY | O_NOCTTY, why);
	return file < 0 ? -1 : text_read(text, file, why);
}

static void blame(struct failure *why, const char *pointer,
		  const char *message)
{
	format_text(why->blamed, sizeof(why->blamed), "%s", pointer);
	attempt(why, why->blamed, WHOLE, "accept the plan", NULL);
	refused(why, "%s", message);
}

/* A run stops at the first fault. */
static void keep_first(struct plan_faults *faults, const char *pointer,
		       const char *message)
{
	struct listener *listener = (struct listener *)faults;

	if (faults->count == 1)
		blame(listener->why, pointer, message);
}

static void say_each(struct plan_faults *faults, const char *pointer,
		     const char *message)
{
	struct listener *listener = (struct listener *)faults;
	const struct sync nobody = { .fd = -1 };

	blame(listener->why, pointer, message);
	sync_report(&nobody, listener->why);
}

static int parse(struct plan *plan, const struct text *text,
		 struct plan_use use, struct listener *listener)
{
	listener->why->stage = "plan";
	return plan_parse(plan, text->bytes, text->length, use,
			  &listener->faults);
}

/* What the shim or the plan itself has a descriptor for; NULL: nothing. */
static const char *use_of(int fd, const struct plan *plan,
			  const struct options *opt)
{
	size_t i;

	if (fd == opt->socket_fd || fd == opt->sync_fd)
		return "the socket of the parent";
	if (fd == opt->plan_fd)
		return "the plan's";
	if (fd == plan->rootfs.fd)
		return "/rootfs/fd";
	if (fd == plan->process.seccomp.fd)
		return "/process/seccomp/fd";
	for (i = 0; i < plan->mount_count; i++)
		if (fd == plan->mounts[i].source_fd)
			return "a mount's sourceFd";
	return NULL;
}

/*
 * Nothing is open now but what was inherited, and all of what the target shall
 * have must be: so that nothing of the shim's own can come to lie there.
 */
static int check_preserved(const struct plan *plan, const struct options *opt,
			   struct failure *why)
{
	const char *use;
	int fd;

	for (fd = 3; (uint32_t)fd - 3 < plan->process.preserve_fds; fd++) {
		format_text(why->object, sizeof(why->object), "descriptor %d",
			    fd);
		attempt(why, "/process/preserveFds", WHOLE, "preserve",
			why->object);
		if (file_control(fd, F_GETFD, 0) < 0)
			return failed(why, "fcntl");
		use = use_of(fd, plan, opt);
		if (!use)
			continue;
		why->hint = "it needs a number above those that are preserved";
		return refused(why, "it is %s, and not for the target", use);
	}
	return 0;
}

int plan_read(struct plan *plan, const struct options *opt,
	      struct sync *parent, struct failure *why)
{
	struct listener listener = { { .tell = keep_first }, why };
	const struct plan_use use = { .has_sync = parent->fd >= 0 };
	struct text text = { .bytes = NULL };
	int done;

	why->stage = "plan";
	if (fetch(&text, opt, parent, why) < 0)
		return -1;
	done = parse(plan, &text, use, &listener);
	/* a small one is not worth the call: execve(2) frees it */
	if (text.room > SMALL)
		text_free(&text);
	parent->progress = plan->sync.progress;
	if (listener.faults.count > 1)
		why->hint = "there is more: init-shim --check --plan FILE "
			    "tells all";
	return done < 0 ? -1 : check_preserved(plan, opt, why);
}

int plan_tell_faults(struct plan *plan, const struct options *opt,
		     struct failure *why)
{
	struct listener listener = { { .tell = say_each }, why };
	const struct plan_use use = {
		.has_sync = true, .check_only = opt->task == TASK_CHECK,
	};
	struct sync nobody = { .fd = -1 };
	struct text text = { .bytes = NULL };

	why->stage = "plan";
	if (fetch(&text, opt, &nobody, why) < 0)
		return -1;
	return parse(plan, &text, use, &listener) < 0;
}
