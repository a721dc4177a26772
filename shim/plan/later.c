/* later: parts of process that are not supported yet */

#include "later.h"

#include <stddef.h>

#include "read.h"

#define FIELD(name) .offset = offsetof(struct console_plan, name)

DEFINE_SHAPE(console, struct console_plan,
	{ "height", READ(number), RANGE(window), .required = true,
	  FIELD(height) },
	{ "width", READ(number), RANGE(window), .required = true,
	  FIELD(width) });
