/* process_refusal: what execve(2) found wrong, and where */

#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_open, world_close)

static void binary(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	world_must(fd);
	world_must(write(fd, bytes, size));
	close(fd);
}

/* As little as the kernel needs to look for the loader. */
struct dynamic {
	Elf64_Ehdr head;
	Elf64_Phdr none;
	Elf64_Phdr loader;
	char name[32];
};

static const struct dynamic dynamic = {
	.head = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_DYN,
#if defined(__x86_64__)
		.e_machine = EM_X86_64,
#elif defined(__aarch64__)
		.e_machine = EM_AARCH64,
#endif
		.e_version = EV_CURRENT,
		.e_phoff = offsetof(struct dynamic, none),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	},
	.none = { .p_type = PT_NULL },
	.loader = {
		.p_type = PT_INTERP,
		.p_offset = offsetof(struct dynamic, name),
		.p_filesz = sizeof("/lib/ld-none.so.1"),
	},
	.name = "/lib/ld-none.so.1",
};

static void make_programs(void)
{
	struct dynamic other = dynamic;
	Elf32_Ehdr big = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32,
			     ELFDATA2MSB, EV_CURRENT },
		.e_machine = EM_S390 << 8,
	};
	char bytes[64] = { 0 };

	world_must(mkdir("/a", 0755));
	binary("/a/dynamic", &dynamic, sizeof(dynamic));
	other.head.e_machine = EM_RISCV;
	binary("/a/riscv", &other, sizeof(other));
	other.head.e_machine = 4711;
	binary("/a/strange", &other, sizeof(other));
	memcpy(bytes, &big, sizeof(big));
	binary("/a/big", bytes, sizeof(bytes));
	world_file("/a/script", "#! \t/a/dynamic -x\n", 0755);
	world_file("/a/dos", "#!/bin/show\r\n", 0755);
	world_file("/a/dosarg", "#!/bin/none -x\r\n", 0755);
	world_file("/a/plain", "#!/bin/show\n", 0644);
	world_file("/a/toplain", "#!/a/plain\n", 0755);
	world_file("/a/tofolder", "#!/a\n", 0755);
	world_file("/a/toriscv", "#!/a/riscv\n", 0755);
	world_file("/a/relative", "#!none/sh\n", 0755);
	world_file("/a/round", "#!/a/round\n", 0755);
	world_file("/a/empty", "", 0755);
	world_file("/a/nobody", "#!\n", 0755);
	world_file("/a/secret", "#!/bin/none\n", 0711);
	world_must(mkfifo("/a/fifo", 0777));
	world_file("/a/tofifo", "#!/a/fifo\n", 0755);
}

/* The sentence in between what all have. */
static void assert_refused(struct world *world, char *name, const char *why)
{
	char sentence[1024];

	world->before = world->before ? world->before : make_programs;
	world->process.args = (char *[]){ name, NULL };
	world_run(world);

	snprintf(sentence, sizeof(sentence), "cannot execute %s: execve: %s "
		 "(plan item /process/args/0)", name, why);
	assert_string_equal(world->error, sentence);
	assert_int_equal(world->status, EXIT_NOT_EXECUTABLE);
}

static void missing_loader_is_named(void **state)
{
	struct world *world = *state;

	assert_refused(world, "/a/dynamic", "No such file or directory; its "
		       "ELF loader /lib/ld-none.so.1 is not there");
}

static void loader_of_an_interpreter_is_named(void **state)
{
	struct world *world = *state;

	assert_refused(world, "/a/script", "No such file or directory; its "
		       "ELF loader /lib/ld-none.so.1 is not there");
}

static void carriage_return_is_noticed(void **state)
{
	struct world *world = *state;

	assert_refused(world, "/a/dos", "No such file or directory; its first "
		       "line ends with CR LF, so that the interpreter is "
		       "/bin/show and a CR");
	/* where it does no harm */
	assert_refused(world, "/a/dosarg", "No such file or directory; its "
		       "interpreter /bin/none is not there");
}

static void relative_names_begin_at_the_working_directory(void **state)
{
	struct world *world = *state;

	world->process.cwd = "/a";
	assert_refused(world, "./relative", "No such file or directory; its "
		       "interpreter none/sh is not there");
	assert_refused(world, "../a/dynamic", "No such file or directory; its "
		       "ELF loader /lib/ld-none.so.1 is not there");
}

