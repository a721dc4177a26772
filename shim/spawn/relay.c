/* relay: two flows, a raw terminal, and its way back */

#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "document.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

/* The end of a stdin that is no terminal. */
#define END_OF_FILE '\004'

/* Milliseconds without a byte that are the end, where none is told ... */
#define SILENCE 100

/* ... and that a reader may take who reads no more. */
#define PATIENCE 5000

/* The person's terminal, and how it was: for handlers too. */
static volatile sig_atomic_t is_raw;
static struct termios before;

bool relay_has_terminal(void)
{
	return isatty(0);
}

/* From the background it is another's by now: whose shell has restored it. */
static bool is_anothers(void)
{
	pid_t foreground = tcgetpgrp(0);

	return foreground > 0 && foreground != getpgrp();
}

static void restore(void)
{
	if (is_raw && !is_anothers())
		tcsetattr(0, TCSADRAIN, &before);
	is_raw = 0;
}

/* What no handler may survive goes on to do what it does. */
static void restore_and_die(int signal)
{
	restore();
	raise(signal);
}

static void restore_whatever_comes(void)
{
	static const int deadly[] = {
		SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP,
		SIGXCPU, SIGXFSZ,
	};
	const struct sigaction action = {
		.sa_handler = restore_and_die, .sa_flags = (int)SA_RESETHAND,
	};
	size_t i;

	atexit(restore);
	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigaction(deadly[i], &action, NULL);
}

static void make_raw(void)
{
	struct termios raw = before;

	cfmakeraw(&raw);
	is_raw = tcsetattr(0, TCSADRAIN, &raw) == 0;
}

static void pass_size(const struct relay *relay)
{
	struct winsize size;

	if (ioctl(0, TIOCGWINSZ, &size) == 0)
		ioctl(relay->master, TIOCSWINSZ, &size);
}

void relay_plan(struct launch *launch)
{
	cJSON *process = document_member(launch->plan, "process");
	struct winsize size;
	cJSON *console;
	char number[16];

	if (!cJSON_IsTrue(document_member(process, "terminal")) ||
	    ioctl(0, TIOCGWINSZ, &size) < 0)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(process, "consoleSize");
	console = document_object(process, "consoleSize");
	snprintf(number, sizeof(number), "%u", size.ws_row);
	document_add(console, "height", cJSON_CreateRaw(number));
	snprintf(number, sizeof(number), "%u", size.ws_col);
	document_add(console, "width", cJSON_CreateRaw(number));
}

/*
 * A description of our own, that may be non-blocking without being so for
 * whoever shares the one that we have; that one, where there can be none.
 */
static int reopen(int fd, int flags)
{
	char path[32];
	int own;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return own < 0 ? fd : own;
}

void relay_take(struct relay *relay, int master)
{
	relay->master = master;
	relay->peer = ioctl(master, TIOCGPTPEER,
			    O_RDWR | O_NOCTTY | O_CLOEXEC);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
}

void relay_begin(struct relay *relay)
{
	if (relay->master < 0)
		return;
	relay->in = (struct flow){
		.from = reopen(0, O_RDONLY),
		.to = relay->master,
	};
	relay->out = (struct flow){
		.from = relay->master,
		.to = reopen(1, O_WRONLY),
	};
	relay->runs = true;
	signal(SIGPIPE, SIG_IGN);
	relay->is_terminal = tcgetattr(0, &before) == 0;
	if (!relay->is_terminal)
		return;
	pass_size(relay);
	restore_whatever_comes();
	make_raw();
}

static struct pollfd flow_await(const struct flow *flow)
{
	if (flow->start < flow->end)
		return (struct pollfd){ .fd = flow->to, .events = POLLOUT };
	return (struct pollfd){ .fd = flow->from, .events = POLLIN };
}

void relay_await(const struct relay *relay, struct pollfd *fds)
{
	fds[0] = fds[1] = (struct pollfd){ .fd = -1 };
	if (!relay->runs)
		return;
	fds[0] = flow_await(&relay->in);
	fds[1] = flow_await(&relay->out);
}

/* True: there is more to come, or there may be. */
static bool flow_read(struct flow *flow)
{
	ssize_t length = read(flow->from, flow->bytes, sizeof(flow->bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	flow->start = 0;
	flow->end = length > 0 ? (size_t)length : 0;
	return length > 0;
}

/* What nobody takes is lost, and holds nobody. */
static void flow_write(struct flow *flow)
{
	ssize_t length = write(flow->to, flow->bytes + flow->start,
			       flow->end - flow->start);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length < 0)
		flow->to = -1;
	else
		flow->start += (size_t)length;
	if (flow->to < 0)
		flow->start = flow->end;
}

/*
 * A terminal that is gone takes the container's along, as it would have its
 * own session; the end of a file does not.
 */
static void end_input(struct relay *relay)
{
	relay->in.from = -1;
	if (!relay->is_terminal) {
		relay->in.bytes[0] = END_OF_FILE;
		relay->in.start = 0;
		relay->in.end = 1;
		return;
	}
	relay->runs = false;
	close(relay->peer);
	close(relay->master);
	relay->master = relay->peer = -1;
}

static void move_in(struct relay *relay, const struct pollfd *ready)
{
	if (ready->events == POLLOUT)
		flow_write(&relay->in);
	else if (!flow_read(&relay->in))
		end_input(relay);
}

/* EIO: the session is over, whoever else has it open. */
static void move_out(struct relay *relay, const struct pollfd *ready)
{
	if (ready->events == POLLOUT)
		flow_write(&relay->out);
	else if (!flow_read(&relay->out))
		relay->out.from = -1;
}

void relay_move(struct relay *relay, const struct pollfd *fds)
{
	if (relay->runs && fds[1].revents)
		move_out(relay, &fds[1]);
	if (relay->runs && fds[0].revents)
		move_in(relay, &fds[0]);
}

bool relay_hears(struct relay *relay, int signal)
{
	if (!relay->runs || (signal != SIGWINCH && signal != SIGCONT))
		return false;
	/* a shell that had us stopped has had its own way with the terminal */
	if (signal == SIGCONT && relay->is_terminal)
		make_raw();
	pass_size(relay);
	return true;
}

/* With the last peer's end the master's comes: EIO, when all is read. */
static void drain(struct relay *relay)
{
	struct flow *out = &relay->out;
	int ready;

	close(relay->peer);
	relay->peer = -1;
	while (out->from >= 0 || out->start < out->end) {
		struct pollfd next = flow_await(out);

		ready = poll(&next, 1, next.events == POLLOUT ? PATIENCE :
								SILENCE);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			break;
		move_out(relay, &next);
	}
}

void relay_end(struct relay *relay)
{
	if (relay->runs)
		drain(relay);
	relay->runs = false;
	restore();
	close(relay->peer);
	close(relay->master);
	relay->master = relay->peer = -1;
}
