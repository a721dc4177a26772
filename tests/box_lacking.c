/*
 * box: the kernel that the shim sees.  INIT_SHIM_LACKS, "ENOSYS openat2 statx",
 * has the system calls that it lacks, and what they answer.
 */

#include "box.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "kernel/abi.h"
#include "lacking.h"

static const struct {
	const char *name;
	long number;
} calls[] = {
	{ "close_range", NR_CLOSE_RANGE },
	{ "fchmodat2", NR_FCHMODAT2 },
	{ "fsconfig", NR_FSCONFIG },
	{ "fsmount", NR_FSMOUNT },
	{ "fsopen", NR_FSOPEN },
	{ "mount_setattr", NR_MOUNT_SETATTR },
	{ "move_mount", NR_MOVE_MOUNT },
	{ "open_tree", NR_OPEN_TREE },
	{ "open_tree_attr", NR_OPEN_TREE_ATTR },
	{ "openat2", NR_OPENAT2 },
	{ "statx", SYS_statx },
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	const char *at;

	for (at = list; (at = strstr(at, word)); at += length)
		if ((at == list || at[-1] == ' ') && strchr(" ", at[length]))
			return true;
	return false;
}

bool box_lacks(const char *call)
{
	const char *list = getenv("INIT_SHIM_LACKS");

	return list && has_word(list, call);
}

bool box_lack(void)
{
	int error = box_lacks("EPERM") ? EPERM : ENOSYS;
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (box_lacks(calls[i].name) &&
		    !lacking(calls[i].number, error))
			return false;
	return true;
}

void box_refused(struct box *box, const char *sentence, const char *call,
		 const char *instead)
{
	const char *place = strstr(sentence, "CALL");
	char *whole;

	assert_true(asprintf(&whole, "%.*s%s%s", (int)(place - sentence),
			     sentence, box_lacks(call) ? instead : call,
			     place + 4) > 0);
	assert_string_equal(box->error, box_keep(box, whole));
}

void box_need(const char *call, const char *reason)
{
	if (box_lacks(call))
		box_skip(reason);
}
