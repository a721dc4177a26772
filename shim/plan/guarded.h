/*
 * /proc is guarded: what is mounted on or below it could show the kernel's
 * own word to be another (threats: CVE-2019-16884).
 */

#ifndef PLAN_GUARDED_H
#define PLAN_GUARDED_H

enum guarded {
	GUARDED_NOT,		/* elsewhere, or a file that may be covered */
	GUARDED_ROOT,		/* /proc itself: for a procfs only */
	GUARDED_BELOW,		/* below it: for nothing */
};

/*
 * What is known of a destination.
 *
 * spelled   as the plan has it; a link of the procfs may be in it ("net")
 * resolved  free of symlinks and ".."; as far as that is not known yet, the
 *           same as spelled
 */
enum guarded guarded_place(const char *spelled, const char *resolved);

#endif
