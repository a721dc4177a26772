/* Order statistics: no mean, which one interrupted run would move. */

#ifndef STATISTICS_H
#define STATISTICS_H

#include <stddef.h>

/* Ascending. */
void sort(double *values, size_t count);

/* Of sorted values: 0.5 is the median. */
double quantile(const double *sorted, size_t count, double at);

/* Ends of the interval that has the median of all runs in 95 % of cases. */
void median_interval(const double *sorted, size_t count, double ends[2]);

#endif
