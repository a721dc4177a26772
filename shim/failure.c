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

/* A sentence that grows; what does not fit is left out. */
struct sentence {
	char *text;
	size_t size;
	size_t length;
};

static void say(struct sentence *to, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct sentence *to, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	to->length += format_text_list(to->text + to->length,
				       to->size - to->length, format, args);
	va_end(args);
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
	if (why->path && why->path[0])
		say(&to, " %s", why->path);
	if (why->operation)
		say(&to, ": %s", why->operation);
	if (why->error)
		say(&to, ": %s", strerror(why->error));
	if (why->kernel[0])
		say(&to, ": %s", why->kernel);
	if (why->detail[0])
		say(&to, ": %s", why->detail);
	if (why->hint)
		say(&to, "; %s", why->hint);
	if (failure_pointer(why, pointer, sizeof(pointer))[0])
		say(&to, " (plan item %s)", pointer);
	mend_cut(&to);
	return text;
}

/*
 * The errors that the shim's system calls give; the protocol has their names.
 * No pointers: each takes a relocation at start, and is larger than the text.
 */
static const struct {
	unsigned char error;
	char name[16];
} names[] = {
#define NAME(e) { e, #e }
	NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO),
	NAME(ENXIO), NAME(E2BIG), NAME(ENOEXEC), NAME(EBADF), NAME(ECHILD),
	NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(ENOTBLK),
	NAME(EBUSY), NAME(EEXIST), NAME(EXDEV), NAME(ENODEV), NAME(ENOTDIR),
	NAME(EISDIR), NAME(EINVAL), NAME(ENFILE), NAME(EMFILE), NAME(ENOTTY),
	NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS),
	NAME(EMLINK), NAME(EPIPE), NAME(EDOM), NAME(ERANGE), NAME(EDEADLK),
	NAME(ENAMETOOLONG), NAME(ENOLCK), NAME(ENOSYS), NAME(ENOTEMPTY),
	NAME(ELOOP), NAME(ENODATA), NAME(ETIME), NAME(EPROTO), NAME(EBADMSG),
	NAME(EOVERFLOW), NAME(EILSEQ), NAME(EUSERS), NAME(ENOTSOCK),
	NAME(EMSGSIZE), NAME(EPROTOTYPE), NAME(ENOPROTOOPT),
	NAME(EPROTONOSUPPORT), NAME(EOPNOTSUPP), NAME(EADDRINUSE),
	NAME(ENOBUFS), NAME(ECONNRESET), NAME(EISCONN), NAME(ENOTCONN),
	NAME(ETIMEDOUT), NAME(ECONNREFUSED), NAME(EALREADY), NAME(EINPROGRESS),
	NAME(ESTALE), NAME(EUCLEAN), NAME(EDQUOT), NAME(ENOMEDIUM),
	NAME(EMEDIUMTYPE), NAME(ECANCELED), NAME(ENOKEY), NAME(EKEYEXPIRED),
	NAME(EKEYREVOKED), NAME(EKEYREJECTED), NAME(ELIBBAD), NAME(EREMOTEIO),
#undef NAME
};

const char *errno_name(int error)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == error)
			return names[i].name;
	return "";
}
