/*
 * Descriptors: one owner each, close-on-exec from birth.
 *
 * An owner is declared autoclose or autorelease, a plain int parameter is
 * borrowed, a returned descriptor is the caller's.
 */

#ifndef FD_H
#define FD_H

/* An int that owns a descriptor: closed when it leaves scope; -1 is empty. */
#define autoclose __attribute__((cleanup(fd_close)))

/*
 * The same for a place (O_PATH) or a mount, whose close nobody waits for: it
 * is put aside and closed together with others, in one system call.
 */
#define autorelease __attribute__((cleanup(fd_release)))

void fd_close(int *fd);
void fd_release(int *fd);

/* Close now what is put aside: before many descriptors are needed at once. */
void fd_close_aside(void);

/* Give the descriptor away: "return take(&detached);" leaves it empty. */
int take(int *fd);

#endif
