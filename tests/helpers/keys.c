/*
 * keys: a target that tells of all that comes through its terminal: signals,
 * sizes and lines.  "quit N" and the end of file are its end; "flood N" says N
 * times as much at once, and ends it too.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void say(const char *text)
{
	if (write(1, text, strlen(text)) < 0)
		_exit(9);
}

static void say_size(void)
{
	struct winsize size = {0};
	char text[64];

	ioctl(0, TIOCGWINSZ, &size);
	snprintf(text, sizeof(text), "size %d %d\n", size.ws_row, size.ws_col);
	say(text);
}

static void on_signal(int number)
{
	switch (number) {
	case SIGINT:
		say("SIGINT\n");
		break;
	case SIGQUIT:
		say("SIGQUIT\n");
		break;
	case SIGTSTP:
		say("SIGTSTP\n");
		break;
	case SIGWINCH:
		say_size();
		break;
	}
}

static int obey(const char *line)
{
	static char row[1001];
	int i;

	memset(row, 'x', 999);
	row[999] = '\n';
	if (strncmp(line, "quit ", 5) == 0)
		return atoi(line + 5);
	if (strncmp(line, "flood ", 6) == 0) {
		for (i = atoi(line + 6); i > 0; i--)
			say(row);
		say("the end\n");
		return 0;
	}
	say("line: ");
	say(line);
	return -1;
}

int main(void)
{
	static const int signals[] = { SIGINT, SIGQUIT, SIGTSTP, SIGWINCH };
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = SA_RESTART,
	};
	char line[256];
	int status;
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	say_size();
	while (fgets(line, sizeof(line), stdin))
		if ((status = obey(line)) >= 0)
			return status;
	say("end of file\n");
	return 3;
}
