/* explain: the chapters of main, in words */

#include "explain/explain.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "explain/sheet.h"
#include "mounts/mounts.h"
#include "plan/options.h"
#include "plan/words.h"
#include "root.h"

static void set_propagation(struct sheet *to, uint32_t propagation)
{
	if (!propagation)
		return;
	say(to, "\nset the propagation of / to");
	say_word(to, &propagations, propagation);
}

static void root(struct sheet *to, const struct plan *plan)
{
	const struct rootfs_plan *rootfs = &plan->rootfs;
	bool chroot = rootfs->how == SWITCH_CHROOT;

	if (plan->process.seccomp.fd >= 0)
		say(to, "\nread the seccomp filter of descriptor %d",
		    plan->process.seccomp.fd);
	say(to, "\nrefuse the host's own mount namespace");
	if (plan->process.affinity.initial)
		say(to, "\nrun on the initial CPUs");
	if (plan->namespaces & CLONE_NEWUSER)
		say(to, "\nbecome root in the user namespace");
	say(to, "\nopen / outside, and what is needed from there");
	if (!chroot) {
		set_propagation(to, root_propagation_now(plan));
		say(to, "\nmake the mount around the rootfs private");
	}
	say(to, "\n%s the rootfs", chroot ? "open" : "bind on itself");
	if (rootfs->path)
		say(to, " %s", rootfs->path);
	else
		say(to, ", descriptor %d (on / where it is a detached mount)",
		     rootfs->fd);
}

/* Does the mount have what the option sets and clears? */
static bool is_on(const struct mount *m, const struct mount_option *option)
{
	uint32_t of = option->set | option->clear, set = 0, clear = 0;

	switch (option->kind) {
	case OPTION_ATTR:
		set = m->attr_set;
		clear = m->attr_clear;
		break;
	case OPTION_ALL:
		set = m->all_set;
		clear = m->all_clear;
		break;
	case OPTION_SUPER:
		return m->super_flags & option->set;
	case OPTION_PROPAGATION:
		return m->propagation == option->set;
	case OPTION_FLAG:
		/* rbind is bind and more, ridmap is idmap and more */
		of |= (option->set & (MOUNT_BIND | MOUNT_IDMAP)) << 1;
		set = m->flags;
		clear = option->clear;
		break;
	default:
		return false;
	}
	return (set & of) == option->set && !(option->clear & ~clear);
}

static void options(struct sheet *to, const struct mount *m)
{
	const char *before = ": ";
	char **data;
	size_t i;

	for (i = 0; i < mount_option_count; i++)
		if (is_on(m, &mount_options[i])) {
			say(to, "%s%s", before, mount_options[i].name);
			before = ",";
		}
	for (data = m->data; data && *data; data++) {
		say(to, "%s%s", before, *data);
		before = ",";
	}
}

static void ids(struct sheet *to, const char *name, const struct id_map *map,
		size_t count)
{
	for (; count; count--, map++)
		say(to, ", %s %u as %u (%u)", name, map->container_id,
		    map->host_id, map->size);
}

static void mount_one(struct sheet *to, const struct mount *m)
{
	if (m->flags & MOUNT_REMOUNT)
		say(to, "\nremount");
	else if (m->flags & MOUNT_BIND)
		say(to, "\nbind on");
	else
		say(to, "\nmount %s on", m->type);
	say(to, " %s", m->destination);
	if (m->source)
		say(to, ", source %s", m->source);
	if (m->source_fd >= 0)
		say(to, ", source descriptor %d", m->source_fd);
	if (m->flags & MOUNT_REQUIRE)
		say(to, ", which must be there");
	if (m->flags & MOUNT_OPTIONAL)
		say(to, ", where there is a source");
	if (m->extra) {
		ids(to, "uid", m->extra->uid_map, m->extra->uid_map_count);
		ids(to, "gid", m->extra->gid_map, m->extra->gid_map_count);
	}
	if (mount_is_readonly_dev(m))
		say(to, ", writable until the end");
	options(to, m);
}

