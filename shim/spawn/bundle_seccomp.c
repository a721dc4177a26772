/* bundle_seccomp: a profile becomes a filter, which libseccomp writes */

#include <ctype.h>
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>

#include "translation.h"

/* While it is built. */
struct profile {
	struct translation *t;
	scmp_filter_ctx filter;
	uint32_t default_action;
	bool listens;		/* a rule wants its calls answered */
};

static const struct {
	const char *name;
	uint32_t action;
	bool has_number;	/* errnoRet is in its lower half */
} actions[] = {
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, false },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, false },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, false },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP, false },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0), true },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0), true },
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, false },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG, false },
	{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY, false },
};

static const struct {
	const char *name;
	enum scmp_compare compare;
} comparisons[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The text of a member, or NULL after a fault: it must be there. */
static const char *text_of(struct translation *t, const struct place *at,
			   const cJSON *object, const char *key)
{
	const cJSON *value = document_member(object, key);

	if (value)
		return is_type(t, AT(at, key), value, cJSON_String) ?
		       value->valuestring : NULL;
	if (cJSON_IsObject(object))
		fault(t->faults, at, "lacks \"%s\"", key);
	return NULL;
}

/* What both kinds of action say: at "action" and "errnoRet", or their like. */
static uint32_t action_of(struct translation *t, const struct place *at,
			  const cJSON *object, const char *key,
			  const char *number_key)
{
	const cJSON *number = document_member(object, number_key);
	const char *name = text_of(t, at, object, key);
	int64_t value = EPERM;
	size_t i;

	if (number)
		value = take_integer(t, AT(at, number_key), number, 0, 0xffff);
	for (i = 0; name && i < COUNT(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].action |
			       (actions[i].has_number ? (uint32_t)value : 0);
	if (name)
		fault(t->faults, AT(at, key), "must be an action of the "
		      "runtime-spec, as SCMP_ACT_ERRNO, is %s", QUOTE(name));
	return SCMP_ACT_KILL_PROCESS;
}

/* SCMP_ARCH_X86_64 is libseccomp's x86_64. */
static uint32_t architecture_find(const char *text)
{
	static const char prefix[] = "SCMP_ARCH_";
	char name[24];
	size_t i;

	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	text += sizeof(prefix) - 1;
	for (i = 0; text[i] && i < sizeof(name) - 1; i++)
		name[i] = (char)tolower((unsigned char)text[i]);
	name[i] = '\0';
	return seccomp_arch_resolve_name(name);
}

static void take_architecture(struct profile *p, const struct place *at,
			      const cJSON *value)
{
	uint32_t token;
	int done;

	if (!is_type(p->t, at, value, cJSON_String))
		return;
	token = architecture_find(value->valuestring);
	done = token ? seccomp_arch_add(p->filter, token) : -EINVAL;
	if (done < 0 && done != -EEXIST)
		fault(p->t->faults, at, "is no architecture that a filter "
		      "here can have: %s", QUOTE(value->valuestring));
}

static const struct keys argument_keys = KEYS(
	TAKEN("index", take_below),
	TAKEN("value", take_below),
	TAKEN("valueTwo", take_below),
	TAKEN("op", take_below));

static uint64_t value_of(struct profile *p, const struct place *at,
			 const cJSON *argument, const char *key)
{
	const cJSON *value = document_member(argument, key);
	uint64_t number = 0;

	if (value && is_type(p->t, AT(at, key), value, cJSON_Number) &&
	    !document_natural(value, &number))
		fault(p->t->faults, AT(at, key), "must be an integer from 0 "
		      "on, is %s", value->valuestring);
	return number;
}

static struct scmp_arg_cmp argument_of(struct profile *p,
				       const struct place *at,
				       const cJSON *argument)
{
	const char *name = text_of(p->t, at, argument, "op");
	const cJSON *index = document_member(argument, "index");
	struct scmp_arg_cmp to = {0};
	size_t i = 0;

	keys_take(p->t, at, argument, argument_keys, NULL);
	if (index)
		to.arg = (unsigned)take_integer(p->t, AT(at, "index"), index,
						0, 5);
	to.datum_a = value_of(p, at, argument, "value");
	to.datum_b = value_of(p, at, argument, "valueTwo");
	while (name && i < COUNT(comparisons) &&
	       strcmp(comparisons[i].name, name) != 0)
		i++;
	if (name && i == COUNT(comparisons))
		fault(p->t->faults, AT(at, "op"), "must be a comparison of "
		      "the runtime-spec, as SCMP_CMP_EQ, is %s", QUOTE(name));
	else if (name)
		to.op = comparisons[i].compare;
	return to;
}

/* One entry of "syscalls", for each of its names. */
struct rule {
	uint32_t action;
	struct scmp_arg_cmp arguments[6];
	unsigned count;
	bool any_argument;	/* one of them is enough */
};

/*
 * All arguments must be as the rule says; but of those that look at the same
 * one, which cannot be two things at once, any: as runc has it.
 */
static int rule_add(struct profile *p, const struct rule *rule, int number)
{
	unsigned i;
	int done = 0;

	if (!rule->any_argument)
		return seccomp_rule_add_array(p->filter, rule->action, number,
					      rule->count, rule->arguments);
	for (i = 0; i < rule->count && done == 0; i++)
		done = seccomp_rule_add_array(p->filter, rule->action, number,
					      1, &rule->arguments[i]);
	return done;
}

/*
 * Profiles name system calls of all kernels and architectures.  One that is
 * unknown here gets the default action, which is right where that forbids.
 */
static void rule_name(struct profile *p, const struct place *at,
		      const struct rule *rule, const cJSON *name)
{
	int number, done;

	if (!is_type(p->t, at, name, cJSON_String))
		return;
	number = seccomp_syscall_resolve_name(name->valuestring);
	if (number == __NR_SCMP_ERROR) {
		if (p->default_action == SCMP_ACT_ALLOW ||
		    p->default_action == SCMP_ACT_LOG)
			fault(p->t->faults, at, "is no system call that "
			      "libseccomp knows, and would be allowed: %s",
			      QUOTE(name->valuestring));
		return;
	}
	/* libseccomp refuses what changes nothing */
	if (rule->action == p->default_action)
		return;
	done = rule_add(p, rule, number);
	if (done < 0 && done != -EDOM)
		fault(p->t->faults, at, "cannot be made a rule for %s: %s",
		      QUOTE(name->valuestring), strerror(-done));
}

static void rule_arguments(struct profile *p, const struct place *at,
			   const cJSON *list, struct rule *rule)
{
	const cJSON *argument;
	unsigned seen = 0, bit;

	if (!list || !is_type(p->t, at, list, cJSON_Array))
		return;
	cJSON_ArrayForEach(argument, list) {
		if (rule->count == COUNT(rule->arguments)) {
			fault(p->t->faults, at, "must have at most %zu "
			      "entries", COUNT(rule->arguments));
			return;
		}
		rule->arguments[rule->count] =
			argument_of(p, AT_INDEX(at, rule->count), argument);
		bit = 1u << rule->arguments[rule->count++].arg;
		rule->any_argument |= (seen & bit) != 0;
		seen |= bit;
	}
}

static const struct keys rule_keys = KEYS(
	TAKEN("names", take_below),
	TAKEN("action", take_below),
	TAKEN("errnoRet", take_below),
	TAKEN("args", take_below));

static void take_rule(struct profile *p, const struct place *at,
		      const cJSON *entry)
{
	const cJSON *names = document_member(entry, "names"), *name;
	struct rule rule = {0};
	size_t i = 0;

	keys_take(p->t, at, entry, rule_keys, NULL);
	if (!cJSON_IsObject(entry))
		return;
	rule.action = action_of(p->t, at, entry, "action", "errnoRet");
	p->listens |= rule.action == SCMP_ACT_NOTIFY;
	rule_arguments(p, AT(at, "args"), document_member(entry, "args"),
		       &rule);
	if (!names)
		fault(p->t->faults, at, "lacks \"names\"");
	else if (is_type(p->t, AT(at, "names"), names, cJSON_Array))
		cJSON_ArrayForEach(name, names)
			rule_name(p, AT_INDEX(AT(at, "names"), i++), &rule,
				  name);
}

/* Go through a list that may be missing. */
static void each(struct profile *p, const struct place *at, const cJSON *list,
		 void (*take)(struct profile *p, const struct place *at,
			      const cJSON *entry))
{
	const cJSON *entry;
	size_t i = 0;

	if (list && is_type(p->t, at, list, cJSON_Array))
		cJSON_ArrayForEach(entry, list)
			take(p, AT_INDEX(at, i++), entry);
}

/* The compiled filter, in memory; it stays open for the shim. */
static void plan_filter(struct profile *p, const struct place *at,
			const cJSON *value, cJSON *into)
{
	cJSON *seccomp = must(cJSON_CreateObject());
	int file = memfd_create("seccomp", MFD_CLOEXEC), done = -errno;

	if (file >= 0)
		done = seccomp_export_bpf(p->filter, file);
	if (done < 0)
		fault(p->t->faults, at, "cannot be made a filter: %s",
		      strerror(-done));
	document_add(seccomp, "fd", document_number(file));
	if (document_member(value, "flags"))
		document_copy(seccomp, "flags",
			      document_member(value, "flags"));
	if (p->listens)
		document_add(seccomp, "notify", cJSON_CreateTrue());
	document_add(document_object(into, "process"), "seccomp", seccomp);
}

/* Whoever answers the calls that are notified: only one can be told. */
static void take_listener(struct profile *p, const struct place *at,
			  const cJSON *value)
{
	const cJSON *path = document_member(value, "listenerPath");
	const cJSON *data = document_member(value, "listenerMetadata");
	struct launch *launch = p->t->launch;

	if (path)
		launch->listener = take_path(p->t, AT(at, "listenerPath"),
					     path);
	else if (p->listens)
		fault(p->t->faults, at, "lacks \"listenerPath\": nobody would "
		      "answer the calls of SCMP_ACT_NOTIFY");
	if (data && is_type(p->t, AT(at, "listenerMetadata"), data,
			    cJSON_String))
		launch->listener_metadata = data->valuestring;
}

static const struct keys seccomp_keys = KEYS(
	TAKEN("defaultAction", take_below),
	TAKEN("defaultErrnoRet", take_below),
	TAKEN("architectures", take_below),
	TAKEN("flags", take_below),
	TAKEN("listenerPath", take_below),
	TAKEN("listenerMetadata", take_below),
	TAKEN("syscalls", take_below));

void take_seccomp(struct translation *t, const struct place *at,
		  const cJSON *value, cJSON *into)
{
	struct profile p = { .t = t };

	keys_take(t, at, value, seccomp_keys, NULL);
	if (!cJSON_IsObject(value))
		return;
	p.default_action = action_of(t, at, value, "defaultAction",
				     "defaultErrnoRet");
	p.filter = must(seccomp_init(p.default_action));
	each(&p, AT(at, "architectures"),
	     document_member(value, "architectures"), take_architecture);
	each(&p, AT(at, "syscalls"), document_member(value, "syscalls"),
	     take_rule);
	take_listener(&p, at, value);
	plan_filter(&p, at, value, into);
	seccomp_release(p.filter);
}
