/*
 * fuzz: any bytes for a plan.  Either they are refused, in words that name a
 * place, or what plan.h says of a plan that is right holds.
 *
 * An entry for libFuzzer and for the driver (drive.c), both with the
 * sanitizers for addresses and undefined behaviour.
 */

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

/* Said aloud, for the sanitizers then say where. */
#define hold(condition) \
	((condition) ? (void)0 : broken(__LINE__, #condition))

static _Noreturn void broken(int line, const char *condition)
{
	fprintf(stderr, "fuzz: plan.c:%d: %s does not hold\n", line,
		condition);
	abort();
}

static void told(struct plan_faults *faults, const char *pointer,
		 const char *message)
{
	hold(!*pointer || *pointer == '/');
	hold(*message);
	faults->count++;
}

/* All of it is read, to its NUL. */
static void text(const char *string)
{
	hold(string && strlen(string) < PLAN_MAX_BYTES);
}

static void path(const char *string)
{
	hold(string && *string == '/' && strlen(string) < 4096);
}

static void list(char **items)
{
	for (; items && *items; items++)
		text(*items);
}

static void strings(const struct strings *list_of)
{
	size_t i;

	for (i = 0; i < list_of->count; i++)
		text(list_of->items[i]);
	hold(!list_of->count || !list_of->items[list_of->count]);
	hold(list_of->count <= PLAN_MAX_ENTRIES);
}

static void commands(const struct commands *commands)
{
	size_t i;

	for (i = 0; i < commands->count; i++) {
		path(commands->items[i].path);
		path(commands->items[i].dir);
		hold(commands->items[i].args && commands->items[i].args[0]);
		list(commands->items[i].args);
		hold(commands->items[i].env);
		list(commands->items[i].env);
	}
}

static void mounts(const struct plan *plan)
{
	const struct mount *mount = plan->mounts;
	size_t i;

	for (i = 0; i < plan->mount_count; i++, mount++) {
		path(mount->destination);
		text(mount->type);
		if (mount->source)
			text(mount->source);
		list(mount->data);
		hold(mount->source_fd >= -1);
		hold(!(mount->attr_set & mount->attr_clear & ~0x70u));
		if (!mount->extra)
			continue;
		commands(&mount->extra->pre);
		commands(&mount->extra->post);
		hold(!mount->extra->uid_map_count || mount->extra->uid_map);
		hold(!mount->extra->gid_map_count || mount->extra->gid_map);
	}
}

static void process(const struct process_plan *process, bool check_only)
{
	size_t i;

	hold(process->args || check_only);
	if (!process->args)
		return;
	hold(process->args[0] && *process->args[0]);
	list(process->args);
	strings(&process->env);
	for (i = 0; i < process->env.count; i++)
		hold(strchr(process->env.items[i], '='));
	path(process->cwd);
	hold(process->uid != (uid_t)-1 && process->gid != (gid_t)-1);
	for (i = 0; i < process->group_count; i++)
		hold(process->groups[i] != (gid_t)-1);
	for (i = 0; i < process->limit_count; i++)
		hold(process->limits[i].soft <= process->limits[i].hard);
	hold(!(process->capabilities[CAPS_EFFECTIVE] &
	       ~process->capabilities[CAPS_PERMITTED]));
	hold(process->seccomp.fd >= -1);
}

static void rest(const struct plan *plan)
{
	size_t i;

	hold(!plan->rootfs.path != (plan->rootfs.fd < 0));
	if (plan->rootfs.path)
		path(plan->rootfs.path);
	for (i = 0; i < plan->device_count; i++)
		path(plan->devices[i].path);
	for (i = 0; i < plan->sysctl_count; i++) {
		text(plan->sysctls[i].name);
		text(plan->sysctls[i].value);
		hold(!strstr(plan->sysctls[i].path, ".."));
	}
	strings(&plan->masked_paths);
	strings(&plan->readonly_paths);
	commands(&plan->create_container);
	commands(&plan->start_container);
	for (i = 0; i < plan->state.annotation_count; i++) {
		text(plan->state.annotations[i].key);
		text(plan->state.annotations[i].value);
	}
}

static void parse(const char *bytes, size_t length, struct plan_use use)
{
	struct plan_faults faults = { .tell = told };
	struct plan plan = {0};
	int done = plan_parse(&plan, bytes, length, use, &faults);

	hold(done == (faults.count ? -1 : 0));
	if (done == 0) {
		rest(&plan);
		mounts(&plan);
		process(&plan.process, use.check_only);
	}
	plan_free(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	/* of exactly that size, and it does not end with a NUL */
	char *copy = malloc(length ? length : 1);

	hold(copy);
	memcpy(copy, bytes, length);
	parse(copy, length, (struct plan_use){ .has_sync = true });
	parse(copy, length, (struct plan_use){ .check_only = true });
	free(copy);
	return 0;
}
