/* read_process: the target, as the plan wants it */

#include <stddef.h>
#include <string.h>

#include "later.h"
#include "sense.h"
#include "shapes.h"

#define DEFAULT_UMASK 022

static const struct range any_long = { 0, UINT64_MAX };
static const struct range umask_bits = { 0, 0777 };
static const struct range oom_score = { -1000, 1000 };
static const struct range fd_count = { 0, INT32_MAX };

/* The process, and what is read of it for a later version. */
struct draft {
	struct process_plan process;
	struct later later;
};

#define FIELD(name) .offset = offsetof(struct process_plan, name)

static const struct row user_rows[] = {
	{ "uid", read_number, .range = &any_id, FIELD(uid) },
	{ "gid", read_number, .range = &any_id, FIELD(gid) },
	{ "additionalGids", read_numbers, .range = &any_id, FIELD(groups) },
	{ "umask", read_number, .range = &umask_bits, FIELD(umask) },
};
static const struct shape user_shape = SHAPE(user_rows, struct process_plan);

#undef FIELD

#define SET(name, key) \
	[name] = { key, read_bits, .words = &capabilities, \
		   .offset = name * sizeof(uint64_t) }

static const struct row capability_rows[] = {
	SET(CAPS_BOUNDING, "bounding"),
	SET(CAPS_EFFECTIVE, "effective"),
	SET(CAPS_PERMITTED, "permitted"),
	SET(CAPS_INHERITABLE, "inheritable"),
	SET(CAPS_AMBIENT, "ambient"),
};

static const cJSON *member_find(const cJSON *object, const char *key)
{
	const cJSON *child = object->child;

	while (child && strcmp(child->string, key) != 0)
		child = child->next;
	return child;
}

/* Every capability of the one set must be in the other, or blame it. */
static void is_within(struct reader *r, const cJSON *value,
		      const uint64_t *sets, enum capability_set small,
		      enum capability_set large)
{
	const char *key = capability_rows[small].key;
	const cJSON *list = member_find(value, key), *child;
	const struct word *word;
	size_t i = 0;

	if (!list || !(sets[small] & ~sets[large]))
		return;
	for (child = list->child; child; child = child->next, i++) {
		word = word_find(&capabilities, child->valuestring);
		if (!(sets[large] >> word->value & 1))
			entry_fault(r, key, i, "%s must be in \"%s\" too",
				    QUOTE(child->valuestring),
				    capability_rows[large].key);
	}
}

/*
 * The kernel would refuse these: capset(2), prctl(2) PR_CAP_AMBIENT.  Ambient
 * ones that are not inheritable are planned by the OCI runtimes' own "spec",
 * which leave them out then: process/capabilities.c.
 */
static void capabilities_finish(struct reader *r, const cJSON *value,
				void *object, struct seen seen)
{
	const uint64_t *sets = object;

	if (seen.faulty)
		return;
	is_within(r, value, sets, CAPS_EFFECTIVE, CAPS_PERMITTED);
	is_within(r, value, sets, CAPS_AMBIENT, CAPS_PERMITTED);
}

static const struct shape capabilities_shape =
	SHAPE(capability_rows, uint64_t[CAPS_SETS],
	      .finish = capabilities_finish);

#define FIELD(name) .offset = offsetof(struct resource_limit, name)

static const struct row limit_rows[] = {
	{ "type", read_word, .words = &resources, .required = true,
	  FIELD(resource) },
	{ "soft", read_long, .range = &any_long, .required = true,
	  FIELD(soft) },
	{ "hard", read_long, .range = &any_long, .required = true,
	  FIELD(hard) },
};

#undef FIELD

static void limit_begin(struct reader *r, void *object)
{
	struct resource_limit *limit = object;

	(void)r;
	limit->resource = -1;
}

static void limit_finish(struct reader *r, const cJSON *value, void *object,
			 struct seen seen)
{
	struct resource_limit *limit = object;

	(void)value;
	if (!seen.faulty && seen.given == 7 && limit->soft > limit->hard)
		member_fault(r, "soft",
			     "must be at most the hard limit, %llu, is %llu",
			     (unsigned long long)limit->hard,
			     (unsigned long long)limit->soft);
}

static const struct shape limit_shape =
	SHAPE(limit_rows, struct resource_limit,
	      .begin = limit_begin, .finish = limit_finish);

static void process_begin(struct reader *r, void *object)
{
	struct draft *draft = object;

	(void)r;
	draft->process.cwd = "/";
	draft->process.umask = DEFAULT_UMASK;
}

static void limits_check(struct reader *r, const struct process_plan *process)
{
	uint32_t there = 0, bit;
	size_t i;

	for (i = 0; i < process->limit_count; i++) {
		if (process->limits[i].resource < 0)
			continue;
		bit = UINT32_C(1) << process->limits[i].resource;
		if (there & bit)
			entry_fault(r, "rlimits", i, "must be there once "
				    "only, its type was there before");
		there |= bit;
	}
}

