/* run_state: the plan's, completed */

#include "run_state.h"

#include "document.h"

cJSON *run_state(const struct launch *launch, const char *status, pid_t pid)
{
	cJSON *state = must(cJSON_Duplicate(
			document_member(launch->plan, "state"), true));

	cJSON_DeleteItemFromObjectCaseSensitive(state, "pid");
	document_add(state, "status", cJSON_CreateString(status));
	if (pid)
		document_add(state, "pid", document_number(pid));
	return state;
}
