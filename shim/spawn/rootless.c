/* rootless: subuid(5), newuidmap(1), user_namespaces(7) */

#include "rootless.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "document.h"
#include "namespaces.h"
#include "run_read.h"

bool is_rootless(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {0};

	return syscall(SYS_capget, &head, data) < 0 ||
	       !(data[0].effective >> CAP_SYS_ADMIN & 1);
}

static void map_add(struct id_maps *maps, uint32_t host_id, uint32_t size)
{
	uint32_t next = 0;

	if (maps->count)
		next = maps->items[maps->count - 1].container_id +
		       maps->items[maps->count - 1].size;
	maps->items = must(realloc(maps->items, (maps->count + 1) *
						sizeof(maps->items[0])));
	maps->items[maps->count++] = (struct id_map){ next, host_id, size };
}

/* A line "NAME-OR-UID:FIRST:COUNT" of the caller's. */
static void range_read(struct id_maps *maps, const char *line,
		       const char *name, uid_t uid)
{
	char owner[256], digits[16];
	unsigned first, count;

	if (sscanf(line, "%255[^:]:%u:%u", owner, &first, &count) != 3 ||
	    !count || first + count < first)
		return;
	snprintf(digits, sizeof(digits), "%u", uid);
	if (strcmp(owner, digits) == 0 || (name && strcmp(owner, name) == 0))
		map_add(maps, first, count);
}

static void ranges_read(struct id_maps *maps, const char *path)
{
	const struct passwd *user = getpwuid(geteuid());
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0)
		range_read(maps, line, user ? user->pw_name : NULL, geteuid());
	free(line);
	if (file)
		fclose(file);
}

static bool is_installed(const char *name)
{
	const char *path = getenv("PATH"), *next;
	char whole[4096];

	for (path = path ? path : "/usr/bin:/bin"; *path; path = next) {
		int length = (int)strcspn(path, ":");

		next = path + length + (path[length] == ':');
		snprintf(whole, sizeof(whole), "%.*s/%s", length, path, name);
		if (access(whole, X_OK) == 0)
			return true;
	}
	return false;
}

/*
 * Both or none: with one id of users and many of groups, files would have
 * owners and no group, or the other way round.
 */
static void default_maps(struct launch *launch)
{
	struct id_maps uids = {0}, gids = {0};

	map_add(&uids, geteuid(), 1);
	map_add(&gids, getegid(), 1);
	launch->uid_maps = uids;
	launch->gid_maps = gids;
	if (!is_installed("newuidmap") || !is_installed("newgidmap"))
		return;
	ranges_read(&uids, "/etc/subuid");
	ranges_read(&gids, "/etc/subgid");
	if (uids.count == 1 || gids.count == 1)
		return;
	launch->uid_maps = uids;
	launch->gid_maps = gids;
}

static int64_t host_id(const struct id_maps *maps, int64_t id)
{
	size_t i;

	for (i = 0; i < maps->count; i++)
		if (id >= maps->items[i].container_id &&
		    id - maps->items[i].container_id < maps->items[i].size)
			return maps->items[i].host_id + id -
			       maps->items[i].container_id;
	return -1;
}

static bool is_unmapped_gid(const struct launch *launch, const cJSON *option)
{
	const char *text = option->valuestring;

	return cJSON_IsString(option) && strncmp(text, "gid=", 4) == 0 &&
	       host_id(&launch->gid_maps, strtoll(text + 4, NULL, 10)) < 0;
}

/*
 * The group of terminals, 5 in every plan: where it has no number devpts gives
 * them to their maker's group, as it does without the option.
 */
static void drop_terminal_group(const struct launch *launch, cJSON *mount)
{
	const cJSON *type = document_member(mount, "type");
	cJSON *options = document_member(mount, "options"), *option, *next;
	char sentence[256];

	if (!cJSON_IsString(type) || strcmp(type->valuestring, "devpts") != 0)
		return;
	for (option = options ? options->child : NULL; option; option = next) {
		next = option->next;
		if (!is_unmapped_gid(launch, option))
			continue;
		snprintf(sentence, sizeof(sentence), "note: no group has the "
			 "number of %.40s here, terminals get their maker's",
			 option->valuestring);
		run_tell(sentence);
		cJSON_Delete(cJSON_DetachItemViaPointer(options, option));
	}
}

/* Is the map one that its owner writes, at the price of setgroups(2)? */
static bool are_groups_kept(const struct launch *launch)
{
	return launch->gid_maps.count == 1 &&
	       launch->gid_maps.items[0].size == 1;
}

static bool has_other_groups(void)
{
	gid_t groups[256];
	int count = getgroups(256, groups);

	while (count-- > 0)
		if (groups[count] != getegid())
			return true;
	return false;
}

#define OVERFLOW_GID 65534

/* The groups that stay are planned, or the shim would not go on with them. */
static void plan_kept_groups(cJSON *plan)
{
	cJSON *user = document_object(document_object(plan, "process"), "user");
	cJSON *groups = document_member(user, "additionalGids");

	if (!groups) {
		groups = must(cJSON_CreateArray());
		document_add(user, "additionalGids", groups);
	}
	cJSON_AddItemToArray(groups, document_number(OVERFLOW_GID));
	run_tell("note: your additional groups stay, as only newgidmap(1) "
		 "could map others; inside they are 65534");
}

static void adapt(struct launch *launch)
{
	cJSON *mount;

	cJSON_ArrayForEach(mount, document_member(launch->plan, "mounts"))
		drop_terminal_group(launch, mount);
	if (are_groups_kept(launch) && has_other_groups())
		plan_kept_groups(launch->plan);
}

/* Maps of the command line's, for plans, which have none. */
static int options_maps(struct launch *launch, const struct run_options *opt,
			struct failure *why)
{
	if (!opt->uid_maps.count)
		return 0;
	attempt(why, NULL, WHOLE, "use", "--uid-map");
	if (launch->uid_maps.count || launch->gid_maps.count)
		return refused(why, "the bundle has its own");
	if (!(launch->created & CLONE_NEWUSER))
		return refused(why, "there is no new user namespace: \"user\" "
			       "is not in namespaces");
	launch->uid_maps = opt->uid_maps;
	launch->gid_maps = opt->gid_maps;
	return 0;
}

int rootless_apply(struct launch *launch, const struct run_options *opt,
		   struct failure *why)
{
	if (is_rootless() && !has_namespace(launch, CLONE_NEWUSER)) {
		launch->rootless = true;
		launch->created |= CLONE_NEWUSER;
		namespace_plan(launch, namespace_find("user"));
	}
	if (options_maps(launch, opt, why) < 0)
		return -1;
	if (!(launch->created & CLONE_NEWUSER))
		return 0;
	if (!launch->uid_maps.count) {
		attempt(why, "/namespaces", WHOLE, "make a user namespace",
			NULL);
		if (!is_rootless())
			return refused(why, "whose ids are whose in it is not "
				       "said: give --uid-map and --gid-map");
		default_maps(launch);
	}
	if (is_rootless())
		adapt(launch);
	return 0;
}
