/* copyup: the copy is what the original was */

#include "mounts/copyup.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "fd.h"
#include "field.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, field_open, field_close)

static void files_and_directories_are_copied(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/a", 0755);
	field_dir(field, "from/a/b", 0755);
	field_dir(field, "from/empty", 0755);
	field_file(field, "from/a/b/file", "text\n", 0644);
	field_file(field, "from/nothing", "", 0644);
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_string_equal(field_text(field, "to/a/b/file"), "text\n");
	assert_int_equal(field_stat(field, "to/nothing").st_size, 0);
	assert_true(S_ISDIR(field_stat(field, "to/empty").st_mode));
}

static void modes_are_kept(void **state)
{
	static const mode_t modes[] = { 0, 0400, 0666, 0755, 01777, 02755,
					04711, 06755, 07777 };
	struct field *field = field_of(state);
	char name[32];
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		snprintf(name, sizeof(name), "from/file%zu", i);
		field_file(field, name, "text", modes[i]);
		must(chown(field_path(field, name), 7, 8));
		must(chmod(field_path(field, name), modes[i]));
		snprintf(name, sizeof(name), "from/dir%zu", i);
		field_dir(field, name, modes[i]);
	}
	field_copy(field);

	assert_string_equal(field->error, "");
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		snprintf(name, sizeof(name), "to/file%zu", i);
		assert_int_equal(field_stat(field, name).st_mode & 07777,
				 modes[i]);
		snprintf(name, sizeof(name), "to/dir%zu", i);
		assert_int_equal(field_stat(field, name).st_mode & 07777,
				 modes[i]);
	}
}

static void owners_are_kept_of_links_too(void **state)
{
	struct field *field = field_of(state);

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/dir/file", "text", 0644);
	must(symlink("/nowhere", field_path(field, "from/link")));
	must(mknod(field_path(field, "from/fifo"), S_IFIFO | 0644, 0));
	must(lchown(field_path(field, "from/dir"), 11, 12));
	must(lchown(field_path(field, "from/dir/file"), 13, 14));
	must(lchown(field_path(field, "from/link"), 15, 16));
	must(lchown(field_path(field, "from/fifo"), 17, 18));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(field_stat(field, "to/dir").st_uid, 11);
	assert_int_equal(field_stat(field, "to/dir").st_gid, 12);
	assert_int_equal(field_stat(field, "to/dir/file").st_uid, 13);
	assert_int_equal(field_stat(field, "to/dir/file").st_gid, 14);
	assert_int_equal(field_stat(field, "to/link").st_uid, 15);
	assert_int_equal(field_stat(field, "to/link").st_gid, 16);
	assert_int_equal(field_stat(field, "to/fifo").st_uid, 17);
	assert_int_equal(field_stat(field, "to/fifo").st_gid, 18);
}

static void symlinks_keep_their_text(void **state)
{
	struct field *field = field_of(state);
	char text[4095];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	must(symlink("../../../etc/passwd", field_path(field, "from/up")));
	must(symlink(text, field_path(field, "from/long")));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_string_equal(field_text(field, "to/up"), "../../../etc/passwd");
	assert_string_equal(field_text(field, "to/long"), text);
}

static void bind_socket(const char *path)
{
	autoclose int fd = (int)must(socket(AF_UNIX, SOCK_STREAM, 0));
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	must(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

static void devices_fifos_and_sockets_are_made_anew(void **state)
{
	struct field *field = field_of(state);

	must(mknod(field_path(field, "from/char"), S_IFCHR, makedev(5, 77)));
	must(mknod(field_path(field, "from/block"), S_IFBLK, makedev(7, 3)));
	must(mknod(field_path(field, "from/fifo"), S_IFIFO, 0));
	must(chmod(field_path(field, "from/char"), 02620));
	bind_socket(field_path(field, "from/socket"));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(field_stat(field, "to/char").st_mode, S_IFCHR | 02620);
	assert_int_equal(field_stat(field, "to/char").st_rdev, makedev(5, 77));
	assert_true(S_ISBLK(field_stat(field, "to/block").st_mode));
	assert_int_equal(field_stat(field, "to/block").st_rdev, makedev(7, 3));
	assert_true(S_ISFIFO(field_stat(field, "to/fifo").st_mode));
	assert_true(S_ISSOCK(field_stat(field, "to/socket").st_mode));
}

static void age(const struct field *field, const char *name, long nanoseconds)
{
	const struct timespec times[2] = { { 1000000000, nanoseconds },
					   { 1100000000, nanoseconds + 1 } };

	must(utimensat(AT_FDCWD, field_path(field, name), times,
		       AT_SYMLINK_NOFOLLOW));
}

static void assert_age(const struct field *field, const char *name,
		       long nanoseconds)
{
	struct stat st = field_stat(field, name);

	assert_int_equal(st.st_atim.tv_sec, 1000000000);
	assert_int_equal(st.st_atim.tv_nsec, nanoseconds);
	assert_int_equal(st.st_mtim.tv_sec, 1100000000);
	assert_int_equal(st.st_mtim.tv_nsec, nanoseconds + 1);
}

static void times_are_kept_to_the_nanosecond(void **state)
{
	static const char *const names[] = { "/dir/file", "/dir/link",
					     "/dir/fifo", "/dir", "" };
	struct field *field = field_of(state);
	char name[32];
	size_t i;

	field_dir(field, "from/dir", 0755);
	field_file(field, "from/dir/file", "text", 0644);
	must(symlink("text", field_path(field, "from/dir/link")));
	must(mknod(field_path(field, "from/dir/fifo"), S_IFIFO | 0644, 0));
	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "from%s", names[i]);
		age(field, name, (long)i * 1000 + 7);
	}
	field_copy(field);

	assert_string_equal(field->error, "");
	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "to%s", names[i]);
		assert_age(field, name, (long)i * 1000 + 7);
	}
	/* reading it has not left a trace, but for what stat(2) does not do */
	assert_age(field, "from/dir/file", 7);
	assert_age(field, "from/dir", 3007);
}

