/*
 * Parts of process that are read and validated, and refused as not supported
 * yet: what brings one to life moves its struct to plan.h.
 */

#ifndef PLAN_LATER_H
#define PLAN_LATER_H

#include <stdbool.h>

#include "plan.h"

struct later {
	bool init;
};

#endif
