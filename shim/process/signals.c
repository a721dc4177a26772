/* signals: as a program expects them, whatever the parent ignores */

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "fd.h"
#include "kernel/child.h"
#include "kernel/file.h"
#include "kernel/proc.h"
#include "process/process.h"

/*
 * Which signals are ignored: bit n - 1 for signal n, as proc(5) has SigIgn.
 * The only way to know of all in one go; where it is not told, without a
 * procfs or behind a long list of groups, it may be any.
 */
static uint64_t find_ignored(int outside, struct failure *why)
{
	autoclose int status = file_open(outside, "proc/self/status", O_RDONLY,
					 why);
	char text[2048];
	ssize_t length = read(status, text, sizeof(text) - 1);
	const char *line;
	uint64_t ignored = 0;

	text[length < 0 ? 0 : length] = '\0';
	line = proc_value(text, "SigIgn:\t");
	if (!line)
		return ~ignored;
	for (; *line != '\n'; line++)
		ignored = ignored << 4 |
			  (uint64_t)(*line <= '9' ? *line - '0' :
				     *line - 'a' + 10);
	return ignored;
}

int process_reset_signals(int outside, struct failure *why)
{
	why->stage = "process";
	attempt(why, NULL, WHOLE, "reset the signals", NULL);
	return signals_reset(find_ignored(outside, why), why);
}
