/* Kernel parameters: sysctl(8) names, and which namespace makes one ours. */

#ifndef PLAN_SYSCTL_H
#define PLAN_SYSCTL_H

#include "read.h"

/* Those that no listed namespace isolates, and files that are named twice. */
void sysctls_check(struct reader *r);

#endif
