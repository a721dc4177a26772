/* about: the tables that the program works by, printed */

#include "about.h"

#include <unistd.h>

#include "kernel/facilities.h"
#include "options.h"
#include "plan/options.h"
#include "sync/json.h"

static void list_options(struct json *to)
{
	size_t i;

	json_key(to, "mountOptions");
	json_raw(to, "[");
	to->comma = false;
	for (i = 0; i < mount_option_count; i++)
		json_item(to, mount_options[i].name);
	json_raw(to, "]");
}

static void list_facilities(struct json *to)
{
	size_t i;

	json_key(to, "kernel");
	json_open(to);
	for (i = 0; i < facility_count; i++) {
		json_key(to, facilities[i].name);
		json_raw(to, facility_is_there(&facilities[i]) ? "true"
							       : "false");
	}
	json_close(to);
}

int features_print(struct failure *why)
{
	char text[4096];
	struct json to = { .text = text, .size = sizeof(text) };

	attempt(why, NULL, WHOLE, "print the features", NULL);
	json_open(&to);
	json_string(&to, "version", version_number);
	json_key(&to, "planVersions");
	json_raw(&to, "[1]");
	list_options(&to);
	list_facilities(&to);
	json_close(&to);
	json_raw(&to, "\n");
	if (write(1, text, to.length) < 0)
		return failed(why, "write");
	return 0;
}
