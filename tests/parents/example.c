/* example PLAN [SHIM]: run a container, exit as it does */

#include <init-shim.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	const struct init_shim_fd fds[] = { { 0, 0 }, { 1, 1 }, { 2, 2 } };
	struct init_shim_how how = { .plan = argc > 1 ? argv[1] : "",
				     .fds = fds, .fd_count = 3 };
	struct init_shim_status status = { .exit_code = 125 };
	struct init_shim_message message = { .fd = -1 };
	struct init_shim_container *container = NULL;
	struct init_shim_error *error = NULL;
	struct init_shim *shim;

	shim = init_shim_open(argc > 2 ? argv[2] : NULL, &error);
	if (shim)
		container = init_shim_spawn(shim, &how, &error);
	while (container && message.event != INIT_SHIM_RUNNING &&
	       init_shim_next(container, -1, &message, &error) > 0) {
		if (message.event == INIT_SHIM_HOOKS) {
			fputs("hooks: the network would be made now\n",
			      stderr);
			init_shim_resume(container, NULL);
		} else if (message.event == INIT_SHIM_READY) {
			fputs("ready: the target may start\n", stderr);
			init_shim_start(container, NULL);
		}
	}
	if (error)
		fprintf(stderr, "%s [%s %s %s]\n", error->message,
			error->stage, error->pointer, error->name);
	if (container)
		init_shim_wait(container, -1, &status, NULL);
	init_shim_error_free(error);
	init_shim_free(container);
	init_shim_close(shim);
	return status.signal ? 128 + status.signal : status.exit_code;
}
