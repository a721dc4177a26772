/* target: runs, and is done: what it costs is not measured */

int main(void)
{
	return 0;
}
