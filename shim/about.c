/* about: the tables that the program works by, printed */

#include "about.h"

#include <unistd.h>

#include "format.h"
#include "kernel/facilities.h"
#include "options.h"
#include "plan/options.h"
#include "sync/json.h"

/* The names are our own words: nothing in them needs an escape. */
static void list_options(struct json *to)
{
	char item[64];
	size_t i;

	json_key(to, "mountOptions");
	json_raw(to, "[");
	for (i = 0; i < mount_option_count; i++) {
		format_text(item, sizeof(item), "%s\"%s\"", i ? "," : "",
			 mount_options[i].name);
		json_raw(to, item);
	}
	json_raw(to, "]");
}

static void list_facilities(struct json *to)
{
	char item[64];
	size_t i;

	json_key(to, "kernel");
	json_raw(to, "{");
	for (i = 0; i < facility_count; i++) {
		format_text(item, sizeof(item), "%s\"%s\":%s", i ? "," : "",
			 facilities[i].name,
			 facility_is_there(&facilities[i]) ? "true" : "false");
		json_raw(to, item);
	}
	json_raw(to, "}");
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
