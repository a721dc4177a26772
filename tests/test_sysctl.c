/* finalize: sysctls, by a procfs that is not the container's */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "box.h"
#include "own_root.h"
#include "kernel/abi.h"
#include "lacking.h"

/* What the host has; "" where it lacks it. */
static const char *hosts(struct box *box, const char *path)
{
	char text[256] = "";
	FILE *file = fopen(path, "re");

	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return box_keep(box, strdup(text));
}

#define NAMESPACES "\"namespaces\": [\"mount\", \"pid\", \"ipc\", \"uts\", " \
	"\"network\"], "

static void sysctls_of_new_namespaces_are_set(void **state)
{
	struct box *box = *state;
	const char *before = hosts(box, "/proc/sys/kernel/msgmax");
	const char *forward = hosts(box, "/proc/sys/net/ipv4/ip_forward");

	box_program(box, "show");

	box_run(box, NAMESPACES JSON(
		"mounts": [{"type": "proc", "destination": "/proc"}],
		"readonlyPaths": ["/proc/sys"],
		"sysctl": {
			"kernel.msgmax": "4321",
			"kernel/shm_rmid_forced": "1",
			"net.ipv4.ip_forward": "1",
			"net/ipv4/conf/lo/arp_filter": "1",
			"net.ipv4.ping_group_range": "0 7"},
		"process": {"args": ["/bin/show", "read",
			"/proc/sys/kernel/msgmax",
			"/proc/sys/kernel/shm_rmid_forced",
			"/proc/sys/net/ipv4/ip_forward",
			"/proc/sys/net/ipv4/conf/lo/arp_filter",
			"/proc/sys/net/ipv4/ping_group_range"]}));
	box_wait(box);

	assert_string_equal(box->error, "");
	assert_non_null(strstr(box->output, "/kernel/msgmax 4321\n"));
	assert_non_null(strstr(box->output, "/shm_rmid_forced 1\n"));
	assert_non_null(strstr(box->output, "/ip_forward 1\n"));
	assert_non_null(strstr(box->output, "/arp_filter 1\n"));
	assert_non_null(strstr(box->output, "/ping_group_range 0\t7\n"));
	assert_string_equal(hosts(box, "/proc/sys/kernel/msgmax"), before);
	assert_string_equal(hosts(box, "/proc/sys/net/ipv4/ip_forward"),
			    forward);
}

/* The image has a /proc of its own, of files (CVE-2025-52881). */
static void files_of_the_image_are_not_written(void **state)
{
	struct box *box = *state;

	box_file(box, "/proc/sys/net/ipv4/ip_forward", "of the image");
	box_symlink(box, "/proc/sys/net/core", "/etc");
	box_file(box, "/etc/somaxconn", "of the image");

	box_run(box, NAMESPACES JSON(
		"sysctl": {"net.ipv4.ip_forward": "1",
			   "net.core.somaxconn": "77"}));

	assert_string_equal(box->error, "");
	assert_string_equal(box_read(box, "/proc/sys/net/ipv4/ip_forward"),
			    "of the image");
	assert_string_equal(box_read(box, "/etc/somaxconn"), "of the image");
}

/* Those of a chroot's host, too, but for that on /proc. */
static void umount_other_procfs(struct box *box)
{
	const char *line = box_mountinfo(box, 0);
	char at[4096];

	for (; *line; line += *line == '\n') {
		size_t length = strcspn(line, "\n");
		const char *type = strstr(line, " - proc ");

		if (type && type < line + length &&
		    sscanf(line, "%*s %*s %*s %*s %4095s", at) == 1 &&
		    strcmp(at, "/proc") != 0)
			umount2(at, MNT_DETACH);
		line += length;
	}
}

/*
 * In a user namespace the kernel makes no new procfs where the host has a part
 * of its own covered, and the host's serves; but what covers it does not.
 */
static void what_covers_the_hosts_file_is_not_written(void **state)
{
	static const char covered[] = "/proc/sys/kernel/domainname";
	struct box *box = *state;

	if (own_root_was_made)
		box_skip("around this chroot is a procfs that shows all");
	umount_other_procfs(box);
	box_file(box, "/tmp/cover", "of the host");
	assert_int_equal(mount("/tmp/cover", covered, NULL, MS_BIND, NULL), 0);

	box_run(box, JSON("sysctl": {"kernel.domainname": "sample"}));

	assert_string_equal(box_read(box, "/tmp/cover"), "of the host");
	assert_string_equal(box->error, "cannot set the sysctl "
		"kernel.domainname: openat2: Cross-device link (plan item "
		"/sysctl/kernel.domainname)");
}

static void cover_procfs(struct box *box)
{
	(void)box;
	if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0 ||
	    mount("/tmp/cover", "/proc", NULL, MS_BIND, NULL) < 0 ||
	    !lacking(NR_FSOPEN, ENOSYS))
		_exit(1);
}

/* Nor does what is where the host's procfs should be, if it is none. */
static void what_covers_the_hosts_procfs_is_not_written(void **state)
{
	struct box *box = *state;

	box_file(box, "/tmp/cover/sys/kernel/domainname", "of the host");
	box->before = cover_procfs;

	box_run(box, JSON("sysctl": {"kernel.domainname": "sample"}));

	assert_string_equal(box_read(box, "/tmp/cover/sys/kernel/domainname"),
			    "of the host");
}

static void value_that_the_kernel_refuses_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, NAMESPACES JSON(
		"sysctl": {"net.ipv4.ip_forward": "1",
			   "net.ipv4.ping_group_range": "some"}));

	assert_string_equal(box->error, "cannot set the sysctl "
		"net.ipv4.ping_group_range: write: Invalid argument (plan item "
		"/sysctl/net.ipv4.ping_group_range)");
	assert_string_equal(box->stage, "finalize");
	assert_string_equal(box->pointer, "/sysctl/net.ipv4.ping_group_range");
}

static void sysctl_that_the_kernel_lacks_is_blamed(void **state)
{
	struct box *box = *state;

	box_run(box, NAMESPACES JSON("sysctl": {"net.ipv4.nosuch": "1"}));

	assert_string_equal(box->error, "cannot set the sysctl "
		"net.ipv4.nosuch: openat2: No such file or directory (plan "
		"item /sysctl/net.ipv4.nosuch)");
}

static void pointer_escapes_the_slashes_of_a_name(void **state)
{
	struct box *box = *state;

	box_run(box, NAMESPACES JSON("sysctl": {"net/ipv4/no~such": "1"}));

	assert_string_equal(box->pointer, "/sysctl/net~1ipv4~1no~0such");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_BOTH(sysctls_of_new_namespaces_are_set),
		BOX_TEST_IN_USERNS(files_of_the_image_are_not_written),
		BOX_TEST_BOTH(files_of_the_image_are_not_written),
		BOX_TEST_IN_USERNS(what_covers_the_hosts_file_is_not_written),
		BOX_TEST(what_covers_the_hosts_procfs_is_not_written),
		BOX_TEST_BOTH(value_that_the_kernel_refuses_is_blamed),
		BOX_TEST_BOTH(sysctl_that_the_kernel_lacks_is_blamed),
		BOX_TEST_BOTH(pointer_escapes_the_slashes_of_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
