/* attributes: of a mount and of all below it, set, cleared and left alone */

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "box.h"
#include "kernel/abi.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define ALL (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | \
	     MS_NODIRATIME | MS_NOSYMFOLLOW)
#define SHOWN "ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow"

/* Options of a recursive bind, and what its two mounts are then. */
struct row {
	const char *options;
	const char *top;
	const char *below;
};

static void make_volumes(struct box *box, unsigned long flags)
{
	box_dir(box, "/tmp/volume", 0755);
	box_mount(box, "volume", "/tmp/volume", "tmpfs", 0, NULL);
	box_dir(box, "/tmp/volume/below", 0755);
	box_mount(box, "below", "/tmp/volume/below", "tmpfs", flags, NULL);
	if (flags)
		box_mount(box, NULL, "/tmp/volume", NULL,
			  MS_REMOUNT | MS_BIND | flags, NULL);
}

static void bind_rows(struct box *box, const struct row *rows, size_t count,
		      unsigned long flags)
{
	static char plan[32768];
	char path[32], seen[512], wanted[512];
	int length = sprintf(plan, "\"mounts\": [");
	size_t i;

	make_volumes(box, flags);
	for (i = 0; i < count; i++)
		length += sprintf(plan + length, "%s{\"source\": \"/tmp/"
				  "volume\", \"destination\": \"/%zu\", "
				  "\"options\": [\"rbind\", %s]}",
				  i ? ", " : "", i, rows[i].options);
	sprintf(plan + length, "]");
	box_run(box, "%s", plan);

	assert_string_equal(box->error, "");
	for (i = 0; i < count; i++) {
		snprintf(wanted, sizeof(wanted), "%s: %s; %s",
			 rows[i].options, rows[i].top, rows[i].below);
		snprintf(path, sizeof(path), "/%zu", i);
		length = snprintf(seen, sizeof(seen), "%s: %s; ",
				  rows[i].options,
				  box_mount_options(box, path));
		snprintf(path, sizeof(path), "/%zu/below", i);
		snprintf(seen + length, sizeof(seen) - (size_t)length, "%s",
			 box_mount_options(box, path));
		assert_string_equal(seen, wanted);
	}
}

#define SAME(both, ...) { #__VA_ARGS__, both, both }

/* Where nothing is set outside, and relatime is the kernel's default. */
static const struct row set_rows[] = {
	SAME("ro,relatime", "rro"),
	SAME("rw,nosuid,relatime", "rnosuid"),
	SAME("rw,nodev,relatime", "rnodev"),
	SAME("rw,noexec,relatime", "rnoexec"),
	SAME("rw,relatime,nosymfollow", "rnosymfollow"),
	/* alone */
	{ JSON("ro"), "ro,relatime", "rw,relatime" },
	{ JSON("nosuid"), "rw,nosuid,relatime", "rw,relatime" },
	{ JSON("nosymfollow"), "rw,relatime,nosymfollow", "rw,relatime" },
	/* one mount of the tree is another, and the last one wins */
	{ JSON("rro", "rw"), "rw,relatime", "ro,relatime" },
	{ JSON("rw", "rro"), "ro,relatime", "ro,relatime" },
	{ JSON("ro", "rrw"), "rw,relatime", "rw,relatime" },
	{ JSON("rnosuid", "suid"), "rw,relatime", "rw,nosuid,relatime" },
	{ JSON("rro", "rrw", "rnodev", "rdev", "rnodev"),
	  "rw,nodev,relatime", "rw,nodev,relatime" },
};

/* These a user namespace locks, whatever they are. */
static const struct row atime_rows[] = {
	SAME("rw,noatime", "rnoatime"),
	SAME("rw", "rstrictatime"),
	SAME("rw,relatime", "rrelatime"),
	SAME("rw,nodiratime,relatime", "rnodiratime"),
	{ JSON("noatime"), "rw,noatime", "rw,relatime" },
	{ JSON("strictatime"), "rw", "rw,relatime" },
	{ JSON("nodiratime"), "rw,nodiratime,relatime", "rw,relatime" },
	{ JSON("rnoatime", "strictatime"), "rw", "rw,noatime" },
	{ JSON("noatime", "rstrictatime"), "rw", "rw" },
};

static void recursive_atime_words_set_what_is_below_too(void **state)
{
	bind_rows(*state, atime_rows, COUNT(atime_rows), 0);
}

static void recursive_words_set_what_is_below_too(void **state)
{
	bind_rows(*state, set_rows, COUNT(set_rows), 0);
}

#define BUT_RO "rw,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow"
#define BUT_SUID "ro,nodev,noexec,noatime,nodiratime,nosymfollow"
#define BUT_DEV "ro,nosuid,noexec,noatime,nodiratime,nosymfollow"
#define BUT_EXEC "ro,nosuid,nodev,noatime,nodiratime,nosymfollow"
#define BUT_ATIME "ro,nosuid,nodev,noexec,nodiratime,relatime,nosymfollow"
#define BUT_DIR "ro,nosuid,nodev,noexec,noatime,nosymfollow"
#define BUT_LINK "ro,nosuid,nodev,noexec,noatime,nodiratime"
#define STRICT "ro,nosuid,nodev,noexec,nodiratime,nosymfollow"

