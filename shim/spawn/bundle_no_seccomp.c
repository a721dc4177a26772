/* bundle_no_seccomp: without libseccomp nobody writes the filter */

#include "translation.h"

void take_seccomp(struct translation *t, const struct place *at,
		  const cJSON *value, cJSON *into)
{
	(void)value;
	(void)into;
	fault(t->faults, at, "cannot be honoured: this init-shim-run was "
	      "built without libseccomp");
}
