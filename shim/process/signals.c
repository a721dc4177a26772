/* signals: as a program expects them, whatever the parent ignores */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/child.h"
#include "kernel/proc.h"
#include "kernel/task.h"
#include "process/process.h"

/*
 * Which signals are ignored: bit n - 1 for signal n, as proc(5) has SigIgn.
 * The only way to know of all in one go.
 */
static int read_ignored(int outside, uint64_t *ignored)
{
	autoclose int status = openat(outside, "proc/self/status",
				      O_RDONLY | O_CLOEXEC);
	char text[2048];
	const char *line;
	ssize_t length;

	if (status < 0)
		return -1;
	length = read(status, text, sizeof(text) - 1);
	if (length < 0)
		return -1;
	text[length] = '\0';
	/* a long list of groups may push it out */
	line = proc_value(text, "SigIgn:\t");
	if (!line)
		return -1;
	for (*ignored = 0; *line != '\n'; line++)
		*ignored = *ignored << 4 |
			   (uint64_t)(*line <= '9' ? *line - '0' :
				      *line - 'a' + 10);
	return 0;
}

int process_reset_signals(int outside, struct failure *why)
{
	uint64_t ignored;
	sigset_t none;

	why->stage = "process";
	attempt(why, NULL, WHOLE, "reset the signals", NULL);
	if (read_ignored(outside, &ignored) < 0) {
		signals_reset();	/* without a procfs: one by one */
		return 0;
	}
	for (; ignored; ignored &= ignored - 1)
		if (task_default_signal(__builtin_ctzll(ignored) + 1, why) < 0)
			return -1;
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) < 0)
		return failed(why, "sigprocmask");
	return 0;
}