/* Where all is set outside. */
static const struct row clear_rows[] = {
	SAME(BUT_RO, "rrw"),
	SAME(BUT_SUID, "rsuid"),
	SAME(BUT_DEV, "rdev"),
	SAME(BUT_EXEC, "rexec"),
	SAME(BUT_ATIME, "ratime"),
	SAME(BUT_ATIME, "rrelatime"),
	SAME(STRICT, "rstrictatime"),
	SAME(BUT_DIR, "rdiratime"),
	SAME(BUT_LINK, "rsymfollow"),
	{ JSON("rw"), BUT_RO, SHOWN },
	{ JSON("suid"), BUT_SUID, SHOWN },
	{ JSON("dev"), BUT_DEV, SHOWN },
	{ JSON("exec"), BUT_EXEC, SHOWN },
	{ JSON("atime"), BUT_ATIME, SHOWN },
	{ JSON("relatime"), BUT_ATIME, SHOWN },
	{ JSON("strictatime"), STRICT, SHOWN },
	{ JSON("diratime"), BUT_DIR, SHOWN },
	{ JSON("symfollow"), BUT_LINK, SHOWN },
	/* asking for one never takes another away */
	SAME(SHOWN, "ro"),
	SAME(SHOWN, "rro"),
	SAME(SHOWN, "nosuid"),
	SAME(SHOWN, "rnoexec"),
	/* what only takes back, takes back what the plan said */
	SAME(BUT_ATIME, "rstrictatime", "rnostrictatime"),
	SAME(SHOWN, "norelatime"),
	SAME(SHOWN, "rnorelatime"),
};

static void words_clear_what_is_set_outside(void **state)
{
	bind_rows(*state, clear_rows, COUNT(clear_rows), ALL);
}

/* In a user namespace all that is set outside is locked. */
static const struct row locked_rows[] = {
	SAME(SHOWN, "rslave"),
	SAME(SHOWN, "norelatime"),
	SAME(SHOWN, "ro"),
	SAME(SHOWN, "rro"),
	SAME(SHOWN, "rnosuid"),
	SAME(SHOWN, "noatime"),
	SAME(SHOWN, "ro", "nosuid", "nodev", "noexec"),
};

static void locked_flags_are_not_in_the_way(void **state)
{
	bind_rows(*state, locked_rows, COUNT(locked_rows), ALL);
}

static void locked_flags_are_an_error_to_clear(void **state)
{
	static const char *const words[] = {
		"rw", "suid", "dev", "exec", "relatime", "strictatime", "rrw",
		"rsuid", "rdev", "rexec", "rrelatime", "rstrictatime",
	};
	struct box *box = *state;
	size_t i;

	make_volumes(box, ALL);
	for (i = 0; i < COUNT(words); i++) {
		box_run(box, JSON("mounts": [
			{"source": "/tmp/volume", "destination": "/a",
			 "options": ["rbind", "%s"]}]), words[i]);

		box_refused(box, "cannot mount /a: CALL: Operation not permitted; in a "
		"user namespace a mount keeps the flags and the atime mode "
		"that it has outside (plan item /mounts/0)",
		"mount_setattr", "mount");
	}
}

static void bind_that_would_uncover_says_so(void **state)
{
	struct box *box = *state;

	make_volumes(box, 0);

	box_run(box, JSON("mounts": [
		{"source": "/tmp/volume", "destination": "/a"}]));

	box_refused(box, "cannot mount /a: CALL: Invalid argument: source "
		"/tmp/volume; it is unbindable, or covered in parts by mounts "
		"that a user namespace has to keep: use rbind (plan item "
		"/mounts/0)", "open_tree", "mount");
}

static void remount_takes_no_flag_away(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"destination": "/a", "type": "tmpfs",
		 "options": ["nosuid", "nodev", "noexec", "noatime",
			     "nodiratime", "nosymfollow"]},
		{"destination": "/a", "type": "tmpfs",
		 "options": ["remount", "ro"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/a"), SHOWN);
}

static void remount_has_recursive_words_too(void **state)
{
	struct box *box = *state;

	box_run(box, JSON("mounts": [
		{"destination": "/a", "type": "tmpfs"},
		{"destination": "/a/b", "type": "tmpfs"},
		{"destination": "/a", "options": ["remount", "bind",
						  "rnoexec"]},
		{"destination": "/a", "type": "tmpfs",
		 "options": ["remount", "rnodev", "size=64k"]}]));

	assert_string_equal(box->error, "");
	assert_string_equal(box_mount_options(box, "/a"),
			    "rw,nodev,noexec,relatime");
	assert_string_equal(box_mount_options(box, "/a/b"),
			    "rw,nodev,noexec,relatime");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST_ALL(recursive_words_set_what_is_below_too),
		BOX_TEST(recursive_atime_words_set_what_is_below_too),
		BOX_TEST(words_clear_what_is_set_outside),
		BOX_TEST_IN_USERNS(locked_flags_are_not_in_the_way),
		BOX_TEST_IN_USERNS(locked_flags_are_an_error_to_clear),
		BOX_TEST_IN_USERNS(bind_that_would_uncover_says_so),
		BOX_TEST_ALL(remount_takes_no_flag_away),
		BOX_TEST_ALL(remount_has_recursive_words_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