static void interpreter_that_may_not_be_executed_is_named(void **state)
{
	struct world *world = *state;

	assert_refused(world, "/a/toplain", "Permission denied; its "
		       "interpreter /a/plain: nobody has execute permission");
	assert_refused(world, "/a/tofolder", "Permission denied; its "
		       "interpreter /a: it is not a regular file");
	assert_refused(world, "/a/tofifo", "Permission denied; its "
		       "interpreter /a/fifo: it is not a regular file");
}

static void forbid_exec(void)
{
	make_programs();
	world_must(mount("/bin", "/bin", NULL, MS_BIND, NULL));
	world_must(mount(NULL, "/bin", NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC,
			 NULL));
	world_file("/a/toshow", "#!/bin/show\n", 0755);
}

static void interpreter_on_a_mount_with_noexec_is_named(void **state)
{
	struct world *world = *state;

	world->before = forbid_exec;
	assert_refused(world, "/a/toshow", "Permission denied; its "
		       "interpreter /bin/show: it lies on a mount with noexec");
}

static void program_for_another_machine_is_told(void **state)
{
	struct world *world = *state;

	assert_refused(world, "/a/riscv", "Exec format error; it is a program "
		       "for riscv");
	assert_refused(world, "/a/big", "Exec format error; it is a program "
		       "for s390");
	assert_refused(world, "/a/strange", "Exec format error; it is a "
		       "program for machine 4711");
	assert_refused(world, "/a/toriscv", "Exec format error; its "
		       "interpreter /a/riscv: it is a program for riscv");
}

static void what_is_no_program_is_told(void **state)
{
	struct world *world = *state;

	assert_refused(world, "/a/empty", "Exec format error; it is neither a "
		       "program for this machine nor a script that starts "
		       "with #!");
	assert_refused(world, "/a/nobody", "Exec format error; it is neither "
		       "a program for this machine nor a script that starts "
		       "with #!");
	assert_refused(world, "/a/round", "Symbolic link loop; the "
		       "interpreters of scripts are scripts, too many times");
}

/* struct vfs_ns_cap_data: revision 2, effective; CAP_SYS_ADMIN, permitted */
static void make_capable(void)
{
	static const uint32_t data[5] = { 0x02000001, 1 << 21 };

	make_programs();
	world_must(rename("/bin/show", "/a/capable"));
	world_must(setxattr("/a/capable", "security.capability", data,
			    sizeof(data), 0));
}

static void capabilities_of_the_file_are_told(void **state)
{
	struct world *world = *state;

	world->before = make_capable;
	world->process.uid = 1000;
	assert_refused(world, "/a/capable", "Operation not permitted; it has "
		       "file capabilities that the bounding set lacks");
}

static void file_that_may_not_be_read_is_no_obstacle(void **state)
{
	struct world *world = *state;

	world->process.uid = 1000;
	assert_refused(world, "/a/secret", "No such file or directory; it is "
		       "there, but its interpreter or dynamic loader is not");
}

static void without_a_descriptor_it_is_told_as_far_as_known(void **state)
{
	struct resource_limit limit = { RLIMIT_NOFILE, 0, 0 };
	struct world *world = *state;

	world->process.limits = &limit;
	world->process.limit_count = 1;
	assert_refused(world, "/a/dynamic", "No such file or directory; it is "
		       "there, but its interpreter or dynamic loader is not");
}

static const struct CMUnitTest tests[] = {
	TEST(missing_loader_is_named),
	TEST(loader_of_an_interpreter_is_named),
	TEST(carriage_return_is_noticed),
	TEST(relative_names_begin_at_the_working_directory),
	TEST(interpreter_that_may_not_be_executed_is_named),
	TEST(interpreter_on_a_mount_with_noexec_is_named),
	TEST(program_for_another_machine_is_told),
	TEST(what_is_no_program_is_told),
	TEST(capabilities_of_the_file_are_told),
	TEST(file_that_may_not_be_read_is_no_obstacle),
	TEST(without_a_descriptor_it_is_told_as_far_as_known),
};

int main(void)
{
	return cmocka_run_group_tests_name("process_refusal", tests, NULL,
					   NULL);
}
