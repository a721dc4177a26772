/* What a subject took, run by run, and the line that is printed of it. */

#ifndef SERIES_H
#define SERIES_H

#define RUNS 2000
#define WARM 3			/* rounds that are not counted */

struct series {
	double time[RUNS], time_ratio[RUNS];	/* microseconds */
	double cpu[RUNS], cpu_ratio[RUNS];
};

/* Both ratios of one round. */
void series_compare(struct series *series, const struct series *first,
		    unsigned at);

/*
 * Name; median and quartiles in microseconds; the median of the ratios and the
 * 95 % interval of that; the same three of the time on a CPU; that time.  No
 * newline.  Sorts the series.
 */
void series_print(const char *name, struct series *series, unsigned runs);

/*
 * Others on this machine shall not be measured along.  Real-time priority is
 * inherited, and what is measured runs for milliseconds.
 */
void come_first(void);

#endif
