/* --features: what this shim and this kernel can do, as JSON for programs. */

#ifndef ABOUT_H
#define ABOUT_H

#include "failure.h"

/*
 * Print {"version", "planVersions", "mountOptions", "kernel"} and a newline on
 * standard output.  Returns the exit status 0, or -1 with *why.
 */
int features_print(struct failure *why);

#endif