static void mounts(struct sheet *to, const struct plan *plan)
{
	const struct mount *m = plan->mounts;
	const struct mount *end = m + plan->mount_count;

	for (; m < end; m++) {
		if (m->extra)
			say_commands(to, "before it is mounted", &m->extra->pre);
		mount_one(to, m);
		if (m->extra)
			say_commands(to, "once it is mounted", &m->extra->post);
	}
}

static void devices(struct sheet *to, const struct plan *plan)
{
	const struct mount *on_dev = mounts_on_dev(plan);
	size_t i;

	if (on_dev && (on_dev->flags & MOUNT_BIND))
		return;
	for (i = 0; i < plan->device_count; i++) {
		const struct device *device = &plan->devices[i];

		say(to, "\nmake the device %s:", device->path);
		say_word(to, &device_types, device->type);
		say(to, " %u:%u, mode 0%o, owner %u:%u", major(device->rdev),
		     minor(device->rdev), device->mode, device->uid,
		     device->gid);
	}
	say(to, "\nlink /dev/ptmx to pts/ptmx; fd, stdin, stdout, stderr to "
	     "/proc/self/fd; core to /proc/kcore where that is");
}

static void terminal(struct sheet *to, const struct plan *plan)
{
	const struct process_plan *process = &plan->process;

	if (!process->terminal)
		return;
	say(to, plan->rootfs.how == SWITCH_CHROOT ? "\nmake a terminal" :
	    "\nmake a terminal, at /dev/console too");
	if (process->console.width || process->console.height)
		say(to, ": %ux%u", process->console.width,
		    process->console.height);
}

static void hooks(struct sheet *to, const struct plan *plan)
{
	if (plan->sync.hooks)
		say(to, "\ntell a parent \"hooks\", wait for its \"resume\"");
	say_commands(to, "hook createContainer", &plan->create_container);
	say(to, "\n%s", plan->rootfs.how == SWITCH_PIVOT ?
	     "pivot_root into the rootfs, let go of the old root" :
	     plan->rootfs.how == SWITCH_MOVE ?
	     "move the rootfs to /, hide all other proc and sysfs, chroot" :
	     "chroot into the rootfs");
}

static void paths(struct sheet *to, const char *what, char **path)
{
	for (; path && *path; path++)
		say(to, "\n%s %s, where it exists", what, *path);
}

static void finish(struct sheet *to, const struct plan *plan)
{
	const struct mount *on_dev = mounts_on_dev(plan);
	uint32_t propagation = plan->rootfs.propagation;
	size_t i;

	say(to, "\nmake the directory %s, where it is missing",
	     plan->process.cwd);
	say(to, "\nopen the container's /dev/null where stdio is the host's");
	if (plan->hostname)
		say(to, "\nset the hostname %s", plan->hostname);
	if (plan->domainname)
		say(to, "\nset the domainname %s", plan->domainname);
	for (i = 0; i < plan->sysctl_count; i++)
		say(to, "\nset the sysctl %s to %s", plan->sysctls[i].name,
		     plan->sysctls[i].value);
	if (on_dev && mount_is_readonly_dev(on_dev))
		say(to, "\nmake read-only: /dev");
	paths(to, "make read-only:", plan->readonly_paths.items);
	paths(to, "mask", plan->masked_paths.items);
	if (propagation & (MS_SHARED | MS_UNBINDABLE))
		set_propagation(to, propagation);
	if (plan->rootfs.readonly)
		say(to, "\nmake read-only: /");
}

int plan_explain(const struct plan *plan, struct failure *why)
{
	struct sheet to = { .why = why };

	attempt(why, NULL, WHOLE, "explain the plan", NULL);
	why->error = 0;
	root(&to, plan);
	mounts(&to, plan);
	devices(&to, plan);
	terminal(&to, plan);
	hooks(&to, plan);
	finish(&to, plan);
	explain_process(&to, &plan->process);
	explain_target(&to, plan);
	sheet_end(&to);
	return why->error ? -1 : 0;
}
