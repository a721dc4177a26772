/* box: what the kernel says of mounts in the container */

#include "box.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/abi.h"

/* statx(2), as far as it says which mount this is, and whether its root. */
struct statx_head {
	uint32_t mask;
	uint32_t blksize;
	uint64_t attributes;
	uint32_t between[32];
	uint64_t mount_id;
	uint64_t rest[13];
};

#define ATTR_MOUNT_ROOT 0x2000

/* A line of mountinfo, proc(5): its fields, cut apart. */
enum field {
	FIELD_ID,
	FIELD_PARENT,
	FIELD_DEVICE,
	FIELD_ROOT,
	FIELD_POINT,
	FIELD_OPTIONS,
	FIELD_TAGS,		/* all of the optional ones */
	FIELD_TYPE,
	FIELD_SOURCE,
	FIELD_SUPER,
	FIELD_COUNT,
};

const char *box_mountinfo(struct box *box, pid_t pid)
{
	char path[64];
	autoclose int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo",
		 pid ? pid : getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return box_keep(box, fd < 0 ? strdup("") : box_read_all(fd));
}

/* The mount that has its root there; 0: none. */
static uint64_t mount_id(struct box *box, const char *path)
{
	autoclose int fd = box_open_path(box, path, O_PATH | O_NOFOLLOW);
	struct statx_head st = {0};

	if (fd < 0 || syscall(SYS_statx, fd, "", AT_EMPTY_PATH,
			      STATX_MNT_ID, &st) < 0)
		return 0;
	if (!(st.mask & STATX_MNT_ID))
		box_skip("statx(2) does not tell mounts, before Linux 5.8");
	return st.attributes & ATTR_MOUNT_ROOT ? st.mount_id : 0;
}

/* Copy one field of the line with this id; "" where there is none. */
static char *field_of(const char *table, uint64_t id, enum field field)
{
	const char *line = table, *end;
	size_t length;
	int i;

	while (*line && strtoull(line, NULL, 10) != id)
		line += strcspn(line, "\n") + 1;
	for (i = 0; *line && i < (int)field; i++) {
		if (i == FIELD_TAGS)
			line = strstr(line, "- ") + 1;
		else
			line += strcspn(line, " \n");
		line += *line == ' ';
	}
	end = line;
	length = strcspn(line, " \n");
	if (field == FIELD_TAGS) {
		end = strstr(line, "- ");
		length = end > line ? (size_t)(end - line - 1) : 0;
	}
	return strndup(line, length);
}

static const char *ask(struct box *box, const char *path, enum field field)
{
	uint64_t id = mount_id(box, path);

	if (!id)
		return "";
	return box_keep(box, field_of(box_mountinfo(box, box->pid), id,
				      field));
}

const char *box_fstype(struct box *box, const char *path)
{
	return ask(box, path, FIELD_TYPE);
}

const char *box_source(struct box *box, const char *path)
{
	return ask(box, path, FIELD_SOURCE);
}

const char *box_mount_options(struct box *box, const char *path)
{
	return ask(box, path, FIELD_OPTIONS);
}

const char *box_super_options(struct box *box, const char *path)
{
	return ask(box, path, FIELD_SUPER);
}

const char *box_device(struct box *box, const char *path)
{
	return ask(box, path, FIELD_DEVICE);
}

const char *box_propagation(struct box *box, const char *path)
{
	const char *tags = ask(box, path, FIELD_TAGS);
	bool shared = strstr(tags, "shared:");

	if (!mount_id(box, path))
		return "";
	if (strstr(tags, "master:"))
		return shared ? "shared,slave" : "slave";
	if (strstr(tags, "unbindable"))
		return "unbindable";
	return shared ? "shared" : "private";
}

bool box_has(const char *options, const char *word)
{
	size_t length = strlen(word);

	while (*options) {
		if (strncmp(options, word, length) == 0 &&
		    strchr(",", options[length]))
			return true;
		options += strcspn(options, ",");
		options += *options == ',';
	}
	return false;
}

size_t box_count(struct box *box, const char *type)
{
	const char *line = box_mountinfo(box, box->pid);
	char wanted[64];
	size_t count = 0;

	snprintf(wanted, sizeof(wanted), " - %s ", type);
	while ((line = strstr(line, wanted))) {
		count++;
		line++;
	}
	return count;
}
