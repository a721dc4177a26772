/* run_read: plans and bundles, and what is wrong with them */

#include "run_read.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle.h"
#include "document.h"
#include "inherited.h"
#include "namespaces.h"
#include "relay.h"
#include "rootless.h"
#include "utf8.h"

/* Who is told of the faults, and of which file they are. */
struct listener {
	struct plan_faults faults;	/* first: tell_fault() knows this */
	const char *verb;		/* "accept the bundle" */
	const char *file;		/* "config.json" */
};

#define LINE_ROOM 8192

void run_tell(const char *sentence)
{
	static const char name[] = "init-shim-run: ";
	char line[sizeof(name) + LINE_ROOM * 4];
	size_t length = sizeof(name) - 1;

	memcpy(line, name, length);
	length += utf8_visible(line + length, sizeof(line) - length - 1,
			       sentence, strlen(sentence));
	line[length++] = '\n';
	while (write(2, line, length) < 0 && errno == EINTR)
		;
}

void run_tell_blame(const struct launch *launch, const char *sentence,
		    const char *pointer)
{
	const char *end = strstr(sentence, " (plan item ");
	char room[1024], blamed[LINE_ROOM];

	if (!launch || !launch->bundle || !end) {
		run_tell(sentence);
		return;
	}
	snprintf(blamed, sizeof(blamed), "%.*s (config.json item %s)",
		 (int)(end - sentence), sentence,
		 bundle_pointer(pointer, room, sizeof(room)));
	run_tell(blamed);
}

void run_tell_failure(const struct launch *launch, const struct failure *why)
{
	char sentence[LINE_ROOM], pointer[1024];

	run_tell_blame(launch,
		       failure_sentence(why, sentence, sizeof(sentence)),
		       failure_pointer(why, pointer, sizeof(pointer)));
}

static void tell_fault(struct plan_faults *faults, const char *pointer,
		       const char *message)
{
	const struct listener *listener = (struct listener *)faults;
	char sentence[LINE_ROOM];

	if (*pointer)
		snprintf(sentence, sizeof(sentence), "cannot accept the %s: "
			 "%s (%s item %s)", listener->verb, message,
			 listener->file, pointer);
	else
		snprintf(sentence, sizeof(sentence), "cannot accept the %s: "
			 "%s (%s)", listener->verb, message, listener->file);
	run_tell(sentence);
}

static int read_document(struct launch *launch, const char *path,
			 struct listener *listener)
{
	struct failure why = {0};

	launch->document = document_read(path, &listener->faults, &why);
	if (!launch->document && !listener->faults.count)
		run_tell_failure(launch, &why);
	return launch->document ? 0 : -1;
}

static const char *id_of(const struct run_options *opt, const char *bundle)
{
	if (opt->id)
		return opt->id;
	return strrchr(bundle, '/')[1] ? strrchr(bundle, '/') + 1 : "root";
}

static int read_bundle(struct launch *launch, const struct run_options *opt)
{
	struct listener listener = { { .tell = tell_fault }, "bundle",
				     "config.json" };
	struct bundle_use use = {
		.has_terminal = relay_has_terminal(),
		.has_cgroup = opt->cgroup_count,
		.is_rootless = is_rootless(),
	};
	struct failure why = {0};
	char path[PATH_MAX + 16];
	char *bundle = realpath(opt->what, NULL);

	attempt(&why, NULL, WHOLE, "open the bundle", opt->what);
	if (!bundle) {
		failed(&why, "realpath");
		run_tell_failure(launch, &why);
		return -1;
	}
	launch->bundle = bundle;
	use.id = id_of(opt, bundle);
	snprintf(path, sizeof(path), "%s/config.json", bundle);
	if (read_document(launch, path, &listener) < 0)
		return -1;
	return bundle_translate(launch, &use, &listener.faults);
}

static int read_plan(struct launch *launch, const struct run_options *opt)
{
	struct listener listener = { { .tell = tell_fault }, "plan", "plan" };

	if (read_document(launch, opt->what, &listener) < 0)
		return -1;
	launch->plan = launch->document;
	if (document_member(launch->plan, "ociVersion")) {
		run_tell("cannot accept the plan: it is the config.json of an "
			 "OCI bundle; name the bundle's directory");
		return -1;
	}
	namespaces_of_plan(launch);
	return 0;
}

static void options_apply(struct launch *launch, const struct run_options *opt)
{
	cJSON *process;

	if (!opt->keep_fds)
		return;
	process = document_object(launch->plan, "process");
	cJSON_DeleteItemFromObjectCaseSensitive(process, "preserveFds");
	document_add(process, "preserveFds", document_number(opt->keep_fds));
}

int run_read(struct launch *launch, const struct run_options *opt)
{
	struct failure why = {0};
	struct stat st;
	int done;

	if (stat(opt->what, &st) == 0 && S_ISDIR(st.st_mode))
		done = read_bundle(launch, opt);
	else
		done = read_plan(launch, opt);
	if (done < 0)
		return -1;
	if (rootless_apply(launch, opt, &why) < 0) {
		run_tell_failure(launch, &why);
		return -1;
	}
	options_apply(launch, opt);
	inherited_find(launch, opt);
	return 0;
}
