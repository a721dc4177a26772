/* pause: a target that does nothing, and waits to be killed */

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	/* nor does it outlive the test that has it run */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}
