/* series: medians and ratios, a line each */

#include "series.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "statistics.h"

void series_compare(struct series *series, const struct series *first,
		    unsigned at)
{
	series->time_ratio[at] = series->time[at] / first->time[at];
	series->cpu_ratio[at] = series->cpu[at] / first->cpu[at];
}

static void print_ratio(double *ratio, size_t count)
{
	double ends[2];

	sort(ratio, count);
	median_interval(ratio, count, ends);
	printf("\t%.4f\t%.4f\t%.4f", quantile(ratio, count, 0.5), ends[0],
	       ends[1]);
}

void series_print(const char *name, struct series *series, unsigned runs)
{
	sort(series->time, runs);
	sort(series->cpu, runs);
	printf("%s\t%.1f\t%.1f\t%.1f", name,
	       quantile(series->time, runs, 0.5),
	       quantile(series->time, runs, 0.25),
	       quantile(series->time, runs, 0.75));
	print_ratio(series->time_ratio, runs);
	print_ratio(series->cpu_ratio, runs);
	printf("\t%.1f", quantile(series->cpu, runs, 0.5));
}

void come_first(void)
{
	static const int priority = 1;

	setpriority(PRIO_PROCESS, 0, -20);
	/* musl has no call for it */
	syscall(SYS_sched_setscheduler, 0, 1 /* SCHED_FIFO */, &priority);
}
