/* The other programs that make a container, for the same scenario. */

#ifndef PEERS_H
#define PEERS_H

#include "stage.h"

/* Their bundle and their arguments, once. */
void peers_open(const struct scenario *scenario);

/* Run runc, crun or bwrap once.  Dies where it fails. */
void peer_run(const char *name);

#endif
