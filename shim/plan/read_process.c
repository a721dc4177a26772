/* read_process: the target, as the plan wants it */

#include <stddef.h>
#include <string.h>

#include "sense.h"
#include "shapes.h"
#include "words.h"

#define DEFAULT_UMASK 022

#define FIELD(name) .offset = offsetof(struct process_plan, name)

DEFINE_SHAPE(user, struct process_plan,
	{ "uid", READ(number), RANGE(any_id), FIELD(uid) },
	{ "gid", READ(number), RANGE(any_id), FIELD(gid) },
	{ "additionalGids", READ(numbers), RANGE(any_id), FIELD(groups) },
	{ "umask", READ(number), RANGE(umask_bits), FIELD(umask) });

#undef FIELD

#define SET(name, key) \
	[name] = { key, READ(bits), WORDS(capabilities), \
		   .offset = name * sizeof(uint64_t) }

DEFINE_SHAPE(capabilities, uint64_t[CAPS_SETS],
	SET(CAPS_BOUNDING, "bounding"),
	SET(CAPS_EFFECTIVE, "effective"),
	SET(CAPS_PERMITTED, "permitted"),
	SET(CAPS_INHERITABLE, "inheritable"),
	SET(CAPS_AMBIENT, "ambient"));

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
	const char *key = capabilities_shape.rows[small].key;
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
				    capabilities_shape.rows[large].key);
	}
}

/*
 * The kernel would refuse these: capset(2), prctl(2) PR_CAP_AMBIENT.  Ambient
 * ones that are not inheritable are planned by the OCI runtimes' own "spec",
 * which leave them out then: process/capabilities.c.
 */
void capabilities_finish(struct reader *r, const cJSON *value,
			 void *object, struct seen seen)
{
	const uint64_t *sets = object;

	if (seen.faulty)
		return;
	is_within(r, value, sets, CAPS_EFFECTIVE, CAPS_PERMITTED);
	is_within(r, value, sets, CAPS_AMBIENT, CAPS_PERMITTED);
}

#define FIELD(name) .offset = offsetof(struct console_plan, name)

DEFINE_SHAPE(console, struct console_plan,
	{ "height", READ(number), RANGE(window), .required = true,
	  FIELD(height) },
	{ "width", READ(number), RANGE(window), .required = true,
	  FIELD(width) });

#undef FIELD
#define FIELD(name) .offset = offsetof(struct resource_limit, name)

DEFINE_SHAPE(limit, struct resource_limit,
	{ "type", READ(word), WORDS(resources), .required = true,
	  FIELD(resource) },
	{ "soft", READ(long), RANGE(any_long), .required = true,
	  FIELD(soft) },
	{ "hard", READ(long), RANGE(any_long), .required = true,
	  FIELD(hard) });

#undef FIELD

void limit_begin(struct reader *r, void *object)
{
	struct resource_limit *limit = object;

	(void)r;
	limit->resource = -1;
}

void limit_finish(struct reader *r, const cJSON *value, void *object,
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

void process_begin(struct reader *r, void *object)
{
	struct process_plan *process = object;

	(void)r;
	process->cwd = "/";
	process->umask = DEFAULT_UMASK;
	process->seccomp.fd = -1;
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

void process_finish(struct reader *r, const cJSON *value, void *object,
		    struct seen seen)
{
	struct process_plan *process = object;

	(void)value;
	limits_check(r, process);
	if (process->args && !(seen.faulty & ROW(PROCESS_ARGS)))
		args_check(r, process);
	if (process->terminal)
		needs_parent(r, "terminal");
	process->has_oom_score = seen.given & ROW(PROCESS_OOM_SCORE_ADJ);
	process->has_scheduler = seen.given & ROW(PROCESS_SCHEDULER);
	process->has_personality = seen.given & ROW(PROCESS_PERSONALITY);
}

#define FIELD(name) .offset = offsetof(struct process_plan, name)

DEFINE_SHAPE(process, struct process_plan,
	[PROCESS_ARGS] = { "args", READ(argv), .required = true, FIELD(args) },
	[PROCESS_ENV] = { "env", READ(texts), SENSE(environment),
		FIELD(env) },
	[PROCESS_CWD] = { "cwd", READ(text), SENSE(absolute_path),
		FIELD(cwd) },
	[PROCESS_USER] = { "user", READ(object), SHAPE(user) },
	[PROCESS_CAPABILITIES] = { "capabilities", READ(object),
		SHAPE(capabilities), FIELD(capabilities) },
	[PROCESS_NO_NEW_PRIVILEGES] = { "noNewPrivileges", READ(bool),
		FIELD(no_new_privileges) },
	[PROCESS_RLIMITS] = { "rlimits", READ(objects), SHAPE(limit),
		FIELD(limits) },
	[PROCESS_OOM_SCORE_ADJ] = { "oomScoreAdj", READ(number),
		RANGE(oom_score), FIELD(oom_score_adj) },
	[PROCESS_SCHEDULER] = { "scheduler", READ(object),
		SHAPE(scheduler), FIELD(scheduler) },
	[PROCESS_IO_PRIORITY] = { "ioPriority", READ(object),
		SHAPE(io_priority), FIELD(io_priority) },
	[PROCESS_AFFINITY] = { "execCPUAffinity", READ(object),
		SHAPE(affinity), FIELD(affinity) },
	[PROCESS_PERSONALITY] = { "personality", READ(object),
		SHAPE(personality) },
	[PROCESS_SELINUX_LABEL] = { "selinuxLabel", READ(text),
		SENSE(some_text), FIELD(selinux_label) },
	[PROCESS_APPARMOR_PROFILE] = { "apparmorProfile", READ(text),
		SENSE(some_text), FIELD(apparmor_profile) },
	[PROCESS_TERMINAL] = { "terminal", READ(bool), FIELD(terminal) },
	[PROCESS_CONSOLE_SIZE] = { "consoleSize", READ(object),
		SHAPE(console), FIELD(console) },
	[PROCESS_SECCOMP] = { "seccomp", READ(object),
		SHAPE(seccomp), FIELD(seccomp) },
	[PROCESS_PRESERVE_FDS] = { "preserveFds", READ(number),
		RANGE(any_fd), FIELD(preserve_fds) },
	[PROCESS_SESSION_KEYRING] = { "sessionKeyring", READ(bool),
		FIELD(session_keyring) },
	[PROCESS_INIT] = { "init", READ(bool), FIELD(init) });

void read_process(struct reader *r, const struct row *row,
		  const cJSON *value, void *field)
{
	(void)row;
	read_shape(r, &process_shape, value, field);
}
