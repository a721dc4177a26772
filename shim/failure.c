/* failure: one value that says why, and its one sentence */

#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "format.h"

void attempt(struct failure *why, const char *list, size_t index,
	     const char *step, const char *path)
{
	why->item = list;
	why->index = index;
	why->step = step;
	why->path = path;
	why->operation = NULL;
	why->error = 0;
	why->hint = NULL;
	why->kernel[0] = '\0';
	why->detail[0] = '\0';
}

int failed_as(struct failure *why, const char *operation, int error)
{
	why->operation = operation;
	why->error = error;
	why->detail[0] = '\0';
	return -1;
}

int failed(struct failure *why, const char *operation)
{
	return failed_as(why, operation, errno);
}

int refused(struct failure *why, const char *format, ...)
{
	va_list args;

	failed_as(why, NULL, 0);
	va_start(args, format);
	format_text_list(why->detail, sizeof(why->detail), format, args);
	va_end(args);
	return -1;
}

int explained(struct failure *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_text_list(why->detail, sizeof(why->detail), format, args);
	va_end(args);
	return -1;
}

int failed_because(struct failure *why, const char *operation,
		   const char *format, ...)
{
	va_list args;

	failed(why, operation);
	va_start(args, format);
	format_text_list(why->detail, sizeof(why->detail), format, args);
	va_end(args);
	return -1;
}

const char *failure_pointer(const struct failure *why, char *text, size_t size)
{
	if (!why->item)
		text[0] = '\0';
	else if (why->index == WHOLE)
		format_text(text, size, "%s", why->item);
	else
		format_text(text, size, "%s/%zu", why->item, why->index);
	return text;
}

/*
 * The errors that the shim's system calls give: for the protocol their names,
 * for people what libc says of them.  Numbers and words lie in two strings of
 * bytes, for a pointer in a table takes a relocation at start, which is larger
 * than most of the words.
 */
#define ERRORS(ERROR) \
	ERROR(EPERM, "Operation not permitted") \
	ERROR(ENOENT, "No such file or directory") \
	ERROR(ESRCH, "No such process") \
	ERROR(EINTR, "Interrupted system call") \
	ERROR(EIO, "I/O error") \
	ERROR(ENXIO, "No such device or address") \
	ERROR(E2BIG, "Argument list too long") \
	ERROR(ENOEXEC, "Exec format error") \
	ERROR(EBADF, "Bad file descriptor") \
	ERROR(ECHILD, "No child process") \
	ERROR(EAGAIN, "Resource temporarily unavailable") \
	ERROR(ENOMEM, "Out of memory") \
	ERROR(EACCES, "Permission denied") \
	ERROR(EFAULT, "Bad address") \
	ERROR(ENOTBLK, "Block device required") \
	ERROR(EBUSY, "Resource busy") \
	ERROR(EEXIST, "File exists") \
	ERROR(EXDEV, "Cross-device link") \
	ERROR(ENODEV, "No such device") \
	ERROR(ENOTDIR, "Not a directory") \
	ERROR(EISDIR, "Is a directory") \
	ERROR(EINVAL, "Invalid argument") \
	ERROR(ENFILE, "Too many open files in system") \
	ERROR(EMFILE, "No file descriptors available") \
	ERROR(ENOTTY, "Not a tty") \
	ERROR(ETXTBSY, "Text file busy") \
	ERROR(EFBIG, "File too large") \
	ERROR(ENOSPC, "No space left on device") \
	ERROR(ESPIPE, "Invalid seek") \
	ERROR(EROFS, "Read-only file system") \
	ERROR(EMLINK, "Too many links") \
	ERROR(EPIPE, "Broken pipe") \
	ERROR(ERANGE, "Result not representable") \
	ERROR(EDEADLK, "Resource deadlock would occur") \
	ERROR(ENAMETOOLONG, "Filename too long") \
	ERROR(ENOLCK, "No locks available") \
	ERROR(ENOSYS, "Function not implemented") \
	ERROR(ENOTEMPTY, "Directory not empty") \
	ERROR(ELOOP, "Symbolic link loop") \
	ERROR(ENODATA, "No data available") \
	ERROR(ETIME, "Device timeout") \
	ERROR(EPROTO, "Protocol error") \
	ERROR(EBADMSG, "Bad message") \
	ERROR(EOVERFLOW, "Value too large for data type") \
	ERROR(EUSERS, "Too many users") \
	ERROR(ENOTSOCK, "Not a socket") \
	ERROR(EMSGSIZE, "Message too large") \
	ERROR(EPROTONOSUPPORT, "Protocol not supported") \
	ERROR(EOPNOTSUPP, "Not supported") \
	ERROR(EADDRINUSE, "Address in use") \
	ERROR(ENETUNREACH, "Network unreachable") \
	ERROR(ENOBUFS, "No buffer space available") \
	ERROR(ECONNRESET, "Connection reset by peer") \
	ERROR(ENOTCONN, "Socket not connected") \
	ERROR(ETIMEDOUT, "Operation timed out") \
	ERROR(ECONNREFUSED, "Connection refused") \
	ERROR(EHOSTUNREACH, "Host is unreachable") \
	ERROR(EINPROGRESS, "Operation in progress") \
	ERROR(ESTALE, "Stale file handle") \
	ERROR(EUCLEAN, "Structure needs cleaning") \
	ERROR(EDQUOT, "Quota exceeded") \
	ERROR(ENOMEDIUM, "No medium found") \
	ERROR(EMEDIUMTYPE, "Wrong medium type") \
	ERROR(ECANCELED, "Operation canceled") \
	ERROR(ENOKEY, "Required key not available") \
	ERROR(EKEYEXPIRED, "Key has expired") \
	ERROR(EKEYREVOKED, "Key has been revoked") \
	ERROR(EKEYREJECTED, "Key was rejected by service") \
	ERROR(ELIBBAD, "Accessing a corrupted shared library") \
	ERROR(EREMOTEIO, "Remote I/O error")

