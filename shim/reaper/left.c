/* left: the processes below us */

#include "reaper/left.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/child.h"
#include "kernel/file.h"
#include "kernel/proc.h"

/* A number at the start of the text; 0: none. */
static pid_t read_pid(const char *text)
{
	pid_t pid = 0;

	while (*text >= '0' && *text <= '9')
		pid = pid * 10 + *text++ - '0';
	return pid;
}

/* 0: it is gone. */
static pid_t find_parent(int proc, pid_t pid)
{
	char name[32], text[1024];
	struct failure gone;
	const char *parent;

	format_text(name, sizeof(name), "%d/status", pid);
	if (proc_read(proc, name, text, sizeof(text), &gone) < 0)
		return 0;
	parent = proc_value(text, "PPid:\t");
	return parent ? read_pid(parent) : 0;
}

static bool is_below_us(int proc, pid_t pid)
{
	pid_t us = getpid();

	do
		pid = find_parent(proc, pid);
	while (pid > 1 && pid != us);
	return pid == us;
}

/* Held first and looked at then, so that no other has got its number. */
static bool signal_one(int proc, pid_t pid, int signal)
{
	autoclose int held = child_pidfd(pid);

	return is_below_us(proc, pid) &&
	       child_signal(held, pid, signal) == 0;
}

/* A procfs of our own pid namespace, or -1. */
static int open_proc(void)
{
	struct failure none;
	autoclose int proc = file_open(AT_FDCWD, "/proc", O_RDONLY |
				       O_DIRECTORY, &none);
	char self[16];

	if (proc < 0 || !proc_is_root(proc) ||
	    file_read_link(proc, "self", self, sizeof(self), &none) < 0 ||
	    read_pid(self) != getpid())
		return -1;
	return take(&proc);
}

bool left_is_known(void)
{
	autoclose int proc = getpid() == 1 ? -1 : open_proc();

	return proc >= 0 || getpid() == 1;
}

bool left_signal(int signal)
{
	_Alignas(struct dirent) char entries[2048];
	autoclose int proc = -1;
	bool any = false;
	int length, at;

	if (getpid() == 1)
		return kill(-1, signal) == 0;
	proc = open_proc();
	while ((length = getdents(proc, (struct dirent *)entries,
				  sizeof(entries))) > 0)
		for (at = 0; at < length;) {
			struct dirent *entry = (void *)(entries + at);
			pid_t pid = read_pid(entry->d_name);

			any |= pid && signal_one(proc, pid, signal);
			at += entry->d_reclen;
		}
	return any;
}
