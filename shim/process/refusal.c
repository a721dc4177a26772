/* refusal: from the file to what it needs, until something is amiss */

#include "process/refusal.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fd.h"
#include "format.h"
#include "kernel/file.h"
#include "kernel/image.h"

/* As much of the first line as the kernel looks at: linux/binfmts.h */
#define HEAD 256

/* Scripts that are interpreters of scripts: so many, then ELOOP. */
#define DEEPEST 6

/* Headers of an ELF file that are looked at. */
#define MOST_HEADERS 64

/* One of the files, and what it is to the one before. */
struct link {
	const char *role;	/* NULL: the file itself */
	char path[PATH_MAX];
	struct stat file;
	unsigned char head[HEAD];
	size_t length;
};

/* A field of an ELF file, in its own order of bytes. */
static uint64_t number(const unsigned char *head, const unsigned char *at,
		       size_t size)
{
	bool big = head[EI_DATA] == ELFDATA2MSB;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < size; i++)
		value |= (uint64_t)at[i] << 8 * (big ? size - 1 - i : i);
	return value;
}

#define FIELD(head, at, wide, type, name) \
	((wide) ? number(head, (at) + offsetof(Elf64_##type, name), \
			 sizeof(((Elf64_##type *)0)->name)) : \
		  number(head, (at) + offsetof(Elf32_##type, name), \
			 sizeof(((Elf32_##type *)0)->name)))

/* The loader that the headers name, written to path.  false: they do not. */
static bool read_loader(int fd, const unsigned char *head, char *path)
{
	bool wide = head[EI_CLASS] == ELFCLASS64;
	uint64_t at = FIELD(head, head, wide, Ehdr, e_phoff);
	uint64_t count = FIELD(head, head, wide, Ehdr, e_phnum);
	size_t size = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	unsigned char header[sizeof(Elf64_Phdr)];
	ssize_t length;

	for (count = count < MOST_HEADERS ? count : MOST_HEADERS; count;
	     count--, at += size) {
		if (pread(fd, header, size, (off_t)at) != (ssize_t)size)
			return false;
		if (FIELD(head, header, wide, Phdr, p_type) != PT_INTERP)
			continue;
		length = pread(fd, path, PATH_MAX - 1, (off_t)
			       FIELD(head, header, wide, Phdr, p_offset));
		path[length < 0 ? 0 : length] = '\0';
		return *path == '/';
	}
	return false;
}

/* The word behind "#!", written to path.  false: there is none. */
static bool read_interpreter(const unsigned char *head, char *path)
{
	const char *word = (const char *)head + 2;
	size_t length;

	word += strspn(word, " \t");
	length = strcspn(word, " \t\n");
	memcpy(path, word, length);
	path[length] = '\0';
	return length;
}

static bool is_elf(const struct link *link)
{
	return link->length >= sizeof(Elf64_Ehdr) &&
	       memcmp(link->head, ELFMAG, SELFMAG) == 0;
}

/* Go on to what the file needs.  false: it needs nothing. */
static bool follow(struct link *link, int fd)
{
	if (link->head[0] == '#' && link->head[1] == '!') {
		link->role = "interpreter";
		return read_interpreter(link->head, link->path);
	}
	if (!is_elf(link))
		return false;
	link->role = "ELF loader";
	return read_loader(fd, link->head, link->path);
}

/* Machines that an image is likely to be for. */
static const struct {
	uint16_t number;
	char name[10];
} machines[] = {
	{ EM_386, "i386" },
	{ EM_ARM, "arm" },
	{ EM_X86_64, "x86-64" },
	{ EM_AARCH64, "aarch64" },
	{ EM_MIPS, "mips" },
	{ EM_PPC64, "ppc64" },
	{ EM_S390, "s390" },
	{ EM_RISCV, "riscv" },
	{ 258, "loongarch" },
};

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#define OWN_MACHINE EM_NONE
#endif

/* A hint of its own: in the room for an item, which is the plan's here. */
static void tell(const struct link *link, const char *what, const char *more,
		 struct failure *why)
{
	if (link->role)
		format_text(why->blamed, sizeof(why->blamed), "its %s %s: "
			    "%s%s", link->role, link->path, what, more);
	else
		format_text(why->blamed, sizeof(why->blamed), "%s%s", what,
			    more);
	why->hint = why->blamed;
}

static bool tell_absence(const struct link *link, struct failure *why)
{
	size_t length = strlen(link->path);

	/* of the file itself the error says so */
	if (!link->role)
		return true;
	if (link->path[length - 1] == '\r')
		format_text(why->blamed, sizeof(why->blamed), "its first line "
			    "ends with CR LF, so that the interpreter is "
			    "%.*s and a CR", (int)length - 1, link->path);
	else
		format_text(why->blamed, sizeof(why->blamed), "its %s %s is "
			    "not there", link->role, link->path);
	why->hint = why->blamed;
	return true;
}

static bool tell_machine(const struct link *link, struct failure *why)
{
	unsigned machine = (unsigned)FIELD(link->head, link->head, true, Ehdr,
					   e_machine);
	char other[16];
	size_t i;

	if (machine == OWN_MACHINE)
		return false;
	format_text(other, sizeof(other), "machine %u", machine);
	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].number == machine)
			memcpy(other, machines[i].name,
			       sizeof(machines[i].name));
	tell(link, "it is a program for ", other, why);
	return true;
}

/* What keeps the kernel from executing this very file. */
static bool tell_permission(const struct link *link, struct failure *why)
{
	struct statfs fs;

	if (!S_ISREG(link->file.st_mode))
		tell(link, "it is not a regular file", "", why);
	else if (!(link->file.st_mode & 0111))
		tell(link, "nobody has execute permission", "", why);
	else if (statfs(link->path, &fs) == 0 && (fs.f_flags & ST_NOEXEC))
		tell(link, "it lies on a mount with noexec", "", why);
	else
		return false;
	return true;
}

/* Open it, and read its head.  -1: this user may not. */
static int look_into(struct link *link, struct failure *why)
{
	autoclose int root = file_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY,
				       why);
	char cwd[PATH_MAX] = "", path[PATH_MAX];
	ssize_t length = -1;
	int fd;

	if (link->path[0] != '/' && !getcwd(cwd, sizeof(cwd)))
		return -1;
	format_text(path, sizeof(path), "%s/%s", cwd, link->path);
	fd = root < 0 ? -1 : image_open(root, path, why);
	if (fd >= 0)
		length = read(fd, link->head, HEAD - 1);
	link->length = length < 0 ? 0 : (size_t)length;
	link->head[link->length] = '\0';
	return fd;
}

/* Whether the cause was found, in this file or behind it. */
static bool search(struct link *link, int error, struct failure *why)
{
	int depth;

	for (depth = 0; depth < DEEPEST; depth++) {
		autoclose int fd = -1;

		if (file_stat(AT_FDCWD, link->path, &link->file, 0) < 0)
			return errno == ENOENT && tell_absence(link, why);
		if (error == EACCES && tell_permission(link, why))
			return true;
		fd = look_into(link, why);
		if (error == ENOEXEC && is_elf(link) && tell_machine(link, why))
			return true;
		if (!follow(link, fd))
			return false;
	}
	return false;
}

void refusal_explain(const char *path, int error, struct failure *why)
{
	struct link link = { .role = NULL };

	format_text(link.path, sizeof(link.path), "%s", path);
	if (search(&link, error, why))
		return;
	switch (error) {
	case EACCES:
		why->hint = "this user may not execute it, or its interpreter";
		break;
	case ENOENT:
		why->hint = "it is there, but its interpreter or dynamic "
			    "loader is not";
		break;
	case ENOEXEC:
		why->hint = "it is neither a program for this machine nor a "
			    "script that starts with #!";
		break;
	case EAGAIN:
		why->hint = "its user has more processes than RLIMIT_NPROC "
			    "allows";
		break;
	case ETXTBSY:
		why->hint = "somebody has it open for writing";
		break;
	case EPERM:
		if (getxattr(path, "security.capability", NULL, 0) > 0)
			why->hint = "it has file capabilities that the "
				    "bounding set lacks";
		break;
	case E2BIG:
		why->hint = "args and env take more than RLIMIT_STACK allows";
		break;
	case ELOOP:
		why->hint = "the interpreters of scripts are scripts, too many "
			    "times";
		break;
	}
}