static void topmost_directory_keeps_its_own_but_for_the_mode(void **state)
{
	struct field *field = field_of(state);

	must(chown(field_path(field, "from"), 21, 22));
	must(chmod(field_path(field, "from"), 01777));
	must(setxattr(field_path(field, "from"), "trusted.it", "yes", 3, 0));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(field_stat(field, "to").st_uid, 21);
	assert_int_equal(field_stat(field, "to").st_gid, 22);
	assert_string_equal(field_xattr(field, "to", "trusted.it"), "yes");
	/* what the plan said when the tmpfs was made */
	assert_int_equal(field_stat(field, "to").st_mode, S_IFDIR | 0751);
}

/* user::rw-, user:1000:r--, group::r--, mask::r--, other::--- */
static const unsigned char acl[] = {
	2, 0, 0, 0,
	0x01, 0, 6, 0, 255, 255, 255, 255,
	0x02, 0, 4, 0, 0xe8, 3, 0, 0,
	0x04, 0, 4, 0, 255, 255, 255, 255,
	0x10, 0, 4, 0, 255, 255, 255, 255,
	0x20, 0, 0, 0, 255, 255, 255, 255,
};

/* cap_net_raw=ep, revision 2 */
static const unsigned char capability[] = {
	1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static void extended_attributes_are_kept(void **state)
{
	struct field *field = field_of(state);
	const char *file = field_path(field, "from/file");
	const char *dir = field_path(field, "from/dir");
	const char *link = field_path(field, "from/link");
	unsigned char found[64];

	field_file(field, "from/file", "text", 0640);
	field_dir(field, "from/dir", 0750);
	must(symlink("text", link));
	must(chown(file, 7, 7));
	must(setxattr(file, "security.capability", capability,
		      sizeof(capability), 0));
	must(setxattr(file, "system.posix_acl_access", acl, sizeof(acl), 0));
	must(setxattr(file, "trusted.it", "file", 4, 0));
	must(setxattr(file, "user.empty", "", 0, 0));
	must(setxattr(dir, "system.posix_acl_default", acl, sizeof(acl), 0));
	must(setxattr(dir, "user.it", "dir", 3, 0));
	must(lsetxattr(link, "trusted.it", "link", 4, 0));
	field_file(field, "from/dir/file", "text", 0666);
	field_copy(field);

	assert_string_equal(field->error, "");
	file = field_path(field, "to/file");
	dir = field_path(field, "to/dir");
	assert_int_equal(getxattr(file, "security.capability", found, 64), 20);
	assert_memory_equal(found, capability, 20);
	assert_int_equal(getxattr(file, "system.posix_acl_access", found, 64),
			 sizeof(acl));
	assert_memory_equal(found, acl, sizeof(acl));
	assert_int_equal(getxattr(dir, "system.posix_acl_default", found, 64),
			 sizeof(acl));
	assert_int_equal(field_stat(field, "to/file").st_mode & 07777, 0640);
	assert_int_equal(field_stat(field, "to/dir/file").st_mode & 07777,
			 0666);
	assert_string_equal(field_xattr(field, "to/file", "trusted.it"),
			    "file");
	assert_string_equal(field_xattr(field, "to/file", "user.empty"), "");
	assert_string_equal(field_xattr(field, "to/dir", "user.it"), "dir");
	assert_string_equal(field_xattr(field, "to/link", "trusted.it"),
			    "link");
}

static void large_attribute_is_kept(void **state)
{
	static char value[65536], found[65536];
	struct field *field = field_of(state);

	memset(value, 'v', sizeof(value));
	field_file(field, "from/file", "text", 0644);
	must(setxattr(field_path(field, "from/file"), "trusted.large", value,
		      sizeof(value), 0));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(getxattr(field_path(field, "to/file"),
				  "trusted.large", found, sizeof(found)),
			 sizeof(found));
	assert_memory_equal(found, value, sizeof(value));
}

static void holes_stay_holes(void **state)
{
	struct field *field = field_of(state);
	const off_t size = (off_t)1 << 33;
	struct stat st;

	field_file(field, "from/sparse", "start", 0644);
	field_file(field, "from/hole", "", 0644);
	{
		autoclose int fd = (int)must(open(field_path(field,
			"from/sparse"), O_WRONLY));

		must(pwrite(fd, "middle", 6, (off_t)1 << 32));
		must(ftruncate(fd, size));
		must(truncate(field_path(field, "from/hole"), size));
	}
	field_copy(field);

	assert_string_equal(field->error, "");
	st = field_stat(field, "to/sparse");
	assert_true(st.st_size == size);
	assert_int_equal(st.st_blocks,
			 field_stat(field, "from/sparse").st_blocks);
	assert_true(st.st_blocks <= 2 * 4096 / 512);
	assert_int_equal(field_stat(field, "to/hole").st_blocks, 0);
	{
		autoclose int fd = (int)must(open(field_path(field,
			"to/sparse"), O_RDONLY));
		char text[8] = "";

		must(pread(fd, text, 5, 0));
		assert_string_equal(text, "start");
		must(pread(fd, text, 6, (off_t)1 << 32));
		assert_string_equal(text, "middle");
	}
}

static void large_file_is_whole(void **state)
{
	static char block[300000], found[300000];
	struct field *field = field_of(state);
	autoclose int fd = -1, copy = -1;
	size_t i;

	for (i = 0; i < sizeof(block); i++)
		block[i] = (char)(i * 7 + i / 251);
	fd = (int)must(open(field_path(field, "from/large"),
			    O_WRONLY | O_CREAT, 0644));
	must(write(fd, block, sizeof(block)));
	field_copy(field);

	assert_string_equal(field->error, "");
	assert_int_equal(field_stat(field, "to/large").st_size, sizeof(block));
	copy = (int)must(open(field_path(field, "to/large"), O_RDONLY));
	must(read(copy, found, sizeof(found)));
	assert_memory_equal(found, block, sizeof(block));
}

static void hard_links_are_links_in_the_copy(void **state)
{
	struct field *field = field_of(state);
	struct stat one;

	field_dir(field, "from/a", 0755);
	field_dir(field, "from/b", 0755);
	field_file(field, "from/a/one", "text", 0644);
	must(link(field_path(field, "from/a/one"),
		  field_path(field, "from/b/two")));
	must(link(field_path(field, "from/a/one"),
		  field_path(field, "from/three")));
	must(symlink("text", field_path(field, "from/link")));
	must(link(field_path(field, "from/link"),
		  field_path(field, "from/b/link")));
	/* a name that is not in the tree counts, and is not there */
	field_file(field, "from/half", "half", 0644);
	must(link(field_path(field, "from/half"), field_path(field, "rest")));
	field_copy(field);

	assert_string_equal(field->error, "");
	one = field_stat(field, "to/a/one");
	assert_int_equal(one.st_nlink, 3);
	assert_int_equal(field_stat(field, "to/b/two").st_ino, one.st_ino);
	assert_int_equal(field_stat(field, "to/three").st_ino, one.st_ino);
	assert_int_equal(field_stat(field, "to/link").st_nlink, 2);
	assert_int_equal(field_stat(field, "to/half").st_nlink, 1);
	assert_string_equal(field_text(field, "to/half"), "half");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_and_directories_are_copied),
		TEST(modes_are_kept),
		TEST(owners_are_kept_of_links_too),
		TEST(symlinks_keep_their_text),
		TEST(devices_fifos_and_sockets_are_made_anew),
		TEST(times_are_kept_to_the_nanosecond),
		TEST(topmost_directory_keeps_its_own_but_for_the_mode),
		TEST(extended_attributes_are_kept),
		TEST(large_attribute_is_kept),
		TEST(holes_stay_holes),
		TEST(large_file_is_whole),
		TEST(hard_links_are_links_in_the_copy),
	};

	return cmocka_run_group_tests_name("copyup", tests, NULL, NULL);
}