#define NUMBER(error, text) error,
#define WORDS(error, text) #error "\0" text "\0"

static const unsigned char numbers[] = { ERRORS(NUMBER) };
static const char words[] = ERRORS(WORDS);

static const char *next_word(const char *word)
{
	return word + strlen(word) + 1;
}

const char *errno_name(int error)
{
	const char *name = words;
	size_t i;

	for (i = 0; i < sizeof(numbers) && numbers[i] != error; i++)
		name = next_word(next_word(name));
	return name;	/* behind the last one there is "" */
}

static const char *errno_text(int error)
{
	const char *name = errno_name(error);

	return name[0] ? next_word(name) : "an error without a name";
}

/* A sentence that grows; what does not fit is left out. */
struct sentence {
	char *text;
	size_t size;
	size_t length;
};

/* Say more of it, where there is more to say. */
static void say(struct sentence *to, const char *format, const char *text)
{
	if (!text || !text[0])
		return;
	to->length += format_text(to->text + to->length,
				  to->size - to->length, format, text);
	if (to->length >= to->size)
		to->length = to->size - 1;
}

/* Leave no half of a UTF-8 character at the end of a text that was cut. */
static void mend_cut(struct sentence *of)
{
	size_t end = of->length;

	if (of->length + 1 < of->size)
		return;
	while (end > 0 && ((unsigned char)of->text[end - 1] & 0xc0) == 0x80)
		end--;
	if (end > 0 && (unsigned char)of->text[end - 1] >= 0xc0)
		of->text[end - 1] = '\0';
}

const char *failure_sentence(const struct failure *why, char *text, size_t size)
{
	struct sentence to = { text, size, 0 };
	char pointer[640];

	say(&to, "cannot %s", why->step ? why->step : "go on");
	say(&to, " %s", why->path);
	say(&to, ": %s", why->operation);
	say(&to, ": %s", why->error ? errno_text(why->error) : NULL);
	say(&to, ": %s", why->kernel);
	say(&to, ": %s", why->detail);
	say(&to, "; %s", why->hint);
	say(&to, " (plan item %s)",
	    failure_pointer(why, pointer, sizeof(pointer)));
	mend_cut(&to);
	return text;
}