enum process_row {
	PROCESS_ARGS,
	PROCESS_ENV,
	PROCESS_CWD,
	PROCESS_USER,
	PROCESS_CAPABILITIES,
	PROCESS_NO_NEW_PRIVILEGES,
	PROCESS_RLIMITS,
	PROCESS_OOM_SCORE_ADJ,
	PROCESS_SCHEDULER,
	PROCESS_IO_PRIORITY,
	PROCESS_AFFINITY,
	PROCESS_PERSONALITY,
	PROCESS_SELINUX_LABEL,
	PROCESS_APPARMOR_PROFILE,
	PROCESS_TERMINAL,
	PROCESS_CONSOLE_SIZE,
	PROCESS_SECCOMP,
	PROCESS_PRESERVE_FDS,
	PROCESS_SESSION_KEYRING,
	PROCESS_INIT,
};

static void args_check(struct reader *r, const struct process_plan *process)
{
	if (!process->args[0])
		member_fault(r, "args", "must not be empty");
	else if (!*process->args[0])
		entry_fault(r, "args", 0, "must not be empty");
}

static void process_finish(struct reader *r, const cJSON *value, void *object,
			   struct seen seen)
{
	struct process_plan *process = &((struct draft *)object)->process;

	(void)value;
	limits_check(r, process);
	if (process->args && !(seen.faulty & ROW(PROCESS_ARGS)))
		args_check(r, process);
	process->has_oom_score = seen.given & ROW(PROCESS_OOM_SCORE_ADJ);
}

#define FIELD(name) .offset = offsetof(struct draft, process.name)
#define LATER(name) .later = true, .offset = offsetof(struct draft, later.name)

static const struct row process_rows[] = {
	[PROCESS_ARGS] = { "args", read_argv, .required = true, FIELD(args) },
	[PROCESS_ENV] = { "env", read_texts, .sense = environment,
		FIELD(env) },
	[PROCESS_CWD] = { "cwd", read_text, .sense = absolute_path,
		FIELD(cwd) },
	[PROCESS_USER] = { "user", read_object, .shape = &user_shape },
	[PROCESS_CAPABILITIES] = { "capabilities", read_object,
		.shape = &capabilities_shape, FIELD(capabilities) },
	[PROCESS_NO_NEW_PRIVILEGES] = { "noNewPrivileges", read_bool,
		FIELD(no_new_privileges) },
	[PROCESS_RLIMITS] = { "rlimits", read_objects, .shape = &limit_shape,
		FIELD(limits) },
	[PROCESS_OOM_SCORE_ADJ] = { "oomScoreAdj", read_number,
		.range = &oom_score, FIELD(oom_score_adj) },
	[PROCESS_SCHEDULER] = { "scheduler", read_object,
		.shape = &scheduler_shape, LATER(scheduler) },
	[PROCESS_IO_PRIORITY] = { "ioPriority", read_object,
		.shape = &io_priority_shape, LATER(io_priority) },
	[PROCESS_AFFINITY] = { "execCPUAffinity", read_object,
		.shape = &affinity_shape, LATER(affinity) },
	[PROCESS_PERSONALITY] = { "personality", read_object,
		.shape = &personality_shape, LATER(personality) },
	[PROCESS_SELINUX_LABEL] = { "selinuxLabel", read_text,
		.sense = some_text, LATER(selinux_label) },
	[PROCESS_APPARMOR_PROFILE] = { "apparmorProfile", read_text,
		.sense = some_text, LATER(apparmor_profile) },
	[PROCESS_TERMINAL] = { "terminal", read_bool, LATER(terminal) },
	[PROCESS_CONSOLE_SIZE] = { "consoleSize", read_object,
		.shape = &console_shape, LATER(console) },
	[PROCESS_SECCOMP] = { "seccomp", read_object,
		.shape = &seccomp_shape, LATER(seccomp) },
	[PROCESS_PRESERVE_FDS] = { "preserveFds", read_number,
		.range = &fd_count, LATER(preserve_fds) },
	[PROCESS_SESSION_KEYRING] = { "sessionKeyring", read_bool,
		LATER(session_keyring) },
	[PROCESS_INIT] = { "init", read_bool, LATER(init) },
};

static const struct shape process_shape =
	SHAPE(process_rows, struct draft,
	      .begin = process_begin, .finish = process_finish);

void read_process(struct reader *r, const struct row *row,
		  const cJSON *value, void *field)
{
	struct draft draft = {0};

	(void)row;
	read_shape(r, &process_shape, value, &draft);
	*(struct process_plan *)field = draft.process;
}
