/*
 * Parts of process that are read and validated, and refused as not supported
 * yet: what brings one to life moves its struct to plan.h.
 */

#ifndef PLAN_LATER_H
#define PLAN_LATER_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

struct console_plan {
	uint32_t height;
	uint32_t width;
};

struct later {
	struct console_plan console;
	bool terminal;
	bool init;
};

#endif
