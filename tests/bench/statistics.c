/* statistics: quartiles, and how far the median is to be trusted */

#include "statistics.h"

#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

void sort(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
}

double quantile(const double *sorted, size_t count, double at)
{
	double place = at * (double)(count - 1);
	size_t below = (size_t)place;

	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (place - (double)below) *
	       (sorted[below + 1] - sorted[below]);
}

static double square_root(double value)
{
	double root = value > 1 ? value : 1;
	int steps = 40;

	while (steps-- > 0)
		root = (root + value / root) / 2;
	return root;
}

/* The ranks n/2 -+ 0.98 sqrt(n): the binomial distribution's, nearly. */
void median_interval(const double *sorted, size_t count, double ends[2])
{
	double half = 0.98 * square_root((double)count) / (double)count;

	ends[0] = quantile(sorted, count, half < 0.5 ? 0.5 - half : 0);
	ends[1] = quantile(sorted, count, half < 0.5 ? 0.5 + half : 1);
}
